#include "services/contacts/contacts_app.h"

#include <span>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/owner_changes.h"
#include "libs/base/status.h"
#include "libs/cache/revision_relay.h"
#include "libs/seal/sealer.h"
#include "libs/seal/token.h"
#include "libs/sql/outbox.h"
#include "libs/sql/storage_identity.h"
#include "services/contacts/access_log.h"
#include "services/contacts/contacts.h"
#include "services/contacts/contacts_endpoint.h"
#include "services/contacts/contacts_service.h"
#include "services/contacts/migrations.h"
#include "services/contacts/sql_contacts_store.h"

namespace council::contacts {
namespace {

// What reading the revisions of watched owners may wait for the storage.
constexpr absl::Duration kRevisionsTime = absl::Seconds(2);

}  // namespace

// In the order in which they depend on each other.
struct ContactsApp::Parts {
  Parts(const ContactsAppOptions& options, std::unique_ptr<sql::Database> opened, const sql::StorageIdentity& identity,
        const base::Clock& clock, base::Random& random)
      : database(std::move(opened)),
        sealer(identity.owner_key, options.shared_key),
        tokens(options.shared_key, identity.token_key),
        store(*database, sealer, identity.lineage),
        outbox(*database),
        relay(options.revisions == nullptr
                  ? nullptr
                  : std::make_unique<cache::RevisionRelay>("contacts", identity.lineage, outbox, *options.revisions)),
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
        service(contacts, changes, tokens) {}

  std::unique_ptr<sql::Database> database;
  seal::Sealer sealer;
  seal::TokenCodec tokens;
  SqlContactsStore store;
  sql::StorageOutbox outbox;
  std::unique_ptr<cache::RevisionRelay> relay;
  base::OwnerChanges changes;
  AccessLog accesses;
  Contacts contacts;
  ContactsService service;
};

absl::StatusOr<std::unique_ptr<ContactsApp>> ContactsApp::Create(const ContactsAppOptions& options,
                                                                 const base::Clock& clock, base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(auto database, sql::OpenDatabase(options.storage, StorageSchema()));
  COUNCIL_ASSIGN_OR_RETURN(const sql::StorageIdentity identity, sql::StorageIdentity::LoadOrCreate(*database, random));
  return std::unique_ptr<ContactsApp>(
      new ContactsApp(std::make_unique<Parts>(options, std::move(database), identity, clock, random)));
}

ContactsApp::ContactsApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ContactsApp::~ContactsApp() = default;

std::unique_ptr<grpc::Service> ContactsApp::MakeEndpoint(rpc::Adaptor& adaptor) {
  return MakeContactsEndpoint(adaptor, parts_->service);
}

}  // namespace council::contacts
