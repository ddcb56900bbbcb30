#ifndef COUNCIL_CLIENTS_CLI_EMBEDDED_SUITE_H_
#define COUNCIL_CLIENTS_CLI_EMBEDDED_SUITE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/terminal.h"

namespace council::cli {

// Where one's own suite lives, and how it is started.
struct EmbeddedSuiteOptions {
  // Its data, its socket (councild.sock), its log and its pid; made with mode 0700 where it is missing, so that no
  // other account can call it.
  std::string directory;
  // The program that runs it.
  std::string program;
  // How long it may take to answer.
  absl::Duration patience = absl::Seconds(20);
};

// $XDG_DATA_HOME/council (or ~/.local/share/council), and the councild that lies beside this program.
EmbeddedSuiteOptions DefaultEmbeddedSuite();

// Gives the address of the suite in `options.directory` and starts it where it does not run; it stays up when this
// program ends, and a line on `terminal.err` says so. Two programs at once start one suite. UNAVAILABLE where there is
// no program to start or it does not come up; the message names its log.
absl::StatusOr<std::string> EnsureEmbeddedSuite(const EmbeddedSuiteOptions& options, const Terminal& terminal);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_EMBEDDED_SUITE_H_
