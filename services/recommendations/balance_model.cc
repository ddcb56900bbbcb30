#include "services/recommendations/balance_model.h"

#include <sodium.h>

#include <cmath>
#include <numeric>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/base/status.h"

namespace council::recommendations {
namespace {

constexpr std::array<absl::string_view, kComponents> kNames = {
    "size", "roles", "diversity", "energy", "reciprocity", "depth", "vitality", "engagement", "reach"};
constexpr int kLargestCouncil = 150;
constexpr size_t kDigestBytes = 16;

}  // namespace

absl::string_view ComponentName(Component component) {
  return kNames[component];
}

absl::Status Validate(const BalanceModel& model) {
  base::FieldViolations violations;
  bool weights_hold = true;
  for (size_t i = 0; i < kComponents; ++i) {
    const double weight = model.weights[i];
    if (weight >= 0 && weight <= 100) continue;  // false for NaN too
    violations.Add(absl::StrCat("weights.", kNames[i]), "must be between 0 and 100");
    weights_hold = false;
  }
  if (weights_hold) {
    const auto practice_begin = model.weights.begin() + kStructureComponents;
    const double structure = std::accumulate(model.weights.begin(), practice_begin, 0.0);
    const double practice = std::accumulate(practice_begin, model.weights.end(), 0.0);
    if (std::abs(structure + practice - 100) > 1e-6) violations.Add("weights", "must sum to 100");
    if (structure <= 0) violations.Add("weights", "size, roles and diversity must weigh something together");
    if (practice <= 0) violations.Add("weights", "the six components of practice must weigh something together");
  }
  if (model.size_low < 1) violations.Add("size_low", "must be at least 1");
  if (model.size_high < model.size_low) violations.Add("size_high", "must be at least size_low");
  if (model.size_high > kLargestCouncil) violations.Add("size_high", absl::StrCat("must be at most ", kLargestCouncil));
  if (!(model.career_low > 0)) violations.Add("career_low", "must be more than 0");
  if (!(model.career_high >= model.career_low)) violations.Add("career_high", "must be at least career_low");
  if (!(model.career_high < 1)) violations.Add("career_high", "must be less than 1");
  return violations.ToStatus();
}

std::string Digest(const BalanceModel& model) {
  // %a writes every bit of a number, in one way.
  std::string settings = absl::StrFormat("%d", kBalanceModelVersion);
  for (const double weight : model.weights) absl::StrAppendFormat(&settings, " %a", weight);
  absl::StrAppendFormat(&settings, " %d %d %a %a", model.size_low, model.size_high, model.career_low,
                        model.career_high);
  unsigned char hash[kDigestBytes];
  crypto_generichash(hash, sizeof(hash), reinterpret_cast<const unsigned char*>(settings.data()), settings.size(),
                     nullptr, 0);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), sizeof(hash)));
}

}  // namespace council::recommendations
