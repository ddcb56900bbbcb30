#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_DAY_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_DAY_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace council::recommendations {

// The moment as of which a past day's balance is: the last one of the day, UTC.
inline absl::Time EndOfBalanceDay(absl::CivilDay day) {
  return absl::FromCivil(day + 1, absl::UTCTimeZone()) - absl::Microseconds(1);
}

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_DAY_H_
