#ifndef COUNCIL_CLIENTS_CLI_EDITOR_H_
#define COUNCIL_CLIENTS_CLI_EDITOR_H_

#include <string>

#include "absl/status/statusor.h"

namespace council::cli {

// Lets a person write in $VISUAL, $EDITOR or vi, beginning with `text`, and returns what stands there afterwards
// without white space at its end: a note typed as an argument would stay in the shell's history. The file in between is
// readable by this account only and removed. FAILED_PRECONDITION where the editor fails.
absl::StatusOr<std::string> WriteInEditor(const std::string& text);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_EDITOR_H_
