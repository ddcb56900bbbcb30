#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_DEX_READER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_DEX_READER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// Gives each row of Dex's export in CSV (libs/exports/dex_export.h) to `take`, as ReadContacts does. The profile at
// LinkedIn becomes the vCard UID, as in LinkedIn's own file, so that both files are about one contact. Columns that
// have no field here become lines of the notes, with their header. When somebody was last seen is not read here
// (services/ledger/import/dex.h). Fails as exports::ForEachDexPerson does.
absl::Status ReadDexCsv(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_DEX_READER_H_
