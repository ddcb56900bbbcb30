#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_H_

#include <span>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::recommendations {

// What check-ins are proposed for.
struct CheckInQuery {
  absl::Time now;
  // The owner's, in which days are.
  absl::TimeZone zone;
  // The last day that is asked for.
  absl::CivilDay last;
  // How many a week, Monday to Sunday; 1 or more.
  int per_week = 3;
};

// The next talk with each seat, by its rhythm, spread over the weeks: in order of days, then of contact ids.
//
// A talk is due a cadence after the last entry of any kind, or after the first seating where there is none, and where
// the longest gap in force is shorter, after that; a coming meeting stands for a talk, and someone PAUSED is left alone
// until their day. Where no cadence was set, the median of the past gaps between days with entries stands in, of three
// or more, 7 to 180 days; without those 30 days. A week that is full passes those on who can best wait: first served is
// who would be past their longest gap by its end, the soonest first, then who has waited for more of their cadence.
// What was due this week and has taken place counts in it, so that asking again brings no more. `ties` need their days.
std::vector<v1::CheckIn> ProposeCheckIns(const contacts::v1::GetCouncilResponse& council,
                                         std::span<const ledger::v1::Tie> ties, std::span<const ledger::v1::Plan> plans,
                                         const CheckInQuery& query);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_H_
