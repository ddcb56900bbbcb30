#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_WORDS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "council/common/v1/council.pb.h"
#include "council/ledger/v1/ledger.pb.h"

// The words that advice is given in: plain, kind, factual.
namespace council::recommendations {

// "once", "twice", "three times" … "13 times".
std::string Times(int64_t count);

// "1 day", "30 days": whole days, at least one.
std::string DaysText(double days);

// "since May", and with the year where that was eleven months ago or more: "since May 2025".
std::string SinceMonth(absl::Time time, absl::Time now, absl::TimeZone zone);

// "Rosa", "Rosa and Tom", "Rosa, Tom and Ann".
std::string Listed(const std::vector<std::string>& names);

// "a mentor", "an informant" …; empty for UNSPECIFIED.
std::string RoleText(common::v1::CouncilRole role);

// What a side of life is, as in "talks about …": "work", "sport, health or the outdoors" …
absl::string_view DomainText(size_t domain);

// What `name` did for the owner, and the owner for `name`: "Rosa advised you", "You advised Rosa". UNSPECIFIED, for
// several kinds: "Rosa helped you".
std::string Received(absl::string_view name, ledger::v1::BenefitKind kind);
std::string Given(absl::string_view name, ledger::v1::BenefitKind kind);

// What somebody has who gives much of a kind: "good advice", "useful news" …
absl::string_view GoodText(ledger::v1::BenefitKind kind);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_WORDS_H_
