#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_SIMULATE_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_SIMULATE_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/network_reader.h"

namespace council::recommendations {

// Answers SimulateCouncil at the moment `now`: reads the caller's network, tries the changes on it and computes both
// balances under `model`. Fails with INVALID_ARGUMENT naming each change that can't be tried (an unknown contact, a
// seat for one who can have none, an entry that does not exist or was corrected, a value out of range), and as the
// clients do.
absl::StatusOr<v1::SimulateCouncilResponse> SimulateCouncil(const rpc::CallContext& call,
                                                            const v1::SimulateCouncilRequest& request,
                                                            NetworkReader& network, LedgerClient& ledger,
                                                            absl::Time now, const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_SIMULATE_METHOD_H_
