#ifndef COUNCIL_SERVICES_CONTACTS_CONTACT_LISTS_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACT_LISTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/contacts/v1/contacts_service.pb.h"

// Choosing, ordering and comparing the contacts of one owner, as pure functions.
namespace council::contacts {

// How a list is ordered.
struct ContactOrder {
  enum class Key { kDisplayName, kCreateTime, kUpdateTime };
  Key key = Key::kDisplayName;
  bool descending = false;
};

// Reads an order_by. Fails with INVALID_ARGUMENT for anything that the contract does not name.
absl::StatusOr<ContactOrder> ParseOrder(const std::string& order_by);

// The contacts in which every word of `filter` occurs, in a name, e-mail, organization, title, location or tag, in that
// order; equal ones by id. Case and accents do not matter.
std::vector<v1::Contact> Selected(std::vector<v1::Contact> contacts, const std::string& filter, ContactOrder order);

// Groups of contacts that may be one person, the surest first: with an e-mail address in common, then with the same
// name (and no two organizations), then with a phone number in common. At most `limit` groups, each of at most 20
// contacts.
std::vector<v1::DuplicateGroup> Duplicates(const std::vector<v1::Contact>& contacts, size_t limit);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACT_LISTS_H_
