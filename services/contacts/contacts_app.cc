#include "services/contacts/contacts_app.h"

#include <span>
#include <utility>

#include "absl/time/clock.h"
#include "libs/audit/access_log.h"
#include "libs/audit/access_rows.h"
#include "libs/base/owner_changes.h"
#include "libs/base/status.h"
#include "libs/cache/revision_relay.h"
#include "libs/seal/open_keys.h"
#include "libs/seal/resealer.h"
#include "libs/seal/sealer.h"
#include "libs/seal/token.h"
#include "libs/sql/outbox.h"
#include "libs/sql/storage_metrics.h"
#include "services/contacts/contacts.h"
#include "services/contacts/contacts_endpoint.h"
#include "services/contacts/contacts_service.h"
#include "services/contacts/migrations.h"
#include "services/contacts/sql_contacts_rows.h"
#include "services/contacts/sql_contacts_store.h"

namespace council::contacts {
namespace {

// What reading the revisions of watched owners may wait for the storage.
constexpr absl::Duration kRevisionsTime = absl::Seconds(2);

// The tables that have sealed rows.
std::vector<seal::SealedTable> SealedTables() {
  using seal::SealedTable;
  using Key = std::vector<SealedTable::Value>;
  const auto by_bytes = [](const char* table, const char* column) {
    return SealedTable{
        .name = table, .key = {{column}}, .row_id = [](const Key& key) { return std::get<std::string>(key[0]); }};
  };
  return {
      by_bytes("contacts", "id"),
      by_bytes("seats", "contact_id"),
      {.name = "acquaintances",
       .key = {{"contact_id"}, {"other_contact_id"}},
       .row_id = [](const Key& key) { return std::get<std::string>(key[0]) + std::get<std::string>(key[1]); }},
      {.name = "settings", .key = {}, .row_id = [](const Key&) { return std::string(); }},
      by_bytes("requests", "request_hash"),
      {.name = "imports",
       .key = {{"import_id"}, {"part", SealedTable::Column::Type::kInteger}},
       .row_id =
           [](const Key& key) { return ImportRowId(std::get<std::string>(key[0]), std::get<std::int64_t>(key[1])); }},
      audit::AccessRows::Table()};
}

}  // namespace

// In the order in which they depend on each other.
struct ContactsApp::Parts {
  Parts(const ContactsAppOptions& options, std::unique_ptr<sql::Database> opened, const seal::StorageSecrets& secrets,
        const base::Clock& clock, base::Random& random, telemetry::Metrics& metrics)
      : database(std::move(opened)),
        sealer(secrets.identity.owner_key, options.keys, secrets.clear_rows),
        storage_metrics(sql::AddStorageMetrics(metrics, "contacts", [this] { return database->Stats(); })),
        tokens(options.keys.shared, secrets.identity.token_key),
        resealer(*database, sealer, "owners", SealedTables(), clock),
        store(*database, sealer, secrets.identity.lineage),
        outbox(*database),
        relay(options.revisions == nullptr ? nullptr
                                           : std::make_unique<cache::RevisionRelay>("contacts", store.lineage(), outbox,
                                                                                    *options.revisions, metrics)),
        changes({},
                [this](std::span<const base::Owner> owners) {
                  return store.Revisions(owners, absl::Now() + kRevisionsTime);
                }),
        accesses(store, clock),
        contacts(store, accesses, clock, random,
                 {.consented_facets = {options.consented_facets.begin(), options.consented_facets.end()}},
                 [this](const base::Owner& owner, int64_t revision) {
                   if (relay != nullptr) relay->Nudge();
                   changes.Changed(owner, revision);
                 }),
        service(contacts, changes, accesses, tokens) {
    sealer.SetStaleListener([this](const std::string& owner_hash) { resealer.Note(owner_hash); });
  }

  std::unique_ptr<sql::Database> database;
  seal::Sealer sealer;
  std::unique_ptr<telemetry::Metrics::Reading> storage_metrics;
  seal::TokenCodec tokens;
  seal::Resealer resealer;
  SqlContactsStore store;
  sql::StorageOutbox outbox;
  std::unique_ptr<cache::RevisionRelay> relay;
  base::OwnerChanges changes;
  audit::AccessLog accesses;
  Contacts contacts;
  ContactsService service;
};

absl::StatusOr<std::unique_ptr<ContactsApp>> ContactsApp::Create(const ContactsAppOptions& options,
                                                                 const base::Clock& clock, base::Random& random,
                                                                 telemetry::Metrics& metrics) {
  COUNCIL_ASSIGN_OR_RETURN(auto database, sql::OpenDatabase(options.storage, StorageSchema()));
  COUNCIL_ASSIGN_OR_RETURN(const seal::StorageSecrets secrets, seal::OpenSecrets(*database, options.keys, random));
  auto parts = std::make_unique<Parts>(options, std::move(database), secrets, clock, random, metrics);
  COUNCIL_RETURN_IF_ERROR(parts->store.FinishErasures());
  return std::unique_ptr<ContactsApp>(new ContactsApp(std::move(parts)));
}

ContactsApp::ContactsApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ContactsApp::~ContactsApp() = default;

std::unique_ptr<grpc::Service> ContactsApp::MakeEndpoint(rpc::Adaptor& adaptor) {
  return MakeContactsEndpoint(adaptor, parts_->service);
}

}  // namespace council::contacts
