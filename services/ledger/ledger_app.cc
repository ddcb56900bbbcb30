#include "services/ledger/ledger_app.h"

#include <grpcpp/impl/service_type.h>

#include <span>
#include <utility>

#include "absl/time/clock.h"
#include "libs/audit/access_log.h"
#include "libs/base/owner_changes.h"
#include "libs/base/status.h"
#include "libs/cache/revision_relay.h"
#include "libs/seal/resealer.h"
#include "libs/seal/token.h"
#include "libs/sql/storage_metrics.h"
#include "services/ledger/heads_log.h"
#include "services/ledger/ledger.h"
#include "services/ledger/ledger_endpoint.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/row_codec.h"
#include "services/ledger/sql_ledger_store.h"
#include "services/ledger/strength_models.h"

namespace council::ledger {
namespace {

// What reading the revisions of watched owners may wait for the storage.
constexpr absl::Duration kRevisionsTime = absl::Seconds(2);

}  // namespace

// In the order in which they depend on each other.
struct LedgerApp::Parts {
  Parts(const LedgerAppOptions& options, std::unique_ptr<SqlLedgerStore> opened, const base::Clock& clock,
        base::Random& random, telemetry::Metrics& metrics)
      : store(std::move(opened)),
        resealer(store->database(), store->sealer(), "ledgers", SealedTables(), clock),
        heads(store->database(), metrics),
        storage_metrics(sql::AddStorageMetrics(metrics, "ledger", [this] { return store->Stats(); })),
        relay(options.revisions == nullptr
                  ? nullptr
                  : std::make_unique<cache::RevisionRelay>("ledger", store->lineage(), store->outbox(),
                                                           *options.revisions, metrics)),
        changes({},
                [this](std::span<const base::Owner> owners) {
                  return store->Revisions(owners, absl::Now() + kRevisionsTime);
                }),
        accesses(*store, clock),
        models(store->database(), store->sealer(), clock),
        ledger(*store, clock, random, &models),
        service(ledger, changes, accesses, seal::TokenCodec(options.keys.shared, store->identity().token_key),
                {options.mail_tenants.begin(), options.mail_tenants.end()}) {
    store->sealer().SetStaleListener([this](const std::string& owner_hash) { resealer.Note(owner_hash); });
    store->SetListener([this](const base::Owner& owner, std::int64_t revision) {
      if (relay != nullptr) relay->Nudge();
      changes.Changed(owner, revision);
    });
  }

  // What is queued nudges the relay and the watches, which go first.
  ~Parts() { store->Flush(); }

  std::unique_ptr<SqlLedgerStore> store;
  seal::Resealer resealer;
  HeadsLog heads;
  std::unique_ptr<telemetry::Metrics::Reading> storage_metrics;
  std::unique_ptr<cache::RevisionRelay> relay;
  base::OwnerChanges changes;
  audit::AccessLog accesses;
  StrengthModels models;
  Ledger ledger;
  LedgerService service;
};

absl::StatusOr<std::unique_ptr<LedgerApp>> LedgerApp::Create(const LedgerAppOptions& options, const base::Clock& clock,
                                                             base::Random& random, telemetry::Metrics& metrics) {
  COUNCIL_ASSIGN_OR_RETURN(auto store, SqlLedgerStore::Open(options.storage, options.keys, random));
  return std::unique_ptr<LedgerApp>(
      new LedgerApp(std::make_unique<Parts>(options, std::move(store), clock, random, metrics)));
}

LedgerApp::LedgerApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

LedgerApp::~LedgerApp() = default;

std::unique_ptr<grpc::Service> LedgerApp::MakeEndpoint(rpc::Adaptor& adaptor) {
  return MakeLedgerEndpoint(adaptor, parts_->accesses, parts_->service);
}

}  // namespace council::ledger
