#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_WRITER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_WRITER_H_

#include <string>

#include "council/contacts/v1/contacts.pb.h"

namespace council::contacts {

// The contact as a card of vCard 4.0 (RFC 6350): CRLF, folded at 75 octets. All fields are in it but those that the
// service gives (id, former_ids, etag, times), and ReadContacts reads them back as they are. Fields that vCard lacks
// are X-COUNCIL-… properties. The contact must be within the limits of contacts.proto.
std::string WriteVcard(const v1::Contact& contact);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_WRITER_H_
