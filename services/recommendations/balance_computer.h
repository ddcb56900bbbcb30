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
#include "services/recommendations/balance_source.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/council_reader.h"
#include "services/recommendations/ledger_client.h"

namespace council::recommendations {

// Reads what a balance needs and computes it. Blocks while it reads. Thread-safe.
class BalanceComputer final : public BalanceSource {
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

  absl::StatusOr<ComputedBalance> Compute(const rpc::CallContext& call, std::span<const std::string> tokens,
                                          std::optional<absl::Time> as_of) override;
  absl::StatusOr<ServiceStates> AskStates(const rpc::CallContext& call) override;
  const std::string& ModelDigest(const std::string& tenant) const override { return models_.DigestFor(tenant); }

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
