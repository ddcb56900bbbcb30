#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSE_FROM_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSE_FROM_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/network_snapshot.h"

namespace council::recommendations {

// The best council that `network` has at `as_of` for `request`, which must have passed CheckProposal. Fails as
// CandidatesOf does. Takes some tenths of a second at most.
absl::StatusOr<v1::ProposeCouncilResponse> ProposeFrom(const v1::ProposeCouncilRequest& request,
                                                       const NetworkSnapshot& network, absl::Time as_of,
                                                       const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSE_FROM_H_
