#include "services/recommendations/people.h"

#include <algorithm>

namespace council::recommendations {

using contacts::v1::Contact;
using contacts::v1::CouncilSeat;

bool Names(const Contact& contact, std::string_view id) {
  return contact.id() == id || std::ranges::find(contact.former_ids(), id) != contact.former_ids().end();
}

bool NamesAny(const Contact& contact, const google::protobuf::RepeatedPtrField<std::string>& ids) {
  return std::ranges::any_of(ids, [&contact](const std::string& id) { return Names(contact, id); });
}

const CouncilSeat* SeatOf(const contacts::v1::GetCouncilResponse& council, const Contact& contact) {
  const auto found = std::ranges::find_if(council.seats(), [&contact](const CouncilSeat& seat) {
    return Names(contact, seat.seat().contact_id()) || Names(seat.contact(), contact.id());
  });
  return found == council.seats().end() ? nullptr : &*found;
}

People::People(std::span<const Contact> contacts) {
  for (const Contact& contact : contacts) {
    by_id_.emplace(contact.id(), &contact);
    for (const std::string& former : contact.former_ids()) by_id_.emplace(former, &contact);
  }
}

const Contact* People::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

}  // namespace council::recommendations
