#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_RULES_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_RULES_H_

#include "council/common/v1/council.pb.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger.pb.h"

// What advice and the summary of a person both go by.
namespace council::recommendations {

// Whether an entry says that it was news or a greeting: EXCHANGE or UPDATE.
bool IsShallow(const ledger::v1::Interaction& entry);

bool HasRole(const contacts::v1::Seat& seat, common::v1::CouncilRole role);

// Whether `contact`, one of its contacts, gave advice or feedback in `entry`.
bool Advised(const ledger::v1::Interaction& entry, const contacts::v1::Contact& contact);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_RULES_H_
