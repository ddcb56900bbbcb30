// Contacts: imports that are undone.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libs/base/status.h"
#include "services/contacts/contact_imports.h"
#include "services/contacts/contacts.h"

namespace council::contacts {
namespace {

absl::Status ImportNotFound() {
  return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_IMPORT_NOT_FOUND,
                     "no import with this id can be undone: the last ten can, for 90 days");
}

v1::UndoImportResponse ResponseOf(const absl::flat_hash_map<std::string, Undone>& contacts) {
  v1::UndoImportResponse response;
  for (const auto& [id, undone] : contacts) {
    switch (undone) {
      case Undone::kDeleted:
        response.set_deleted(response.deleted() + 1);
        break;
      case Undone::kRestored:
        response.set_restored(response.restored() + 1);
        break;
      case Undone::kKept:
        response.set_kept(response.kept() + 1);
        break;
    }
  }
  return response;
}

}  // namespace

absl::StatusOr<Changed<v1::UndoImportResponse>> Contacts::UndoImport(const rpc::CallContext& call,
                                                                     const std::string& import_id) {
  int64_t parts = 0;
  const auto find = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<KeptImport> imports, snapshot.Imports());
    const auto found = std::ranges::find(imports, import_id, &KeptImport::id);
    if (found == imports.end() || found->time < clock_.Now() - kImportsKept) return ImportNotFound();
    parts = found->parts;
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(store_.Read(call.owner(), call.deadline(), find));

  // The last part first, and each backwards: what was written to a contact twice goes back by two steps.
  absl::flat_hash_map<std::string, Undone> contacts;
  Changed<v1::UndoImportResponse> undone;
  for (int64_t part = parts - 1; part >= 0; --part) {
    if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
    const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(const auto what, transaction.ImportPart(import_id, part));
      // Gone where somebody else undid it meanwhile.
      for (int i = what.has_value() ? what->contacts_size() - 1 : -1; i >= 0; --i) {
        COUNCIL_ASSIGN_OR_RETURN(contacts[what->contacts(i).contact_id()],
                                 UndoImported(transaction, what->contacts(i), now));
      }
      // Until then the same call, repeated, counts all of it again.
      return part == 0 ? transaction.DeleteImport(import_id) : absl::OkStatus();
    };
    COUNCIL_ASSIGN_OR_RETURN(undone.revision, Change(call, work));
  }
  undone.value = ResponseOf(contacts);
  return undone;
}

}  // namespace council::contacts
