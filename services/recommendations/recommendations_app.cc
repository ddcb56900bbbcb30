#include "services/recommendations/recommendations_app.h"

#include <utility>

#include "libs/audit/access_log.h"
#include "libs/base/executor.h"
#include "libs/base/status.h"
#include "libs/rpc/adaptor.h"
#include "libs/seal/resealer.h"
#include "libs/seal/token.h"
#include "libs/sql/sqlite.h"
#include "libs/sql/storage_metrics.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_computer.h"
#include "services/recommendations/balance_history.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/recommendations_endpoint.h"
#include "services/recommendations/recommendations_service.h"
#include "services/recommendations/sql_recommendations_store.h"

namespace council::recommendations {

// In the order in which they depend on each other.
struct RecommendationsApp::Parts {
  Parts(const RecommendationsAppOptions& options, std::unique_ptr<SqlRecommendationsStore> opened,
        BalanceCacheBackend& backend, const base::Clock& clock, base::Random& random, telemetry::Metrics& metrics)
      : store(std::move(opened)),
        resealer(store->database(), store->sealer(), "owners", SqlRecommendationsStore::SealedTables(), clock),
        tokens(options.keys.shared, store->identity().token_key),
        storage_metrics(
            sql::AddStorageMetrics(metrics, "recommendations", [this] { return store->database().Stats(); })),
        accesses(*store, clock),
        contacts(options.contacts),
        ledger(options.ledger),
        council(contacts, ledger),
        network(contacts, ledger),
        computer(contacts, ledger, tokens, clock, options.models),
        history(computer, *store, clock),
        executor(options.threads, options.queue_limit),
        cache(
            {.computer = computer,
             .backend = backend,
             .near = options.near,
             .sealer = store->sealer(),
             .tokens = tokens,
             .executor = executor,
             .clock = clock,
             .random = random,
             .metrics = metrics},
            [this](const rpc::CallContext& call, const v1::CouncilBalance& balance) { history.Record(call, balance); }),
        service({.cache = cache,
                 .computer = computer,
                 .history = history,
                 .store = *store,
                 .accesses = accesses,
                 .lineage = store->identity().lineage,
                 .council = council,
                 .network = network,
                 .contacts = contacts,
                 .ledger = ledger,
                 .tokens = tokens,
                 .executor = executor,
                 .clock = clock}) {
    store->sealer().SetStaleListener([this](const std::string& owner_hash) { resealer.Note(owner_hash); });
  }

  std::unique_ptr<SqlRecommendationsStore> store;
  seal::Resealer resealer;
  seal::TokenCodec tokens;
  std::unique_ptr<telemetry::Metrics::Reading> storage_metrics;
  audit::AccessLog accesses;
  ContactsClient contacts;
  LedgerClient ledger;
  CouncilReader council;
  NetworkReader network;
  BalanceComputer computer;
  BalanceHistory history;
  base::Executor executor;
  // Waits for its work at its end, so all that the work uses comes before.
  BalanceCache cache;
  RecommendationsService service;
};

absl::StatusOr<std::unique_ptr<RecommendationsApp>> RecommendationsApp::Create(const RecommendationsAppOptions& options,
                                                                               BalanceCacheBackend& cache,
                                                                               const base::Clock& clock,
                                                                               base::Random& random,
                                                                               telemetry::Metrics& metrics) {
  COUNCIL_ASSIGN_OR_RETURN(auto store, SqlRecommendationsStore::Open(options.storage, options.keys, random));
  return std::unique_ptr<RecommendationsApp>(
      new RecommendationsApp(std::make_unique<Parts>(options, std::move(store), cache, clock, random, metrics)));
}

RecommendationsApp::RecommendationsApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RecommendationsApp::~RecommendationsApp() = default;

std::unique_ptr<grpc::Service> RecommendationsApp::MakeEndpoint(rpc::Adaptor& adaptor) {
  return std::make_unique<RecommendationsEndpoint>(adaptor, parts_->accesses, parts_->service);
}

}  // namespace council::recommendations
