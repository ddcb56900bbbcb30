#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_HISTORY_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_HISTORY_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/base/clock.h"
#include "libs/rpc/call.h"
#include "services/recommendations/balance_computer.h"
#include "services/recommendations/recommendations_store.h"

namespace council::recommendations {

// A balance a day, kept as it was seen. Days are UTC.
//
// Each balance that is computed becomes its day's point, the last of the day stays. A day on which nobody asked gets
// its point when the history is read: the balance at its end, from what had occurred by then, as known when it is
// filled in. Days on which nobody had a seat have none. Thread-safe.
class BalanceHistory {
 public:
  // All must outlive this.
  BalanceHistory(BalanceComputer& computer, RecommendationsStore& store, const base::Clock& clock)
      : computer_(computer), store_(store), clock_(clock) {}

  // Keeps a balance as of now as the point of its day. A failure costs no more than that the day is filled in later,
  // and is logged.
  void Record(const rpc::CallContext& call, const v1::CouncilBalance& balance);

  // The points from `first` up to and with `last`, in order, those of missing days filled in and kept; today's is
  // computed anew. Days after today have none. Where the caller's time does not suffice to fill in all it fails with
  // RESOURCE_EXHAUSTED and RetryInfo, and what was filled in is kept for the next try.
  absl::StatusOr<std::vector<v1::BalancePoint>> Points(const rpc::CallContext& call, absl::CivilDay first,
                                                       absl::CivilDay last);
  // The same of single days, by day.
  absl::StatusOr<std::map<std::string, v1::BalancePoint>> PointsOf(const rpc::CallContext& call,
                                                                   const std::set<absl::CivilDay>& days);

 private:
  absl::CivilDay Today() const;

  BalanceComputer& computer_;
  RecommendationsStore& store_;
  const base::Clock& clock_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_HISTORY_H_
