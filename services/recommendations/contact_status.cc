#include "services/recommendations/contact_status.h"

namespace council::recommendations {

bool IsOffCouncil(const contacts::v1::Contact& contact) {
  return contact.status() == contacts::v1::CONTACT_STATUS_NO_CONTACT ||
         contact.status() == contacts::v1::CONTACT_STATUS_DECEASED;
}

bool IsResting(const contacts::v1::Contact& contact, absl::CivilDay today) {
  absl::CivilDay until;
  return contact.status() == contacts::v1::CONTACT_STATUS_PAUSED &&
         !(absl::ParseCivilTime(contact.paused_until(), &until) && until <= today);
}

void CheckMayHaveSeat(const contacts::v1::Contact& contact, const std::string& field,
                      base::FieldViolations& violations) {
  if (contact.status() == contacts::v1::CONTACT_STATUS_DECEASED) violations.Add(field, "has died");
  if (contact.status() == contacts::v1::CONTACT_STATUS_NO_CONTACT) {
    violations.Add(field, "is somebody with whom no contact is wanted");
  }
}

}  // namespace council::recommendations
