#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_CSV_READER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_CSV_READER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// What the header of a table, at its start, says that it is; UNSPECIFIED where it is neither LinkedIn's nor Google's.
v1::ContactFormat DetectCsvFormat(absl::string_view bytes);

// Gives each row of LinkedIn's Connections.csv to `take`, as ReadContacts does. Lines before the header are passed
// over. The profile's address becomes the vCard UID (it stays when job and e-mail change) and a URL property,
// "Connected On" the sentence in how_met. Fails with INVALID_ARGUMENT where there is no such header.
absl::Status ReadLinkedInCsv(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take);

// The same for both layouts of Google Contacts. Labels ("Group Membership") become tags; several values in one field,
// parted by " ::: ", are all taken.
absl::Status ReadGoogleCsv(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_CSV_READER_H_
