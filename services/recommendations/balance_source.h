#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_SOURCE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_SOURCE_H_

#include <optional>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/cached_balance.h"

namespace council::recommendations {

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

// Where balances come from when no cache has them. Thread-safe.
class BalanceSource {
 public:
  virtual ~BalanceSource() = default;

  // The caller's balance, now or at a moment of the past, from states at least as fresh as `tokens`. Blocks. Fails as
  // CouncilReader::Read does.
  virtual absl::StatusOr<ComputedBalance> Compute(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                  std::optional<absl::Time> as_of) = 0;

  // What state the services are in, without reading anything else. Blocks.
  virtual absl::StatusOr<ServiceStates> AskStates(const rpc::CallContext& call) = 0;

  // Digest of the model in force for a tenant.
  virtual const std::string& ModelDigest(const std::string& tenant) const = 0;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_SOURCE_H_
