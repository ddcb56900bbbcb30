#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_OWNER_ZONE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_OWNER_ZONE_H_

#include <string>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"

namespace council::recommendations {

// The time zone in which an owner's days are.
struct OwnerZone {
  std::string name;
  absl::TimeZone zone;
};

// That of the settings; UTC where none is set, or one that this system does not know.
OwnerZone ZoneOf(const contacts::v1::Settings& settings);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_OWNER_ZONE_H_
