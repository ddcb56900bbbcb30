// Contacts: imports that are undone.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libs/base/status.h"
#include "services/contacts/contact_imports.h"
#include "services/contacts/contacts.h"

namespace council::contacts {
namespace {

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

// Forgets the import, and what others did to contacts that went with it.
absl::Status ForgetUndone(ContactsTransaction& transaction, const std::string& import_id,
                          const absl::flat_hash_map<std::string, Undone>& contacts, absl::Time now) {
  COUNCIL_RETURN_IF_ERROR(transaction.DeleteImport(import_id));
  COUNCIL_RETURN_IF_ERROR(ForgetOldImports(transaction, now));
  std::vector<std::string> gone;
  for (const auto& [id, undone] : contacts) {
    if (undone == Undone::kDeleted) gone.push_back(id);
  }
  return gone.empty() ? absl::OkStatus() : transaction.ForgetInImports(gone);
}

}  // namespace

absl::StatusOr<Changed<v1::UndoImportResponse>> Contacts::UndoImport(const rpc::CallContext& call,
                                                                     const std::string& import_id) {
  KeptImport import;
  const auto find = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(import, FindImport(snapshot, import_id, clock_.Now()));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(store_.Read(call.owner(), call.deadline(), find));

  // The last part first, and each backwards: what was written to a contact twice goes back by two steps.
  absl::flat_hash_map<std::string, Undone> contacts;
  // The parts that say how a contact was before, by contact.
  absl::flat_hash_map<std::string, std::set<int64_t>> parts_before;
  Changed<v1::UndoImportResponse> undone;
  for (int64_t part = import.parts - 1; part >= 0; --part) {
    if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
    const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(const auto what, transaction.ImportPart(import_id, part));
      absl::flat_hash_set<std::string> gone;
      std::set<int64_t> say_of_them;
      // Gone where somebody else undid it meanwhile.
      for (int i = what.has_value() ? what->contacts_size() - 1 : -1; i >= 0; --i) {
        const storage::v1::ImportedContact& imported = what->contacts(i);
        const std::string& id = imported.contact_id();
        COUNCIL_ASSIGN_OR_RETURN(const Undone outcome, UndoImported(transaction, imported, now));
        contacts[id] = outcome;
        if (imported.has_before()) {
          parts_before[id].insert(part);
        } else if (outcome == Undone::kDeleted) {
          gone.insert(id);
          say_of_them.merge(std::set<int64_t>(parts_before[id]));
        }
      }
      // Nobody can ask for their erasure any more, and the next part may be long in coming.
      for (const int64_t other : say_of_them) {
        COUNCIL_RETURN_IF_ERROR(ForgetBefore(transaction, import, other, gone));
      }
      // Until then the same call, repeated, counts all of it again.
      return part == 0 ? ForgetUndone(transaction, import_id, contacts, now) : absl::OkStatus();
    };
    COUNCIL_ASSIGN_OR_RETURN(undone.revision, Change(call, work));
  }
  undone.value = ResponseOf(contacts);
  return undone;
}

}  // namespace council::contacts
