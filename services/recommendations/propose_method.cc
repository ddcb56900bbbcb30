#include "services/recommendations/propose_method.h"

#include <string>
#include <vector>

#include "libs/base/status.h"
#include "services/recommendations/proposal_candidates.h"
#include "services/recommendations/propose_from.h"

namespace council::recommendations {

absl::StatusOr<v1::ProposeCouncilResponse> ProposeCouncil(const rpc::CallContext& call,
                                                          const v1::ProposeCouncilRequest& request,
                                                          NetworkReader& network, absl::Time now,
                                                          const BalanceModel& model) {
  COUNCIL_RETURN_IF_ERROR(CheckProposal(request));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const NetworkSnapshot snapshot, network.Read(call, tokens));
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
  return ProposeFrom(request, snapshot, now, model);
}

}  // namespace council::recommendations
