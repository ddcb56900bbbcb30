#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_COMPUTER_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_COMPUTER_H_

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/base/clock.h"
#include "libs/rpc/call.h"
#include "libs/seal/token.h"
#include "services/recommendations/balance_models.h"
#include "services/recommendations/cached_balance.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/council_reader.h"
#include "services/recommendations/ledger_client.h"

namespace council::recommendations {

// Which storages tokens, revisions and cached balances speak of.
struct Lineages {
  std::string contacts;
  std::string ledger;

  friend bool operator==(const Lineages&, const Lineages&) = default;
};

// The state of an owner's data in both services.
struct ServiceStates {
  Lineages lineages;
  Revisions revisions;
};

// A balance with the states that it was computed from.
struct ComputedBalance {
  v1::CouncilBalance balance;
  ServiceStates states;
};

// Reads what a balance needs and computes it. Blocks while it reads. Thread-safe.
class BalanceComputer {
 public:
  // `contacts`, `ledger`, `tokens` and `clock` must outlive this.
  BalanceComputer(ContactsClient& contacts, LedgerClient& ledger, const seal::TokenCodec& tokens,
                  const base::Clock& clock, BalanceModels models)
      : contacts_(contacts),
        ledger_(ledger),
        reader_(contacts, ledger),
        tokens_(tokens),
        clock_(clock),
        models_(std::move(models)) {}

  // The caller's balance, now or at a moment of the past, from states at least as fresh as `tokens`. Fails as
  // CouncilReader::Read does.
  absl::StatusOr<ComputedBalance> Compute(const rpc::CallContext& call, std::span<const std::string> tokens,
                                          std::optional<absl::Time> as_of);

  // What state the services are in, without reading anything else.
  absl::StatusOr<ServiceStates> AskStates(const rpc::CallContext& call);

  const BalanceModels& models() const { return models_; }

 private:
  ContactsClient& contacts_;
  LedgerClient& ledger_;
  CouncilReader reader_;
  const seal::TokenCodec& tokens_;
  const base::Clock& clock_;
  const BalanceModels models_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_COMPUTER_H_
