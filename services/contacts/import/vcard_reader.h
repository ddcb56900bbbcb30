#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_READER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_READER_H_

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// Gives each card of a vCard file to `take`, as ReadContacts does.
//
// FN (else N, else NICKNAME) → display_name; EMAIL, TEL, TITLE, NOTE, BDAY, UID → their fields; ORG → organization, its
// first component; ADR → location (locality, region, country); CATEGORIES → tags. DEATHDATE, whatever day it has, makes
// the status DECEASED. Whatever is told in more detail than its field holds, second values of single fields, and
// properties without a field go into vcard_properties. Groups of contacts are left out. Cards that vcard_writer.h wrote
// come back as the contacts that they were.
void ReadVcards(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_READER_H_
