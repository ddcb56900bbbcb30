#include "clients/cli/discretion.h"

#include <algorithm>
#include <array>
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

bool IsOfHiddenKind(const nlohmann::ordered_json& object) {
  const auto member = object.find("kind");
  if (member == object.end() || !member->is_string()) return false;
  const std::string& kind = member->get_ref<const std::string&>();
  recommendations::v1::RecommendationKind step = {};
  return kind == "TALKING_POINT_KIND_LAST_TIME" ||
         (recommendations::v1::RecommendationKind_Parse(kind, &step) && IsAboutEnergy(step));
}

// What hindsight and a review say of steps, and of their kinds, says in a member which they are.
bool IsHiddenElement(const nlohmann::ordered_json& element) {
  if (!element.is_object()) return false;
  if (IsOfHiddenKind(element)) return true;
  for (const char* member : {"recommendation", "answers"}) {
    const auto about = element.find(member);
    if (about != element.end() && about->is_object() && IsOfHiddenKind(*about)) return true;
  }
  return false;
}

}  // namespace

std::string ScoresHiddenText(const std::string& command) {
  return absl::StrCat("Scores are hidden, since others may see the screen; council ", command,
                      " --no-discreet shows them.");
}

bool IsAboutEnergy(recommendations::v1::RecommendationKind kind) {
  return kind == recommendations::v1::RECOMMENDATION_KIND_REST;
}

bool IsHiddenMember(std::string_view name) {
  return std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end();
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
