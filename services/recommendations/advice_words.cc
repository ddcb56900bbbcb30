#include "services/recommendations/advice_words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"

namespace council::recommendations {
namespace {

struct BenefitWords {
  // Behind the name of who gave, and between "You" and the name of who was given to.
  absl::string_view received;
  absl::string_view given_before;
  absl::string_view given_after;
  absl::string_view good;
};

constexpr std::array<BenefitWords, 8> kBenefits = {{
    {"helped you", "helped", "", "a helping hand"},
    {"advised you", "advised", "", "good advice"},
    {"gave you feedback", "gave", " feedback", "candid feedback"},
    {"kept you informed", "kept", " informed", "useful news"},
    {"introduced you to others", "introduced", " to others", "introductions"},
    {"supported you", "supported", "", "support"},
    {"spoke up for you", "spoke up for", "", "a good word where it counts"},
    {"thought things through with you", "thought things through with", "", "ideas"},
}};

const BenefitWords& WordsOf(ledger::v1::BenefitKind kind) {
  const auto index = static_cast<size_t>(std::max(0, static_cast<int>(kind)));
  return kBenefits[index < kBenefits.size() ? index : 0];
}

}  // namespace

std::string Times(int64_t count) {
  static constexpr std::array<absl::string_view, 13> kWords = {
      "never",       "once",        "twice",      "three times", "four times",   "five times",  "six times",
      "seven times", "eight times", "nine times", "ten times",   "eleven times", "twelve times"};
  if (count >= 0 && count < static_cast<int64_t>(kWords.size())) return std::string(kWords[static_cast<size_t>(count)]);
  return absl::StrCat(count, " times");
}

std::string DaysText(double days) {
  const auto whole = static_cast<int64_t>(std::max(1.0, std::floor(days)));
  return absl::StrCat(whole, whole == 1 ? " day" : " days");
}

std::string SinceMonth(absl::Time time, absl::Time now, absl::TimeZone zone) {
  constexpr int kMonthsWithoutYear = 11;
  const absl::CivilMonth month(absl::ToCivilDay(time, zone));
  const absl::CivilMonth this_month(absl::ToCivilDay(now, zone));
  return absl::FormatTime(this_month - month < kMonthsWithoutYear ? "since %B" : "since %B %Y", time, zone);
}

std::string Listed(const std::vector<std::string>& names) {
  if (names.size() < 2) return names.empty() ? "" : names.front();
  return absl::StrCat(absl::StrJoin(names.begin(), names.end() - 1, ", "), " and ", names.back());
}

std::string RoleText(common::v1::CouncilRole role) {
  switch (role) {
    case common::v1::COUNCIL_ROLE_ENERGIZER:
      return "an energizer";
    case common::v1::COUNCIL_ROLE_INFORMANT:
      return "an informant";
    case common::v1::COUNCIL_ROLE_SUPPORTER:
      return "a supporter";
    case common::v1::COUNCIL_ROLE_BRAINSTORMER:
      return "a brainstormer";
    case common::v1::COUNCIL_ROLE_MENTOR:
      return "a mentor";
    case common::v1::COUNCIL_ROLE_SPONSOR:
      return "a sponsor";
    default:
      return "";
  }
}

absl::string_view DomainText(size_t domain) {
  static constexpr std::array<absl::string_view, 5> kDomains = {
      "work", "sport, health or the outdoors", "learning, books or the arts", "family, close friends or what matters",
      "neighbours, clubs or company"};
  return kDomains[std::min(domain, kDomains.size() - 1)];
}

std::string Received(absl::string_view name, ledger::v1::BenefitKind kind) {
  return absl::StrCat(name, " ", WordsOf(kind).received);
}

std::string Given(absl::string_view name, ledger::v1::BenefitKind kind) {
  const BenefitWords& words = WordsOf(kind);
  return absl::StrCat("You ", words.given_before, " ", name, words.given_after);
}

absl::string_view GoodText(ledger::v1::BenefitKind kind) {
  return WordsOf(kind).good;
}

}  // namespace council::recommendations
