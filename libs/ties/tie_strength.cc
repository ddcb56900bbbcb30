#include "libs/ties/tie_strength.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/time/time.h"

namespace council::ties {
namespace {

// After how many days a further active day is mostly an occasion of its own.
constexpr double kOccasionDays = 7;
// Lent to every tie's span, so that two talks in a week make no weekly rhythm yet.
constexpr double kLentDays = 60;
// By when half of what was lately is forgotten, and what stands in for a tie of which all is.
constexpr double kLatelyDays = 30;
constexpr double kLeastLately = 0.01;
// An entry has at most 100 contacts.
constexpr double kLeastAttention = 0.01;
// Beyond this the probability is 0 or 1 in a double.
constexpr double kMostLogit = 30;

}  // namespace

std::int64_t DayNumber(absl::Time time) {
  // Of an infinite time too, whose civil days have no difference.
  return absl::ToInt64Hours(absl::Floor(time - absl::UnixEpoch(), absl::Hours(24))) / 24;
}

const StrengthModel& ShippedStrengthModel() {
  static const StrengthModel* const kModel =
      new StrengthModel{.version = "shipped-1", .coefficients = {1.055, 0.570, 0.684, 0}, .intercept = -0.304};
  return *kModel;
}

std::optional<StrengthFeatures> StrengthFeaturesOf(const ledger::v1::Tie& tie, absl::Time as_of) {
  const std::int64_t today = DayNumber(as_of);
  double occasions = 0;
  double attention = 0;
  double lately = kLeastLately;
  int active_days = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (const ledger::v1::TieDay& day : tie.days()) {
    if (day.day() > today) break;
    if (day.entries() <= 0) continue;
    if (active_days == 0) {
      first = day.day();
      occasions = 1;
    } else {
      occasions -= std::expm1(-static_cast<double>(day.day() - last) / kOccasionDays);
    }
    // A maximum that NaN does not pass.
    attention +=
        std::cbrt(std::max(kLeastAttention, std::min(day.parted_entries(), static_cast<double>(day.entries()))));
    lately += std::exp2(-static_cast<double>(today - day.day()) / kLatelyDays);
    last = day.day();
    ++active_days;
  }
  if (active_days == 0) return std::nullopt;
  const double usual_gap = (static_cast<double>(last - first) + kLentDays) / active_days;
  const double silence = static_cast<double>(today - last) / usual_gap;
  return StrengthFeatures{std::log(occasions), std::log(attention), -std::sqrt(silence), std::log(lately)};
}

double StrengthOf(const StrengthFeatures& features, const StrengthModel& model) {
  double logit = model.intercept;
  for (std::size_t i = 0; i < features.size(); ++i) logit += model.coefficients[i] * features[i];
  return 1 / (1 + std::exp(-std::clamp(logit, -kMostLogit, kMostLogit)));
}

std::optional<double> TieStrength(const ledger::v1::Tie& tie, absl::Time as_of, const StrengthModel& model) {
  const std::optional<StrengthFeatures> features = StrengthFeaturesOf(tie, as_of);
  if (!features.has_value()) return std::nullopt;
  return StrengthOf(*features, model);
}

}  // namespace council::ties
