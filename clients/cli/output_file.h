#ifndef COUNCIL_CLIENTS_CLI_OUTPUT_FILE_H_
#define COUNCIL_CLIENTS_CLI_OUTPUT_FILE_H_

#include <functional>
#include <iosfwd>
#include <string>

#include "absl/status/status.h"

namespace council::cli {

// Writes a file that this account alone can read, whole or not at all: a half-written one must not look like a good
// one, and where `write` fails what stood there stays. UNKNOWN where the file can't be written, else what `write`
// gives.
absl::Status WriteFile(const std::string& path, const std::function<absl::Status(std::ostream&)>& write);

// The same with the content at hand.
absl::Status WriteFile(const std::string& path, const std::string& content);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_OUTPUT_FILE_H_
