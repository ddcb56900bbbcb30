#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PERSON_SUMMARY_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PERSON_SUMMARY_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"

namespace council::recommendations {

// Answers GetPersonSummary at the moment `now`; of somebody who IsOffCouncil with what was, and nothing that is to
// come. Fails with INVALID_ARGUMENT for a number out of range, with NOT_FOUND where the caller
// has no such contact, and as the clients do.
absl::StatusOr<v1::GetPersonSummaryResponse> GetPersonSummary(const rpc::CallContext& call,
                                                              const v1::GetPersonSummaryRequest& request,
                                                              ContactsClient& contacts, LedgerClient& ledger,
                                                              absl::Time now);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PERSON_SUMMARY_METHOD_H_
