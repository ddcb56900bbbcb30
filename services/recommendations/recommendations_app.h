#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_APP_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_APP_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/rpc/channel.h"
#include "libs/seal/sealer.h"
#include "libs/telemetry/metrics.h"
#include "services/recommendations/balance_models.h"
#include "services/recommendations/cached_balance.h"
#include "services/recommendations/near_balance.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace council::rpc {
class Adaptor;
}  // namespace council::rpc

namespace council::recommendations {

struct RecommendationsAppOptions {
  // sqlite:PATH or postgresql://…
  std::string storage;
  // Must be given.
  seal::Keys keys{std::string()};
  // Where contacts and ledger are reached.
  rpc::ChannelSource contacts;
  rpc::ChannelSource ledger;
  // Weights and bands by tenant.
  BalanceModels models = {};
  // In front of the cache of balances, coherent with it; may be null, else must outlive the app.
  NearBalances* near = nullptr;
  // For computations: threads, and how many may wait for one.
  size_t threads = 16;
  size_t queue_limit = 4096;
};

// The recommendations service, wired: storage, the clients of the other two, computation and its cache, and endpoints
// to hang into servers.
class RecommendationsApp {
 public:
  // `cache`, `clock`, `random` (fit for keys) and `metrics` must outlive the app. Fails with INVALID_ARGUMENT for a
  // storage that is not known, else as opening the storage does.
  static absl::StatusOr<std::unique_ptr<RecommendationsApp>> Create(const RecommendationsAppOptions& options,
                                                                    BalanceCacheBackend& cache,
                                                                    const base::Clock& clock, base::Random& random,
                                                                    telemetry::Metrics& metrics);
  ~RecommendationsApp();
  RecommendationsApp(const RecommendationsApp&) = delete;
  RecommendationsApp& operator=(const RecommendationsApp&) = delete;

  // An endpoint for one server. The adaptor must outlive it, and the app too.
  std::unique_ptr<grpc::Service> MakeEndpoint(rpc::Adaptor& adaptor);

 private:
  struct Parts;
  explicit RecommendationsApp(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_APP_H_
