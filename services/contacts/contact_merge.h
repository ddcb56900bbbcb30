#ifndef COUNCIL_SERVICES_CONTACTS_CONTACT_MERGE_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACT_MERGE_H_

#include <string>

#include "council/contacts/v1/contacts.pb.h"
#include "services/contacts/contacts_storage.pb.h"

// What becomes of two records of one person, as pure functions.
namespace council::contacts {

// How a name and an organization are compared where there is nothing better to know a person by.
std::string NameKey(const std::string& display_name, const std::string& organization);

// Whether the two names are of one person as far as can be told: the same words, in any order, without case and
// accents.
std::string NameWordsKey(const std::string& display_name);

// Adds to `known` what a file's record says that `known` does not: values to empty fields, and e-mails, phones, tags,
// facets and vCard properties that are missing, as far as the limits allow; that they have died, or that no contact is
// wanted, unless either is known. A DEATHDATE that `known` has already says nothing new: the owner may have said since
// that they live. Nothing else that is there changes. False where there was nothing to add.
bool FillIn(const v1::Contact& record, v1::Contact& known);

// Makes of `into` and `from` one contact: `into`'s values stay, what it lacks comes from `from`, lists are united,
// notes follow each other, `from`'s ids become former ones. Of two statuses the one that asks for more rest holds:
// DECEASED, NO_CONTACT, PAUSED without a day or until the later one, ACTIVE. The result may be over the limits:
// validate it.
void Unite(const storage::v1::StoredContact& from, storage::v1::StoredContact& into);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACT_MERGE_H_
