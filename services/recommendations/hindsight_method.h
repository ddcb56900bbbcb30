#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_HINDSIGHT_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_HINDSIGHT_METHOD_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/balance_history.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/recommendations_store.h"

namespace council::recommendations {

// What looking back works with.
struct HindsightParts {
  ContactsClient& contacts;
  LedgerClient& ledger;
  BalanceHistory& history;
  RecommendationsStore& store;
};

// Answers GetHindsight at the moment `now`. Fails with INVALID_ARGUMENT for a field that is wrong, and as the clients,
// the history and the store do. Where somebody who went for good may have had a seat it is looked into at the newest 50
// moments of giving; what the balance did after older steps is left out then.
absl::StatusOr<v1::GetHindsightResponse> GetHindsight(const rpc::CallContext& call,
                                                      const v1::GetHindsightRequest& request,
                                                      const HindsightParts& parts, absl::Time now);

// Which steps are looked back at: those given from `first` up to and with `last`.
struct HindsightSpan {
  absl::Time first;
  absl::Time last;
  // The field of the request that this follows from; errors name it.
  std::string_view field = "start_time";
};

// The same for callers who have read everyone whom the owner knows, `contacts`, already. Fails with INVALID_ARGUMENT
// where there are 20,000 entries or more since the first step.
absl::StatusOr<v1::GetHindsightResponse> HindsightOf(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                     const HindsightSpan& span,
                                                     std::span<const contacts::v1::Contact> contacts,
                                                     const HindsightParts& parts, absl::Time now);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_HINDSIGHT_METHOD_H_
