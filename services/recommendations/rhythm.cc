#include "services/recommendations/rhythm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace council::recommendations {
namespace {

constexpr size_t kGapsToInferFrom = 3;
constexpr int kShortestDays = 7;
constexpr int kLongestDays = 180;

constexpr double kShortestMinutes = 15;
constexpr double kLongestMinutes = 120;
constexpr double kMinuteStep = 5;
constexpr double kMinutesAnHour = 60;
// Entries without a depth bring time too, and are not among the decayed counts: with many of them the mean is off.
constexpr double kShareWithDepth = 0.9;

}  // namespace

std::optional<absl::Duration> InferCadence(std::span<const int> days) {
  std::vector<int> gaps;
  for (size_t i = 1; i < days.size(); ++i) gaps.push_back(days[i] - days[i - 1]);
  if (gaps.size() < kGapsToInferFrom) return std::nullopt;
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return absl::Hours(24) * std::clamp(*middle, kShortestDays, kLongestDays);
}

int UsualMinutes(const ledger::v1::Tie& tie) {
  double hours = 0;
  for (const ledger::v1::TieHours& of_domain : tie.hours()) hours += of_domain.hours();
  const double talks = tie.updates() + tie.conversations() + tie.counsels();
  const bool tells = hours > 0 && talks > 0 && tie.depth_coverage() >= kShareWithDepth * tie.any_coverage();
  const double minutes = tells ? kMinutesAnHour * hours / talks : kDefaultMinutes;
  if (!std::isfinite(minutes)) return kDefaultMinutes;
  return static_cast<int>(kMinuteStep *
                          std::round(std::clamp(minutes, kShortestMinutes, kLongestMinutes) / kMinuteStep));
}

}  // namespace council::recommendations
