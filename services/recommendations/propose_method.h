#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSE_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSE_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/network_reader.h"

namespace council::recommendations {

// Answers ProposeCouncil at the moment `now` under `model`, from the caller's network. Fails with INVALID_ARGUMENT
// naming each wrong field (see CheckProposal and CandidatesOf), and as the reader does.
absl::StatusOr<v1::ProposeCouncilResponse> ProposeCouncil(const rpc::CallContext& call,
                                                          const v1::ProposeCouncilRequest& request,
                                                          NetworkReader& network, absl::Time now,
                                                          const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSE_METHOD_H_
