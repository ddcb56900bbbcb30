#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PEOPLE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PEOPLE_H_

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "council/contacts/v1/contacts.pb.h"
#include "council/contacts/v1/contacts_service.pb.h"

// Who is who, by any id that somebody has or had: those of contacts merged into theirs stay in entries and plans.
namespace council::recommendations {

// Whether `id` is or was an id of `contact`.
bool Names(const contacts::v1::Contact& contact, std::string_view id);

// Whether one of `ids` is or was.
bool NamesAny(const contacts::v1::Contact& contact, const google::protobuf::RepeatedPtrField<std::string>& ids);

// The seat of `contact` in `council`, which may be of a time before somebody was merged into them. Null: none.
const contacts::v1::CouncilSeat* SeatOf(const contacts::v1::GetCouncilResponse& council,
                                        const contacts::v1::Contact& contact);

// Contacts by all their ids. Views the contacts, which must outlive it.
class People {
 public:
  explicit People(std::span<const contacts::v1::Contact> contacts);

  // Null: nobody, as is who is no contact any more.
  const contacts::v1::Contact* Find(std::string_view id) const;

 private:
  std::unordered_map<std::string_view, const contacts::v1::Contact*> by_id_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PEOPLE_H_
