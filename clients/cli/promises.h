#ifndef COUNCIL_CLIENTS_CLI_PROMISES_H_
#define COUNCIL_CLIENTS_CLI_PROMISES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/people.h"
#include "clients/cli/session.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::cli {

// Promises, the soonest due first, then those without a day; over as many pages as it takes.
absl::StatusOr<std::vector<ledger::v1::PromiseRecord>> ListPromises(Client& client, bool include_closed);

// "You promised Rosa Lindqvist: the paper, by Fri 4 Dec", "Rosa Lindqvist promised you: an introduction".
std::string PromiseText(const ledger::v1::PromiseRecord& record, const ContactBook& book, const Session& session);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_PROMISES_H_
