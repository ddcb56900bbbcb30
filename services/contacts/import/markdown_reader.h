#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_MARKDOWN_READER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_MARKDOWN_READER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// Gives the person whom a file of notes is about (libs/markdown/person_notes.h) to `take`, as ReadContacts does, and
// before that a record for each line of front matter that is left out. Of the front matter are taken name, uid, email
// and emails, phone and phones, company or organization, title or role, location, birthday, tags; other keys stay
// behind. What is written before the first date becomes the contact's notes; what is dated is the ledger's. `bytes` and
// `file_name` are the file and its name.
// Fails with INVALID_ARGUMENT where the front matter can't be read, and with RESOURCE_EXHAUSTED where the notes have
// too many dates.
absl::Status ReadMarkdown(absl::string_view bytes, absl::string_view file_name,
                          absl::FunctionRef<bool(FileRecord)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_MARKDOWN_READER_H_
