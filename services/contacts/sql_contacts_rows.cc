#include "services/contacts/sql_contacts_rows.h"

#include <algorithm>
#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"

namespace council::contacts {
namespace {

using sql::Blob;
using sql::Statement;

}  // namespace

std::string RowOf(const std::string& id) {
  const auto bytes = base::ParseUuid(id);
  return bytes.ok() ? std::string(bytes->begin(), bytes->end()) : std::string();
}

std::string IdOf(std::string_view row) {
  std::array<uint8_t, 16> bytes{};
  std::copy_n(row.begin(), std::min(row.size(), bytes.size()), bytes.begin());
  return base::FormatUuid(bytes);
}

absl::Status DamagedRow() {
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "a stored row can't be read back");
}

SqlContactsRows::SqlContactsRows(sql::Connection& connection, const seal::Sealer& sealer, std::string owner_hash,
                                 const base::Owner* owner, Access access)
    : connection_(connection), sealer_(sealer), owner_hash_(std::move(owner_hash)), owner_(owner) {
  if (access == Access::kRead) {
    ReadState("");
    return;
  }
  if (ReadState(connection_.for_update())) return;
  // There is nothing to lock yet; of two writers who find that, the second waits here for the first.
  const std::string tenant = sealer_.TenantHash(owner_ == nullptr ? "" : owner_->tenant);
  connection_.Prepare("INSERT INTO owners (owner, tenant, revision) VALUES (?, ?, 0) ON CONFLICT (owner) DO NOTHING")
      .Bind(Blob{owner_hash_}, Blob{tenant})
      .Run();
  ReadState(connection_.for_update());
}

// False where the owner has no row.
bool SqlContactsRows::ReadState(std::string_view lock) {
  Statement select = connection_.Prepare(
      "SELECT revision, contacts, acquaintances, erased FROM owners WHERE owner = ?" + std::string(lock));
  select.Bind(Blob{owner_hash_});
  if (!select.Step()) return false;
  revision_ = select.GetInt(0);
  contact_count_ = select.GetInt(1);
  acquaintance_count_ = select.GetInt(2);
  erased_ = select.GetInt(3) != 0;
  return true;
}

absl::Status SqlContactsRows::OpenContact(std::string_view row, int64_t revision, std::string_view sealed,
                                          storage::v1::StoredContact& contact) {
  COUNCIL_RETURN_IF_ERROR(Open("contacts", row, sealed, contact));
  contact.mutable_contact()->set_etag(absl::StrCat(revision));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<storage::v1::StoredContact>> SqlContactsRows::GetContact(const std::string& id) {
  const std::string row = RowOf(id);
  Statement select = connection_.Prepare("SELECT revision, sealed FROM contacts WHERE owner = ? AND id = ?");
  select.Bind(Blob{owner_hash_}, Blob{row});
  if (!select.Step()) return std::nullopt;
  storage::v1::StoredContact contact;
  COUNCIL_RETURN_IF_ERROR(OpenContact(row, select.GetInt(0), select.GetBlob(1), contact));
  return contact;
}

absl::StatusOr<std::vector<storage::v1::StoredContact>> SqlContactsRows::AllContacts() {
  std::vector<storage::v1::StoredContact> contacts;
  Statement select = connection_.Prepare("SELECT id, revision, sealed FROM contacts WHERE owner = ? ORDER BY id");
  select.Bind(Blob{owner_hash_});
  while (select.Step()) {
    COUNCIL_RETURN_IF_ERROR(
        OpenContact(select.GetBlob(0), select.GetInt(1), select.GetBlob(2), contacts.emplace_back()));
  }
  return contacts;
}

absl::StatusOr<std::optional<std::string>> SqlContactsRows::FindByVcardUid(const std::string& uid) {
  const std::string hash = IndexHash("vcard_uid", uid);
  Statement select = connection_.Prepare("SELECT contact_id FROM vcard_uids WHERE owner = ? AND uid_hash = ?");
  select.Bind(Blob{owner_hash_}, Blob{hash});
  if (!select.Step()) return std::nullopt;
  return IdOf(select.GetBlob(0));
}

absl::StatusOr<std::string> SqlContactsRows::ResolveId(const std::string& id) {
  const std::string row = RowOf(id);
  Statement select = connection_.Prepare(
      "SELECT contact_id FROM former_ids WHERE owner = ? AND former_id = ? AND contact_id IS NOT NULL");
  select.Bind(Blob{owner_hash_}, Blob{row});
  return select.Step() ? IdOf(select.GetBlob(0)) : id;
}

absl::StatusOr<std::optional<storage::v1::StoredSeat>> SqlContactsRows::GetSeat(const std::string& contact_id) {
  const std::string row = RowOf(contact_id);
  Statement select = connection_.Prepare("SELECT sealed FROM seats WHERE owner = ? AND contact_id = ?");
  select.Bind(Blob{owner_hash_}, Blob{row});
  if (!select.Step()) return std::nullopt;
  storage::v1::StoredSeat seat;
  COUNCIL_RETURN_IF_ERROR(Open("seats", row, select.GetBlob(0), seat));
  return seat;
}

absl::StatusOr<std::vector<storage::v1::StoredSeat>> SqlContactsRows::AllSeats() {
  std::vector<storage::v1::StoredSeat> seats;
  Statement select = connection_.Prepare("SELECT contact_id, sealed FROM seats WHERE owner = ? ORDER BY contact_id");
  select.Bind(Blob{owner_hash_});
  while (select.Step()) {
    COUNCIL_RETURN_IF_ERROR(Open("seats", select.GetBlob(0), select.GetBlob(1), seats.emplace_back()));
  }
  return seats;
}

absl::StatusOr<std::vector<v1::Acquaintance>> SqlContactsRows::Acquaintances(
    const std::optional<std::string>& contact_id) {
  std::vector<v1::Acquaintance> acquaintances;
  const std::string row = contact_id.has_value() ? RowOf(*contact_id) : std::string();
  Statement select = connection_.Prepare(
      contact_id.has_value() ? "SELECT contact_id, other_contact_id, sealed FROM acquaintances WHERE owner = ?1 AND "
                               "contact_id = ?2 UNION ALL SELECT contact_id, other_contact_id, sealed FROM "
                               "acquaintances WHERE owner = ?1 AND other_contact_id = ?2 ORDER BY 1, 2"
                             : "SELECT contact_id, other_contact_id, sealed FROM acquaintances WHERE owner = ?1 ORDER "
                               "BY contact_id, other_contact_id");
  if (contact_id.has_value()) {
    select.Bind(Blob{owner_hash_}, Blob{row});
  } else {
    select.Bind(Blob{owner_hash_});
  }
  while (select.Step()) {
    storage::v1::StoredAcquaintance stored;
    const std::string pair = absl::StrCat(absl::string_view(select.GetBlob(0).data(), select.GetBlob(0).size()),
                                          absl::string_view(select.GetBlob(1).data(), select.GetBlob(1).size()));
    COUNCIL_RETURN_IF_ERROR(Open("acquaintances", pair, select.GetBlob(2), stored));
    acquaintances.push_back(std::move(*stored.mutable_acquaintance()));
  }
  return acquaintances;
}

absl::StatusOr<v1::Settings> SqlContactsRows::GetSettings() {
  Statement select = connection_.Prepare("SELECT revision, sealed FROM settings WHERE owner = ?");
  select.Bind(Blob{owner_hash_});
  storage::v1::StoredSettings stored;
  if (select.Step()) {
    COUNCIL_RETURN_IF_ERROR(Open("settings", "", select.GetBlob(1), stored));
    stored.mutable_settings()->set_etag(absl::StrCat(select.GetInt(0)));
  } else {
    stored.mutable_settings()->set_etag("0");
  }
  return std::move(*stored.mutable_settings());
}

absl::StatusOr<std::vector<ContactChange>> SqlContactsRows::ChangesAfter(const ChangePlace& place, size_t limit) {
  // No id is greater than 17 bytes of 255.
  const std::string row = place.contact_id.empty() ? std::string(17, '\xff') : RowOf(place.contact_id);
  std::vector<ContactChange> changes;
  Statement select = connection_.Prepare(
      "SELECT revision, id, sealed FROM ("
      "SELECT revision, id, sealed FROM contacts WHERE owner = ?1 AND (revision, id) > (?2, ?3) UNION ALL "
      "SELECT revision, id, NULL FROM gone_contacts WHERE owner = ?1 AND (revision, id) > (?2, ?3)) AS changes "
      "ORDER BY revision, id LIMIT ?4");
  select.Bind(Blob{owner_hash_}, place.revision, Blob{row}, static_cast<int64_t>(limit));
  while (select.Step()) {
    ContactChange& change = changes.emplace_back();
    change.revision = select.GetInt(0);
    change.id = IdOf(select.GetBlob(1));
    if (select.IsNull(2)) continue;
    storage::v1::StoredContact stored;
    COUNCIL_RETURN_IF_ERROR(OpenContact(select.GetBlob(1), change.revision, select.GetBlob(2), stored));
    change.contact = std::move(*stored.mutable_contact());
  }
  return changes;
}

absl::StatusOr<std::optional<storage::v1::StoredRequest>> SqlContactsRows::FindRequest(const std::string& request_id) {
  const std::string hash = IndexHash("request_id", request_id);
  Statement select = connection_.Prepare("SELECT sealed FROM requests WHERE owner = ? AND request_hash = ?");
  select.Bind(Blob{owner_hash_}, Blob{hash});
  if (!select.Step()) return std::nullopt;
  storage::v1::StoredRequest request;
  COUNCIL_RETURN_IF_ERROR(Open("requests", hash, select.GetBlob(0), request));
  return request;
}

absl::StatusOr<std::vector<storage::v1::StoredRequest>> SqlContactsRows::AllRequests() {
  Statement select = connection_.Prepare("SELECT request_hash, sealed FROM requests WHERE owner = ?");
  select.Bind(Blob{owner_hash_});
  std::vector<storage::v1::StoredRequest> requests;
  while (select.Step()) {
    COUNCIL_RETURN_IF_ERROR(Open("requests", select.GetBlob(0), select.GetBlob(1), requests.emplace_back()));
  }
  return requests;
}

bool SqlContactsRows::IsErased(const std::string& id) {
  const std::string row = RowOf(id);
  Statement select =
      connection_.Prepare("SELECT 1 FROM former_ids WHERE owner = ? AND former_id = ? AND contact_id IS NULL");
  return select.Bind(Blob{owner_hash_}, Blob{row}).Step();
}

absl::StatusOr<std::vector<std::string>> SqlContactsRows::ErasedIds() {
  Statement select =
      connection_.Prepare("SELECT former_id FROM former_ids WHERE owner = ? AND contact_id IS NULL ORDER BY former_id");
  select.Bind(Blob{owner_hash_});
  std::vector<std::string> ids;
  while (select.Step()) ids.push_back(IdOf(select.GetBlob(0)));
  return ids;
}

}  // namespace council::contacts
