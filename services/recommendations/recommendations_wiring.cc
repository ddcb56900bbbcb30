#include "services/recommendations/recommendations_wiring.h"

#include <utility>

#include "libs/base/status.h"

namespace council::recommendations {

absl::StatusOr<std::unique_ptr<RecommendationsWiring>> RecommendationsWiring::Make(const Options& options,
                                                                                   BalanceCacheBackend& backend,
                                                                                   const base::Clock& clock,
                                                                                   base::Random& random,
                                                                                   rpc::Adaptor& adaptor) {
  COUNCIL_RETURN_IF_ERROR(Validate(options.model));
  sql::SqliteOptions sqlite;
  sqlite.path = options.database_path;
  COUNCIL_ASSIGN_OR_RETURN(auto store, SqliteRecommendationsStore::Open(std::move(sqlite), options.shared_key, random));
  return std::unique_ptr<RecommendationsWiring>(
      new RecommendationsWiring(options, std::move(store), backend, clock, adaptor));
}

RecommendationsWiring::RecommendationsWiring(const Options& options, std::unique_ptr<SqliteRecommendationsStore> store,
                                             BalanceCacheBackend& backend, const base::Clock& clock,
                                             rpc::Adaptor& adaptor)
    : store_(std::move(store)),
      tokens_(options.shared_key, store_->identity().token_key),
      contacts_(options.contacts),
      ledger_(options.ledger),
      computer_(contacts_, ledger_, tokens_, clock, options.model),
      history_(computer_, *store_, clock),
      executor_(options.threads, options.queue_limit),
      cache_(
          {.computer = computer_,
           .backend = backend,
           .sealer = store_->sealer(),
           .tokens = tokens_,
           .executor = executor_,
           .clock = clock},
          [this](const rpc::CallContext& call, const v1::CouncilBalance& balance) { history_.Record(call, balance); }),
      service_({.cache = cache_,
                .computer = computer_,
                .history = history_,
                .store = *store_,
                .executor = executor_,
                .clock = clock}),
      endpoint_(adaptor, service_) {}

}  // namespace council::recommendations
