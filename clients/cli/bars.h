#ifndef COUNCIL_CLIENTS_CLI_BARS_H_
#define COUNCIL_CLIENTS_CLI_BARS_H_

#include <string>

namespace council::cli {

// A bar of `columns` characters filled to `value` (0 to 1, cut to it), in eighths of a character: "██████▌░░░".
// Not-a-number counts as 0.
std::string Bar(double value, int columns);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_BARS_H_
