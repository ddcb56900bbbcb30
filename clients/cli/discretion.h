#ifndef COUNCIL_CLIENTS_CLI_DISCRETION_H_
#define COUNCIL_CLIENTS_CLI_DISCRETION_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "council/recommendations/v1/recommendations.pb.h"

// What stays off a screen that others may see: notes, how one felt, scores. Session::discreet() says whether they may.
namespace council::cli {

// Stands where a note is hidden.
inline constexpr char kHiddenText[] = "(note hidden)";

// Stands where scores are hidden: says so, and how `command` shows them.
std::string ScoresHiddenText(const std::string& command);

// Whether steps of a kind say by their very subject how one feels about somebody.
bool IsAboutEnergy(recommendations::v1::RecommendationKind kind);

// Whether HideInJson takes members of this name away.
bool IsHiddenMember(std::string_view name);

// Takes the members of JSON objects away, at any depth, that hold notes, energies, scores and sentences about them, and
// list elements that are about nothing else, or about a step that IsAboutEnergy().
void HideInJson(nlohmann::ordered_json& document);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_DISCRETION_H_
