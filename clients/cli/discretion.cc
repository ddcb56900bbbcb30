#include "clients/cli/discretion.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace council::cli {
namespace {

// In the JSON of the contract's messages.
constexpr auto kHidden = std::to_array<std::string_view>(
    {// Notes.
     "note", "notes",
     // How one felt.
     "energy", "energizing", "draining", "energyEntries", "energySum", "energyCoverage",
     // Scores and what they are made of.
     "score", "structure", "practice", "confidence", "components", "component", "componentValues", "componentBefore",
     "componentAfter", "practiceRecorded", "value", "coverage", "change", "weight", "expectedGain", "actualGain",
     "meanExpectedGain", "meanActualGain", "meanGainNotFollowed", "contribution", "worth", "strength",
     "earlierStrength", "strengthBefore", "strengthAfter", "expectedFadedTies", "balance", "balanceBefore", "before",
     "after", "current",
     // Sentences with their figures.
     "reason", "explanation",
     // Kept cards may hold notes.
     "vcardProperties", "evidenceCount", "examinedEntries"});

bool IsHiddenElement(const nlohmann::ordered_json& element) {
  if (!element.is_object()) return false;
  const auto kind = element.find("kind");
  return kind != element.end() && (*kind == "TALKING_POINT_KIND_LAST_TIME" || *kind == "RECOMMENDATION_KIND_REST");
}

}  // namespace

bool SaysScoresAreHidden(const std::string& command, const Session& session) {
  if (!session.discreet() || session.json()) return false;
  session.out() << "Scores are hidden, since others may see the screen; council " << command
                << " --no-discreet shows them.\n";
  return true;
}

bool IsAboutEnergy(const recommendations::v1::Recommendation& step) {
  return step.kind() == recommendations::v1::RECOMMENDATION_KIND_REST;
}

bool IsHiddenMember(std::string_view name) {
  return std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end();
}

void KeepDiscreet(Step& step) {
  step.gain.reset();
  step.reason.clear();
}

void HideInJson(nlohmann::ordered_json& document) {
  if (document.is_object()) {
    for (const std::string_view name : kHidden) document.erase(std::string(name));
  } else if (document.is_array()) {
    nlohmann::ordered_json kept = nlohmann::ordered_json::array();
    for (nlohmann::ordered_json& element : document) {
      if (!IsHiddenElement(element)) kept.push_back(std::move(element));
    }
    document = std::move(kept);
  }
  if (document.is_structured()) {
    for (auto& element : document) HideInJson(element);
  }
}

}  // namespace council::cli
