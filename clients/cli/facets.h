#ifndef COUNCIL_CLIENTS_CLI_FACETS_H_
#define COUNCIL_CLIENTS_CLI_FACETS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "council/contacts/v1/contacts.pb.h"

namespace council::cli {

// Sets facets from texts "function=design" over those that `contact` has; "function=" takes one away. INVALID_ARGUMENT
// for a text without "=".
absl::Status ApplyFacets(const std::vector<std::string>& texts, contacts::v1::Contact& contact);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_FACETS_H_
