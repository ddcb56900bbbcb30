// SqlContactsRows: what changes rows.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/audit/access_rows.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/seal/erasure_list.h"
#include "libs/seal/owner_erasures.h"
#include "libs/sql/outbox.h"
#include "services/contacts/sql_contacts_rows.h"

namespace council::contacts {
namespace {

using sql::Blob;
using sql::Statement;

}  // namespace

absl::Status SqlContactsRows::PutContact(const storage::v1::StoredContact& contact) {
  storage::v1::StoredContact stored = contact;
  stored.set_version(1);
  stored.mutable_contact()->clear_etag();
  const std::string row = RowOf(contact.contact().id());
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal("contacts", row, stored));
  changed_ = true;
  // Most are new, and an import has thousands: a statement each, and one for a UID.
  const bool added = connection_
                         .Prepare(
                             "INSERT INTO contacts (owner, id, revision, sealed) VALUES (?, ?, ?, ?) "
                             "ON CONFLICT (owner, id) DO NOTHING")
                         .Bind(Blob{owner_hash_}, Blob{row}, next_revision(), Blob{sealed})
                         .Run() == 1;
  if (added) {
    ++contact_count_;
    if (HasGoneContacts()) {
      connection_.Prepare("DELETE FROM gone_contacts WHERE owner = ? AND id = ?")
          .Bind(Blob{owner_hash_}, Blob{row})
          .Run();
    }
  } else {
    connection_.Prepare("UPDATE contacts SET revision = ?, sealed = ? WHERE owner = ? AND id = ?")
        .Bind(next_revision(), Blob{sealed}, Blob{owner_hash_}, Blob{row})
        .Run();
    RemoveKeysOf(row);
  }
  PutFormerIds(contact.contact(), row);
  return PutUids(contact, row);
}

bool SqlContactsRows::HasGoneContacts() {
  if (!has_gone_contacts_.has_value()) {
    Statement select = connection_.Prepare("SELECT 1 FROM gone_contacts WHERE owner = ? LIMIT 1");
    has_gone_contacts_ = select.Bind(Blob{owner_hash_}).Step();
  }
  return *has_gone_contacts_;
}

absl::Status SqlContactsRows::PutUids(const storage::v1::StoredContact& contact, std::string_view row) {
  const auto put = [&](const std::string& uid) {
    if (uid.empty()) return true;
    const std::string hash = IndexHash("vcard_uid", uid);
    Statement insert = connection_.Prepare(
        "INSERT INTO vcard_uids (owner, uid_hash, contact_id) VALUES (?, ?, ?) ON CONFLICT (owner, uid_hash) "
        "DO UPDATE SET contact_id = excluded.contact_id WHERE vcard_uids.contact_id = excluded.contact_id");
    return insert.Bind(Blob{owner_hash_}, Blob{hash}, Blob{row}).Run() == 1;
  };
  bool unique = put(contact.contact().vcard_uid());
  for (const std::string& uid : contact.merged_vcard_uids()) unique = put(uid) && unique;
  if (unique) return absl::OkStatus();
  return base::Error(absl::StatusCode::kAlreadyExists, common::v1::ERROR_REASON_CONTACT_EXISTS,
                     "another contact has this vcard_uid");
}

void SqlContactsRows::PutFormerIds(const v1::Contact& contact, std::string_view row) {
  for (const std::string& id : contact.former_ids()) {
    const std::string former = RowOf(id);
    connection_
        .Prepare(
            "INSERT INTO former_ids (owner, former_id, contact_id) VALUES (?, ?, ?) "
            "ON CONFLICT (owner, former_id) DO UPDATE SET contact_id = excluded.contact_id")
        .Bind(Blob{owner_hash_}, Blob{former}, Blob{row})
        .Run();
  }
}

void SqlContactsRows::RemoveKeysOf(std::string_view row) {
  for (const char* text : {"DELETE FROM vcard_uids WHERE owner = ? AND contact_id = ?",
                           "DELETE FROM former_ids WHERE owner = ? AND contact_id = ?"}) {
    connection_.Prepare(text).Bind(Blob{owner_hash_}, Blob{row}).Run();
  }
}

absl::Status SqlContactsRows::DeleteContact(const std::string& id) {
  const std::string row = RowOf(id);
  Statement remove = connection_.Prepare("DELETE FROM contacts WHERE owner = ? AND id = ?");
  if (remove.Bind(Blob{owner_hash_}, Blob{row}).Run() == 0) return absl::OkStatus();
  --contact_count_;
  changed_ = true;
  connection_
      .Prepare(
          "INSERT INTO gone_contacts (owner, id, revision) VALUES (?, ?, ?) "
          "ON CONFLICT (owner, id) DO UPDATE SET revision = excluded.revision")
      .Bind(Blob{owner_hash_}, Blob{row}, next_revision())
      .Run();
  has_gone_contacts_ = true;
  RemoveKeysOf(row);
  connection_.Prepare("DELETE FROM seats WHERE owner = ? AND contact_id = ?").Bind(Blob{owner_hash_}, Blob{row}).Run();
  for (const char* text : {"DELETE FROM acquaintances WHERE owner = ? AND contact_id = ?",
                           "DELETE FROM acquaintances WHERE owner = ? AND other_contact_id = ?"}) {
    acquaintance_count_ -= connection_.Prepare(text).Bind(Blob{owner_hash_}, Blob{row}).Run();
  }
  return absl::OkStatus();
}

absl::Status SqlContactsRows::MarkErased(const std::string& id) {
  const std::string row = RowOf(id);
  connection_
      .Prepare(
          "INSERT INTO former_ids (owner, former_id, contact_id) VALUES (?, ?, NULL) "
          "ON CONFLICT (owner, former_id) DO UPDATE SET contact_id = NULL")
      .Bind(Blob{owner_hash_}, Blob{row})
      .Run();
  changed_ = true;
  return absl::OkStatus();
}

absl::Status SqlContactsRows::PutSeat(const storage::v1::StoredSeat& seat) {
  storage::v1::StoredSeat stored = seat;
  stored.set_version(1);
  const std::string row = RowOf(seat.contact_id());
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal("seats", row, stored));
  connection_
      .Prepare(
          "INSERT INTO seats (owner, contact_id, sealed) VALUES (?, ?, ?) "
          "ON CONFLICT (owner, contact_id) DO UPDATE SET sealed = excluded.sealed")
      .Bind(Blob{owner_hash_}, Blob{row}, Blob{sealed})
      .Run();
  changed_ = true;
  return absl::OkStatus();
}

absl::Status SqlContactsRows::DeleteSeat(const std::string& contact_id) {
  const std::string row = RowOf(contact_id);
  Statement remove = connection_.Prepare("DELETE FROM seats WHERE owner = ? AND contact_id = ?");
  if (remove.Bind(Blob{owner_hash_}, Blob{row}).Run() > 0) changed_ = true;
  return absl::OkStatus();
}

absl::Status SqlContactsRows::SetAcquaintance(const v1::Acquaintance& acquaintance, bool acquainted) {
  const std::string row = RowOf(acquaintance.contact_id());
  const std::string other = RowOf(acquaintance.other_contact_id());
  int changed = 0;
  if (acquainted) {
    storage::v1::StoredAcquaintance stored;
    stored.set_version(1);
    *stored.mutable_acquaintance() = acquaintance;
    COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal("acquaintances", row + other, stored));
    changed = connection_
                  .Prepare(
                      "INSERT INTO acquaintances (owner, contact_id, other_contact_id, sealed) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT (owner, contact_id, other_contact_id) DO NOTHING")
                  .Bind(Blob{owner_hash_}, Blob{row}, Blob{other}, Blob{sealed})
                  .Run();
    acquaintance_count_ += changed;
  } else {
    changed =
        connection_.Prepare("DELETE FROM acquaintances WHERE owner = ? AND contact_id = ? AND other_contact_id = ?")
            .Bind(Blob{owner_hash_}, Blob{row}, Blob{other})
            .Run();
    acquaintance_count_ -= changed;
  }
  changed_ = changed_ || changed > 0;
  return absl::OkStatus();
}

absl::Status SqlContactsRows::PutSettings(const v1::Settings& settings) {
  storage::v1::StoredSettings stored;
  stored.set_version(1);
  *stored.mutable_settings() = settings;
  stored.mutable_settings()->clear_etag();
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal("settings", "", stored));
  connection_
      .Prepare(
          "INSERT INTO settings (owner, revision, sealed) VALUES (?, ?, ?) "
          "ON CONFLICT (owner) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed")
      .Bind(Blob{owner_hash_}, next_revision(), Blob{sealed})
      .Run();
  changed_ = true;
  return absl::OkStatus();
}

absl::Status SqlContactsRows::PutRequest(const std::string& request_id, const storage::v1::StoredRequest& request) {
  storage::v1::StoredRequest stored = request;
  stored.set_version(1);
  const std::string hash = IndexHash("request_id", request_id);
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal("requests", hash, stored));
  connection_.Prepare("INSERT INTO requests (owner, request_hash, sealed) VALUES (?, ?, ?)")
      .Bind(Blob{owner_hash_}, Blob{hash}, Blob{sealed})
      .Run();
  changed_ = true;
  return absl::OkStatus();
}

absl::Status SqlContactsRows::PutAccess(const audit::storage::v1::StoredAccess& access) {
  return audit::AccessRows(connection_, sealer_, owner_hash_).PutWrite(*owner_, access, next_revision());
}

absl::Status SqlContactsRows::EraseContact(const std::vector<std::string>& ids) {
  erased_contact_ = true;
  if (seal::ErasureList* list = sealer_.keys().erasures; list != nullptr) {
    COUNCIL_RETURN_IF_ERROR(list->Add({.owner_hash = owner_hash_, .contact_ids = ids}));
  }
  COUNCIL_RETURN_IF_ERROR(ForgetRequestsAbout(ids));
  COUNCIL_RETURN_IF_ERROR(ForgetInImports(ids));
  for (const std::string& id : ids) {
    COUNCIL_RETURN_IF_ERROR(DeleteContact(id));
    COUNCIL_RETURN_IF_ERROR(MarkErased(id));
  }
  return absl::OkStatus();
}

absl::Status SqlContactsRows::ForgetRequestsAbout(const std::vector<std::string>& ids) {
  std::vector<std::pair<std::string, storage::v1::StoredRequest>> about;
  {
    Statement select = connection_.Prepare("SELECT request_hash, sealed FROM requests WHERE owner = ?");
    select.Bind(Blob{owner_hash_});
    while (select.Step()) {
      storage::v1::StoredRequest request;
      const absl::Status opened = Open("requests", select.GetBlob(0), select.GetBlob(1), request);
      // What nobody can open tells nobody anything.
      if (absl::IsDataLoss(opened)) continue;
      COUNCIL_RETURN_IF_ERROR(opened);
      if (std::ranges::find(ids, request.contact_id()) == ids.end()) continue;
      request.clear_digest();
      about.emplace_back(std::string(select.GetBlob(0)), std::move(request));
    }
  }
  for (const auto& [hash, request] : about) {
    COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal("requests", hash, request));
    connection_.Prepare("UPDATE requests SET sealed = ? WHERE owner = ? AND request_hash = ?")
        .Bind(Blob{sealed}, Blob{owner_hash_}, Blob{hash})
        .Run();
  }
  return absl::OkStatus();
}

void SqlContactsRows::WriteTombstone() {
  if (erased_) return;
  seal::OwnerErasures::Begin(connection_, owner_hash_);
  contact_count_ = 0;
  acquaintance_count_ = 0;
  erased_ = true;
  changed_ = true;
}

int64_t SqlContactsRows::Finish() {
  if (!changed_) return revision_;
  ++revision_;
  connection_.Prepare("UPDATE owners SET revision = ?, contacts = ?, acquaintances = ?, erased = ? WHERE owner = ?")
      .Bind(revision_, contact_count_, acquaintance_count_, erased_, Blob{owner_hash_})
      .Run();
  if (owner_ != nullptr) sql::StorageOutbox::Put(connection_, {owner_hash_, sealer_.CacheTag(*owner_), revision_});
  changed_ = false;
  return revision_;
}

}  // namespace council::contacts
