#include "services/recommendations/advice_words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/time/civil_time.h"
#include "libs/words/language.h"

namespace council::recommendations {

using words::As;
using words::Say;

std::string Times(int64_t count) {
  return Say<"times">(As<"count">(count));
}

std::string NumberText(size_t number) {
  return Say<"number">(As<"number">(number));
}

int64_t WholeDays(double days) {
  return static_cast<int64_t>(std::max(1.0, std::floor(days)));
}

std::string SinceMonth(absl::Time time, absl::Time now, absl::TimeZone zone) {
  constexpr int kMonthsWithoutYear = 11;
  const absl::CivilDay day = absl::ToCivilDay(time, zone);
  const bool recent = absl::ToCivilMonth(now, zone) - absl::CivilMonth(day) < kMonthsWithoutYear;
  return recent ? Say<"since.month">(As<"month">(day)) : Say<"since.year">(As<"month">(day));
}

std::string DayText(absl::CivilDay day, absl::CivilDay today) {
  return day.year() == today.year() ? Say<"day.of_month">(As<"day">(day)) : Say<"day.date">(As<"day">(day));
}

std::string RoleText(common::v1::CouncilRole role) {
  static constexpr std::array<absl::string_view, 7> kRoles = {
      "", "energizer", "informant", "supporter", "brainstormer", "mentor", "sponsor"};
  const auto index = static_cast<size_t>(role);
  return index == 0 || index >= kRoles.size() ? "" : Say<"role">(As<"role">(kRoles[index]));
}

std::string DomainText(size_t domain) {
  static constexpr std::array<absl::string_view, 5> kDomains = {"career", "physical", "mental", "emotional", "social"};
  return Say<"side_of_life">(As<"side">(kDomains[std::min(domain, kDomains.size() - 1)]));
}

absl::string_view KindWord(ledger::v1::BenefitKind kind) {
  static constexpr std::array<absl::string_view, 8> kKinds = {"help",         "advice",  "feedback",    "information",
                                                              "introduction", "support", "sponsorship", "brainstorm"};
  const auto index = static_cast<size_t>(std::max(0, static_cast<int>(kind)));
  return kKinds[index < kKinds.size() ? index : 0];
}

}  // namespace council::recommendations
