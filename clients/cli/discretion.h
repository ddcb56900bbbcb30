#ifndef COUNCIL_CLIENTS_CLI_DISCRETION_H_
#define COUNCIL_CLIENTS_CLI_DISCRETION_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "clients/cli/session.h"
#include "clients/cli/steps.h"
#include "council/recommendations/v1/recommendations.pb.h"

// What stays off a screen that others may see: notes, how one felt, scores (--discreet, or the setting).
namespace council::cli {

// Stands where a note is hidden.
inline constexpr char kHiddenText[] = "(note hidden)";

// For a command that is about scores alone: where they are hidden, says so and how `command` shows them, and returns
// true. JSON is left to HideInJson.
bool SaysScoresAreHidden(const std::string& command, const Session& session);

// Whether a step says by its very subject how one feels about somebody.
bool IsAboutEnergy(const recommendations::v1::Recommendation& step);

// Whether HideInJson takes members of this name away.
bool IsHiddenMember(std::string_view name);

// Takes away what a step is said to gain, and its reason, which may tell how one feels about somebody.
void KeepDiscreet(Step& step);

// Takes the members of JSON objects away, at any depth, that hold notes, energies, scores and sentences about them, and
// list elements that are about nothing else.
void HideInJson(nlohmann::ordered_json& document);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_DISCRETION_H_
