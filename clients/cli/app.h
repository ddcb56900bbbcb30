#ifndef COUNCIL_CLIENTS_CLI_APP_H_
#define COUNCIL_CLIENTS_CLI_APP_H_

#include "clients/cli/session.h"

namespace council::cli {

// The command line as a function: reads the arguments, runs the command, prints, and returns the exit code (errors.h).
int RunApp(int argc, const char* const* argv, Session& session);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_APP_H_
