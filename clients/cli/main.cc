#include <grpc/support/log.h>

#include <cstdlib>
#include <string>

#include "clients/cli/app.h"
#include "clients/cli/session.h"
#include "clients/cli/state.h"
#include "clients/cli/terminal.h"
#include "clients/cli/wrapped_output.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"

namespace {

// By whose place days and numbers are written; empty: nothing says so.
std::string LocaleOfEnvironment() {
  for (const char* variable : {"LC_ALL", "LC_TIME", "LANG"}) {
    const char* locale = std::getenv(variable);
    if (locale != nullptr && *locale != '\0') return locale;
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  // What gRPC has to say comes with the status of a call; on standard error it would only disturb.
  gpr_set_log_function([](gpr_log_func_args*) {});
  const council::base::SystemClock clock;
  council::base::SystemRandom random;
  const council::cli::WrappedTerminal terminal(council::cli::StandardTerminal());
  council::cli::Session session(terminal.terminal(), clock, random, absl::LocalTimeZone(), LocaleOfEnvironment(),
                                council::cli::DefaultStatePath());
  return council::cli::RunApp(argc, argv, session);
}
