#include "services/contacts/contact_imports.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/seats.h"

namespace council::contacts {
namespace {

using storage::v1::ImportedContact;
using storage::v1::StoredContact;

// A part ends once it is so large: rows are opened whole.
constexpr size_t kPartBytes = 256 << 10;

// Of what a contact says, however it is stored and whenever it was changed.
std::string DigestOfContent(StoredContact contact) {
  contact.clear_version();
  contact.mutable_contact()->clear_etag();
  contact.mutable_contact()->clear_update_time();
  return DigestOf(contact);
}

// Forgets imports that are too old, and all but the newest `most`.
absl::Status PruneImports(ContactsTransaction& transaction, absl::Time now, size_t most) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<KeptImport> imports, transaction.Imports());
  for (size_t i = 0; i < imports.size(); ++i) {
    if (i < most && imports[i].time >= now - kImportsKept) continue;
    COUNCIL_RETURN_IF_ERROR(transaction.DeleteImport(imports[i].id));
  }
  return absl::OkStatus();
}

// Gives back the seat that ended when an import wrote the contact; where the council is full meanwhile it stays ended.
absl::Status GiveBackSeat(ContactsTransaction& transaction, const StoredContact& written,
                          storage::v1::StoredSeat seat) {
  if (!ReturnToSeat(base::FromProto(written.contact().update_time()), seat)) return absl::OkStatus();
  const absl::Status room = CheckSeatLimit(transaction);
  if (absl::IsResourceExhausted(room)) return absl::OkStatus();
  COUNCIL_RETURN_IF_ERROR(room);
  return transaction.PutSeat(seat);
}

}  // namespace

absl::StatusOr<KeptImport> FindImport(ContactsSnapshot& snapshot, const std::string& id, absl::Time now) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<KeptImport> imports, snapshot.Imports());
  const auto found = std::ranges::find(imports, id, &KeptImport::id);
  if (found == imports.end() || found->time < now - kImportsKept) {
    return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_IMPORT_NOT_FOUND,
                       "no import with this id can be undone: the last ten can, for 90 days");
  }
  return *found;
}

absl::Status ImportBatch::Put(ContactsTransaction& transaction, const ImportModel::Outcome& outcome) {
  const std::string& id = outcome.contact.contact().id();
  const auto [place, is_new] = places_.try_emplace(id, contacts_.size());
  if (is_new) {
    ImportedContact& imported = contacts_.emplace_back();
    imported.set_contact_id(id);
    if (outcome.kind == ImportModel::Outcome::kUpdated) {
      COUNCIL_ASSIGN_OR_RETURN(std::optional<StoredContact> before, transaction.GetContact(id));
      if (!before.has_value()) return absl::InternalError("an import updates a contact that is not there");
      before->mutable_contact()->clear_etag();
      imported.mutable_before();  // It was there, whether or not there is room for what it said.
      if (const size_t bytes = before->ByteSizeLong(); kept_.bytes_before + bytes <= kBytesBefore) {
        kept_.bytes_before += bytes;
        *imported.mutable_before() = *std::move(before);
      }
      COUNCIL_ASSIGN_OR_RETURN(const auto seat, transaction.GetSeat(id));
      imported.set_seated_before(seat.has_value());
    }
  }
  contacts_[place->second].set_written_digest(DigestOfContent(outcome.contact));
  return transaction.PutContact(outcome.contact);
}

absl::StatusOr<KeptOfImport> ImportBatch::Keep(ContactsTransaction& transaction) {
  // Another call that continues the import may have kept more meanwhile.
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<KeptImport> imports, transaction.Imports());
  const auto found = std::ranges::find(imports, id_, &KeptImport::id);
  kept_.parts = found == imports.end() ? 0 : found->parts;
  if (kept_.parts == 0) {
    COUNCIL_RETURN_IF_ERROR(PruneImports(transaction, time_, kKeptImports - (contacts_.empty() ? 0 : 1)));
  }
  storage::v1::StoredImport part;
  size_t bytes = 0;
  for (size_t i = 0; i < contacts_.size(); ++i) {
    bytes += contacts_[i].ByteSizeLong();
    *part.add_contacts() = std::move(contacts_[i]);
    if (bytes < kPartBytes && i + 1 < contacts_.size()) continue;
    COUNCIL_RETURN_IF_ERROR(transaction.PutImportPart(id_, time_, kept_.parts++, part));
    part.Clear();
    bytes = 0;
  }
  return kept_;
}

absl::Status ForgetOldImports(ContactsTransaction& transaction, absl::Time now) {
  return PruneImports(transaction, now, kKeptImports);
}

absl::StatusOr<Undone> UndoImported(ContactsTransaction& transaction, const ImportedContact& imported, absl::Time now) {
  const std::string& id = imported.contact_id();
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<StoredContact> contact, transaction.GetContact(id));
  if (!contact.has_value()) {
    COUNCIL_ASSIGN_OR_RETURN(const std::string current, transaction.ResolveId(id));
    return imported.has_before() || current != id ? Undone::kKept : Undone::kDeleted;
  }
  // There was no room for what it said.
  if (imported.has_before() && !imported.before().has_contact()) return Undone::kKept;
  const std::string digest = DigestOfContent(*contact);
  if (imported.has_before() && digest == DigestOfContent(imported.before())) return Undone::kRestored;
  if (digest != imported.written_digest()) return Undone::kKept;
  COUNCIL_ASSIGN_OR_RETURN(const auto seat, transaction.GetSeat(id));
  if (seat.has_value() && !imported.seated_before()) return Undone::kKept;
  if (imported.has_before()) {
    StoredContact before = imported.before();
    *before.mutable_contact()->mutable_update_time() = base::ToProto(now);
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(before));
    if (seat.has_value() && !IsOffCouncil(before.contact().status())) {
      COUNCIL_RETURN_IF_ERROR(GiveBackSeat(transaction, *contact, *seat));
    }
    return Undone::kRestored;
  }
  // Whom they know was said of them since.
  COUNCIL_ASSIGN_OR_RETURN(const auto acquaintances, transaction.Acquaintances(id));
  if (!acquaintances.empty()) return Undone::kKept;
  COUNCIL_RETURN_IF_ERROR(transaction.DeleteContact(id));
  return Undone::kDeleted;
}

absl::Status ForgetBefore(ContactsTransaction& transaction, const KeptImport& import, int64_t part,
                          const absl::flat_hash_set<std::string>& ids) {
  COUNCIL_ASSIGN_OR_RETURN(auto what, transaction.ImportPart(import.id, part));
  if (!what.has_value()) return absl::OkStatus();
  for (ImportedContact& imported : *what->mutable_contacts()) {
    if (ids.contains(imported.contact_id())) imported.clear_before();
  }
  return transaction.PutImportPart(import.id, import.time, part, *what);
}

}  // namespace council::contacts
