#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"

namespace council::recommendations {

// Answers ListCheckIns at the moment `now`. Fails with INVALID_ARGUMENT for an end or a number out of range, and as the
// clients do.
absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const rpc::CallContext& call,
                                                      const v1::ListCheckInsRequest& request, ContactsClient& contacts,
                                                      LedgerClient& ledger, absl::Time now);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_METHOD_H_
