#include "clients/cli/app.h"
#include "clients/cli/session.h"
#include "clients/cli/state.h"
#include "clients/cli/terminal.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"

int main(int argc, char** argv) {
  const council::base::SystemClock clock;
  council::base::SystemRandom random;
  council::cli::Session session(council::cli::StandardTerminal(), clock, random, absl::LocalTimeZone(),
                                council::cli::DefaultStatePath());
  return council::cli::RunApp(argc, argv, session);
}
