#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_WORDS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "council/common/v1/council.pb.h"
#include "council/ledger/v1/ledger.pb.h"

// Words and figures that several of advice's sentences take; the sentences stand in libs/words.
namespace council::recommendations {

// "once", "twice", "three times" … "13 times".
std::string Times(int64_t count);

// "none", "one", "two" … "twelve", "13".
std::string NumberText(size_t number);

// Whole days, at least one.
int64_t WholeDays(double days);

// "since May", and with the year where that was eleven months ago or more: "since May 2025".
std::string SinceMonth(absl::Time time, absl::Time now, absl::TimeZone zone);

// "12 May", with the year where it is another one than today's.
std::string DayText(absl::CivilDay day, absl::CivilDay today);

// "a mentor", "an informant" …; empty for UNSPECIFIED.
std::string RoleText(common::v1::CouncilRole role);

// What a side of life is, as in "talks about …": "work", "sport, health or the outdoors" …
std::string DomainText(size_t domain);

// The word by which sentences choose what passed: "advice", "introduction" …; "help" for UNSPECIFIED, of several kinds.
absl::string_view KindWord(ledger::v1::BenefitKind kind);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_WORDS_H_
