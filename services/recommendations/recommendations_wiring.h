#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_WIRING_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_WIRING_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/base/executor.h"
#include "libs/base/random.h"
#include "libs/rpc/adaptor.h"
#include "libs/seal/token.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_computer.h"
#include "services/recommendations/balance_history.h"
#include "services/recommendations/cached_balance.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/recommendations_endpoint.h"
#include "services/recommendations/recommendations_service.h"
#include "services/recommendations/sqlite_recommendations_store.h"

namespace council::recommendations {

// The recommendations service with all its parts, wired, for a program to hang up.
class RecommendationsWiring {
 public:
  struct Options {
    // File of the SQLite database, made where there is none.
    std::string database_path;
    // The key that the services share: seal::DevelopmentSharedKey where there is no key file.
    std::string shared_key;
    // Where contacts and ledger are reached.
    std::shared_ptr<grpc::Channel> contacts;
    std::shared_ptr<grpc::Channel> ledger;
    BalanceModel model = {};
    // For computations: threads, and how many may wait for one.
    size_t threads = 16;
    size_t queue_limit = 4096;
  };

  // `backend`, `clock`, `random` and `adaptor` must outlive what is made. Fails where the database can't be opened or
  // the model is not valid. Must be destroyed only after the server that serves `endpoint()` has ended.
  static absl::StatusOr<std::unique_ptr<RecommendationsWiring>> Make(const Options& options,
                                                                     BalanceCacheBackend& backend,
                                                                     const base::Clock& clock, base::Random& random,
                                                                     rpc::Adaptor& adaptor);

  grpc::Service* endpoint() { return &endpoint_; }
  const BalanceCache::Stats& cache_stats() const { return cache_.stats(); }

 private:
  RecommendationsWiring(const Options& options, std::unique_ptr<SqliteRecommendationsStore> store,
                        BalanceCacheBackend& backend, const base::Clock& clock, rpc::Adaptor& adaptor);

  const std::unique_ptr<SqliteRecommendationsStore> store_;
  const seal::TokenCodec tokens_;
  ContactsClient contacts_;
  LedgerClient ledger_;
  BalanceComputer computer_;
  BalanceHistory history_;
  base::Executor executor_;
  // Waits for its work at its end, so all that the work uses comes before.
  BalanceCache cache_;
  RecommendationsService service_;
  RecommendationsEndpoint endpoint_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_WIRING_H_
