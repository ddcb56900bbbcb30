#ifndef COUNCIL_SERVICES_CONTACTS_CONTACT_IMPORTS_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACT_IMPORTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/contacts/contacts_store.h"
#include "services/contacts/import_model.h"

// What is kept of imports, and what undoing them makes of contacts.
namespace council::contacts {

// So many imports can be undone, each for so long.
inline constexpr size_t kKeptImports = 10;
inline constexpr absl::Duration kImportsKept = absl::Hours(90 * 24);

// One transaction of an import: writes contacts, and keeps what that did.
class ImportBatch {
 public:
  // Of the import `id`, which began at `time` and of which `parts` are kept already.
  ImportBatch(std::string id, absl::Time time, int64_t parts) : id_(std::move(id)), time_(time), parts_(parts) {}

  // Writes the contact of an outcome that is kCreated or kUpdated.
  absl::Status Put(ContactsTransaction& transaction, const ImportModel::Outcome& outcome);

  // To be called at the end of the transaction. Makes room for the import where these are its first parts. Returns how
  // many parts there are then.
  absl::StatusOr<int64_t> Keep(ContactsTransaction& transaction);

 private:
  const std::string id_;
  const absl::Time time_;
  const int64_t parts_;
  std::vector<storage::v1::ImportedContact> contacts_;
  absl::flat_hash_map<std::string, size_t> places_;  // By contact, in `contacts_`.
};

// What became of a contact whose import is undone.
enum class Undone { kDeleted, kRestored, kKept };

// Undoes what a part of an import did to a contact, unless the contact was changed, merged or given a seat since. What
// an interrupted call undid counts as if this one did.
absl::StatusOr<Undone> UndoImported(ContactsTransaction& transaction, const storage::v1::ImportedContact& imported,
                                    absl::Time now);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACT_IMPORTS_H_
