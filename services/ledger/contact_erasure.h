// What erasing a contact means for an entry, a plan and an imported event.
#ifndef COUNCIL_SERVICES_LEDGER_CONTACT_ERASURE_H_
#define COUNCIL_SERVICES_LEDGER_CONTACT_ERASURE_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "council/ledger/v1/ledger.pb.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// Ids of one contact: their own, and those of contacts that were merged into it.
using ContactIds = std::set<std::string>;

// Erases from an entry, if it names the contact as one who took part, benefited or was introduced: the contact's part
// and the introductions, and all free text, since nobody but the owner can tell whom it is about; with their salts, so
// that no commitment can be guessed open; and the digests of the request. What is left of the entry (when, how long,
// how deep, who else) stays as it was, with blanks in the places of what is gone, and has the same hash.
//
// Returns whether the entry named the contact. DATA_LOSS where the salts are not the entry's.
absl::StatusOr<bool> EraseFrom(EntryRow& row, const ContactIds& contact);

// The same for what the file said of an event, by which a later import finds it again.
bool EraseFrom(EventRecord& record, const ContactIds& contact);

// The same for what an import keeps of how events were before it.
bool EraseFrom(ImportPart& part, const ContactIds& contact);

// The same for a plan. One that is left without anybody is to be removed.
bool EraseFrom(v1::Plan& plan, const ContactIds& contact);

// Whether one of the contacts took part in the entry, benefited or was introduced.
bool Names(const v1::Interaction& entry, const ContactIds& contact);

// Whether the draft is of an imported event and names one of the contacts, or was made of what did.
bool BringsBack(const Draft& draft, const ContactIds& erased);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_CONTACT_ERASURE_H_
