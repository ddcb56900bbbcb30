#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RHYTHM_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RHYTHM_H_

#include <optional>
#include <span>

#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"

// What past talks show of a tie's rhythm.
namespace council::recommendations {

// The cadence that stands in where none was set: the median gap between `days` (since 1970-01-01, ascending, each
// once), 7 to 180 days; nothing with fewer than three gaps.
std::optional<absl::Duration> InferCadence(std::span<const int> days);

// Minutes of a talk of which nothing is known.
inline constexpr int kDefaultMinutes = 30;

// Minutes that talks with a contact usually take, 15 to 120 in steps of 5; kDefaultMinutes where the entries do not
// tell. The same however much time has passed.
int UsualMinutes(const ledger::v1::Tie& tie);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RHYTHM_H_
