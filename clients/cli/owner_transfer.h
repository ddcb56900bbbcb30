#ifndef COUNCIL_CLIENTS_CLI_OWNER_TRANSFER_H_
#define COUNCIL_CLIENTS_CLI_OWNER_TRANSFER_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/session.h"

// One's whole state from one suite to another. Both give the exit code.
namespace council::cli {

// Writes the file `path`, or standard output where it is empty or "-".
absl::StatusOr<int> ExportAll(const std::string& path, Session& session);

// Takes over the file `path`: every service checks its part before any writes. INVALID_ARGUMENT naming the line that is
// wrong; FAILED_PRECONDITION where there is anything else already. Interrupted, it is completed by the same again.
absl::StatusOr<int> ImportAll(const std::string& path, Session& session);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_OWNER_TRANSFER_H_
