#include "services/recommendations/owner_zone.h"

namespace council::recommendations {

OwnerZone ZoneOf(const contacts::v1::Settings& settings) {
  OwnerZone owner = {.name = settings.time_zone(), .zone = absl::UTCTimeZone()};
  if (!owner.name.empty() && absl::LoadTimeZone(owner.name, &owner.zone)) return owner;
  return {.name = "UTC", .zone = absl::UTCTimeZone()};
}

}  // namespace council::recommendations
