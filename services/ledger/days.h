#ifndef COUNCIL_SERVICES_LEDGER_DAYS_H_
#define COUNCIL_SERVICES_LEDGER_DAYS_H_

#include <cstdint>
#include <limits>

#include "absl/time/time.h"

namespace council::ledger {

// Day since 1970-01-01, UTC, that a time lies on; the least and greatest numbers for the infinite past and future.
inline std::int64_t DayOfTime(absl::Time time) {
  if (time == absl::InfinitePast()) return std::numeric_limits<std::int64_t>::min();
  if (time == absl::InfiniteFuture()) return std::numeric_limits<std::int64_t>::max();
  return absl::ToInt64Hours(absl::Floor(time - absl::UnixEpoch(), absl::Hours(24))) / 24;
}

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_DAYS_H_
