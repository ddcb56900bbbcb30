#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_EXPLAIN_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_EXPLAIN_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/council_reader.h"
#include "services/recommendations/ledger_client.h"

namespace council::recommendations {

// Answers ExplainBalance at the moment `now` under `model`: the component, and the entries behind it. Fails with
// INVALID_ARGUMENT for a component that there is not, a moment to come or a page size out of range, and as the readers
// do.
absl::StatusOr<v1::ExplainBalanceResponse> ExplainBalance(const rpc::CallContext& call,
                                                          const v1::ExplainBalanceRequest& request,
                                                          CouncilReader& council, LedgerClient& ledger, absl::Time now,
                                                          const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_EXPLAIN_METHOD_H_
