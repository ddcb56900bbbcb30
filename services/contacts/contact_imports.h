#ifndef COUNCIL_SERVICES_CONTACTS_CONTACT_IMPORTS_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACT_IMPORTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

// So much one import keeps of how contacts were before it: whoever is deleted is looked for in all of it. Contacts that
// it updates beyond that are not restored, but kept.
inline constexpr size_t kBytesBefore = 8 << 20;

// What is kept of an import so far.
struct KeptOfImport {
  int64_t parts = 0;
  size_t bytes_before = 0;  // Of earlier versions; of an earlier file of the import, of all that is kept.
};

// The import of this id, if it can be undone at `now`. IMPORT_NOT_FOUND.
absl::StatusOr<KeptImport> FindImport(ContactsSnapshot& snapshot, const std::string& id, absl::Time now);

// One transaction of an import: writes contacts, and keeps what that did.
class ImportBatch {
 public:
  // Of the import `id`, which began at `time` and of which `kept` is there already.
  ImportBatch(std::string id, absl::Time time, const KeptOfImport& kept)
      : id_(std::move(id)), time_(time), kept_(kept) {}

  // Writes the contact of an outcome that is kCreated or kUpdated.
  absl::Status Put(ContactsTransaction& transaction, const ImportModel::Outcome& outcome);

  // To be called at the end of the transaction. Makes room for the import where these are its first parts. Returns what
  // is kept then.
  absl::StatusOr<KeptOfImport> Keep(ContactsTransaction& transaction);

 private:
  const std::string id_;
  const absl::Time time_;
  KeptOfImport kept_;
  std::vector<storage::v1::ImportedContact> contacts_;
  absl::flat_hash_map<std::string, size_t> places_;  // By contact, in `contacts_`.
};

// Forgets imports that are too old to be undone at `now`.
absl::Status ForgetOldImports(ContactsTransaction& transaction, absl::Time now);

// What became of a contact whose import is undone.
enum class Undone { kDeleted, kRestored, kKept };

// Undoes what a part of an import did to a contact, unless the contact was changed, merged or given a seat since. What
// an interrupted call undid counts as if this one did.
absl::StatusOr<Undone> UndoImported(ContactsTransaction& transaction, const storage::v1::ImportedContact& imported,
                                    absl::Time now);

// Takes from a part of an import how the contacts of `ids`, which are gone, were before. Undoing the part still counts
// them.
absl::Status ForgetBefore(ContactsTransaction& transaction, const KeptImport& import, int64_t part,
                          const absl::flat_hash_set<std::string>& ids);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACT_IMPORTS_H_
