#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_MONICA_READER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_MONICA_READER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// Gives each contact of Monica's export in JSON to `take`, as ReadContacts does; JSON has no lines, so what is left out
// names the contact instead. Monica's UUID becomes the vCard UID, as in the cards that Monica gives out. Somebody who
// died is DECEASED; who was put into the archive, or starred, has a tag that says so. What they like to eat, pets, life
// events and notes (with their day) become notes; nickname, addresses, relationships, gender and days of death
// ("unknown" where Monica has none) vCard properties. What was done together is not read here
// (services/ledger/import/monica.h). How many gifts, debts, reminders and the like are left out is said last.
//
// Those who have no card in Monica but a name on somebody else's ("partial") become no contacts; their names are kept
// there as relationships. Fails as exports::MonicaExport::Parse does.
absl::Status ReadMonicaJson(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_MONICA_READER_H_
