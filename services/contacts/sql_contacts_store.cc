#include "services/contacts/sql_contacts_store.h"

#include <span>
#include <vector>

#include "libs/audit/access_rows.h"
#include "libs/base/status.h"
#include "libs/sql/revisions.h"
#include "services/contacts/sql_contacts_rows.h"

namespace council::contacts {
namespace {

seal::OwnerErasures::Tables OwnersTables() {
  return {.rows = {{"contacts", "id"},
                   {"gone_contacts", "id"},
                   {"vcard_uids", "uid_hash"},
                   {"former_ids", "former_id"},
                   {"seats", "contact_id"},
                   {"acquaintances", "contact_id, other_contact_id"},
                   {"settings", ""},
                   {"requests", "request_hash"},
                   {"imports", "import_id, part"},
                   {audit::AccessRows::kTable, "time, id"}},
          .finished = ""};
}

}  // namespace

SqlContactsStore::SqlContactsStore(sql::Database& database, const seal::Sealer& sealer, std::string lineage)
    : database_(database),
      sealer_(sealer),
      lineage_(std::move(lineage)),
      owner_erasures_(database, OwnersTables(), sealer.keys()),
      accesses_(
          database, sealer,
          [&sealer](sql::Connection& connection, const base::Owner& owner, const std::string& owner_hash) {
            return SqlContactsRows(connection, sealer, owner_hash, &owner, SqlContactsRows::Access::kWrite).erased();
          }) {}

absl::Status SqlContactsStore::Read(const base::Owner& owner, absl::Time deadline,
                                    absl::FunctionRef<absl::Status(ContactsSnapshot&)> work) {
  return database_.Read(sealer_.OwnerHash(owner), deadline, [&](sql::Connection& connection) {
    SqlContactsRows rows(connection, sealer_, sealer_.OwnerHash(owner), &owner, SqlContactsRows::Access::kRead);
    return work(rows);
  });
}

absl::StatusOr<int64_t> SqlContactsStore::Write(const base::Owner& owner,
                                                absl::FunctionRef<absl::Status(ContactsTransaction&)> work) {
  int64_t revision = 0;
  bool erased_contact = false;
  const auto write = [&](sql::Connection& connection) -> absl::Status {
    SqlContactsRows rows(connection, sealer_, sealer_.OwnerHash(owner), &owner, SqlContactsRows::Access::kWrite);
    if (rows.erased()) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                         "the owner's data were erased; nothing can be written for them");
    }
    COUNCIL_RETURN_IF_ERROR(work(rows));
    erased_contact = rows.erased_contact();
    revision = rows.Finish();
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Write(sealer_.OwnerHash(owner), write));
  // The log that is in use goes with its next checkpoint.
  if (erased_contact) database_.ClearLog().IgnoreError();
  return revision;
}

absl::StatusOr<std::vector<int64_t>> SqlContactsStore::Revisions(std::span<const base::Owner> owners,
                                                                 absl::Time deadline) {
  std::vector<std::string> hashes;
  hashes.reserve(owners.size());
  for (const base::Owner& owner : owners) hashes.push_back(sealer_.OwnerHash(owner));
  return sql::RevisionsOf(database_, "owners", hashes, deadline);
}

absl::StatusOr<int64_t> SqlContactsStore::EraseOwner(const base::Owner& owner) {
  return EraseOwner(sealer_.OwnerHash(owner), &owner);
}

absl::StatusOr<int64_t> SqlContactsStore::EraseOwner(const std::string& owner_hash, const base::Owner* owner) {
  int64_t revision = 0;
  const auto write_tombstone = [&](sql::Connection& connection) {
    SqlContactsRows rows(connection, sealer_, owner_hash, owner, SqlContactsRows::Access::kWrite);
    rows.WriteTombstone();
    revision = rows.Finish();
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, write_tombstone));
  COUNCIL_RETURN_IF_ERROR(owner_erasures_.Finish(owner_hash));
  return revision;
}

absl::Status SqlContactsStore::EraseAgain(const seal::Erasure& erasure) {
  using Access = SqlContactsRows::Access;
  bool erased = false;
  const auto look = [&](sql::Connection& connection) {
    SqlContactsRows rows(connection, sealer_, erasure.owner_hash, nullptr, Access::kRead);
    // All ids of a contact are marked together.
    erased = rows.erased() || (!erasure.contact_ids.empty() && rows.IsErased(erasure.contact_ids.front()));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Read(erasure.owner_hash, absl::InfiniteFuture(), look));
  if (erased) {
    return erasure.contact_ids.empty() ? owner_erasures_.DestroyKeys(erasure.owner_hash) : absl::OkStatus();
  }
  if (erasure.contact_ids.empty()) return EraseOwner(erasure.owner_hash, nullptr).status();
  return database_.Write(erasure.owner_hash, [&](sql::Connection& connection) -> absl::Status {
    SqlContactsRows rows(connection, sealer_, erasure.owner_hash, nullptr, Access::kWrite);
    COUNCIL_RETURN_IF_ERROR(rows.EraseContact(erasure.contact_ids));
    rows.Finish();
    return absl::OkStatus();
  });
}

absl::Status SqlContactsStore::FinishErasures() {
  COUNCIL_RETURN_IF_ERROR(owner_erasures_.FinishAll());
  const seal::ErasureList* list = sealer_.keys().erasures;
  if (list == nullptr) return absl::OkStatus();
  for (const seal::Erasure& erasure : list->read()) COUNCIL_RETURN_IF_ERROR(EraseAgain(erasure));
  return absl::OkStatus();
}

absl::Status SqlContactsStore::AddAccesses(const base::Owner& owner,
                                           std::span<const audit::storage::v1::StoredAccess> counted,
                                           absl::Time expired) {
  return accesses_.AddAccesses(owner, counted, expired);
}

absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> SqlContactsStore::ListAccesses(const base::Owner& owner,
                                                                                             size_t limit,
                                                                                             std::string& position,
                                                                                             absl::Time deadline) {
  return accesses_.ListAccesses(owner, limit, position, deadline);
}

}  // namespace council::contacts
