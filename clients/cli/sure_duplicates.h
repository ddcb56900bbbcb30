#ifndef COUNCIL_CLIENTS_CLI_SURE_DUPLICATES_H_
#define COUNCIL_CLIENTS_CLI_SURE_DUPLICATES_H_

#include <vector>

#include "council/contacts/v1/contacts.pb.h"

namespace council::cli {

// Contacts that are one person beyond doubt: the same words in the name, in any order, and an e-mail address or a phone
// number in common, with all of a group if need be by way of others. Groups of two or more, in the order of `contacts`;
// the one that says most comes first in its group. An address alone may be an office's, a name alone another person's.
std::vector<std::vector<contacts::v1::Contact>> SureDuplicates(const std::vector<contacts::v1::Contact>& contacts);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_SURE_DUPLICATES_H_
