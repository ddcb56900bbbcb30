#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CONTACT_STATUS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CONTACT_STATUS_H_

#include <string>

#include "absl/time/civil_time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "libs/base/status.h"

namespace council::recommendations {

// Whether no contact with somebody is wanted, or they have died: they have no seat, no part in advice or in what is to
// come, and what they did to the balance by leaving is not told.
bool IsOffCouncil(const contacts::v1::Contact& contact);

// Whether somebody is to be left alone on the day `today` of the owner's: PAUSED for good or until a day to come.
bool IsResting(const contacts::v1::Contact& contact, absl::CivilDay today);

// Adds to `violations` why `contact`, whom `field` names, can have no seat, where that is so.
void CheckMayHaveSeat(const contacts::v1::Contact& contact, const std::string& field,
                      base::FieldViolations& violations);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CONTACT_STATUS_H_
