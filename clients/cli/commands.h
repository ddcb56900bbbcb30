#ifndef COUNCIL_CLIENTS_CLI_COMMANDS_H_
#define COUNCIL_CLIENTS_CLI_COMMANDS_H_

#include <string>
#include <vector>

#include "clients/cli/session.h"

namespace CLI {
class App;
}

namespace council::cli {

// Each adds its commands to `app`; the one that is named on the command line puts what it does into `chosen`.
void AddImportCommand(CLI::App& app, Command& chosen);
void AddContactsCommands(CLI::App& app, Command& chosen);
// Adds `delete`, `merge` and `duplicates` to `contacts`.
void AddMergeCommands(CLI::App& contacts, Command& chosen);
void AddShowCommands(CLI::App& app, Command& chosen);
void AddStartCommand(CLI::App& app, Command& chosen);
void AddSeatCommands(CLI::App& app, Command& chosen);
void AddLogCommand(CLI::App& app, Command& chosen);
void AddCorrectCommands(CLI::App& app, Command& chosen);
// Adds `import` to `undo`.
void AddUndoImportCommand(CLI::App& undo, Command& chosen);
void AddPlansCommands(CLI::App& app, Command& chosen);
void AddPromiseCommands(CLI::App& app, Command& chosen);
void AddTalksCommands(CLI::App& app, Command& chosen);
void AddBalanceCommands(CLI::App& app, Command& chosen);
void AddAdviceCommands(CLI::App& app, Command& chosen);
void AddHindsightCommand(CLI::App& app, Command& chosen);
void AddReviewCommand(CLI::App& app, Command& chosen);
void AddIntroductionsCommand(CLI::App& app, Command& chosen);
void AddDigestCommand(CLI::App& app, Command& chosen);
void AddCalendarCommand(CLI::App& app, Command& chosen);
void AddProposeCommand(CLI::App& app, Command& chosen);
void AddTryCommand(CLI::App& app, Command& chosen);
void AddExportCommand(CLI::App& app, Command& chosen);
void AddVerifyCommand(CLI::App& app, Command& chosen);
void AddSettingsCommand(CLI::App& app, Command& chosen);
void AddAccessCommand(CLI::App& app, Command& chosen);
void AddForgetCommand(CLI::App& app, Command& chosen);
// Those that call no suite.
void AddLoginCommands(CLI::App& app, Command& chosen);
void AddDevTokenCommand(CLI::App& app, Command& chosen);

// `council import FILES…` with its defaults, as part of another command; the exit code that it would have.
absl::StatusOr<int> RunImport(const std::vector<std::string>& files, Session& session);

// `council` alone: today's and tomorrow's meetings, whether past ones took place, promises that are due, and at most
// three people to think of.
absl::StatusOr<int> RunOverview(Session& session);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_COMMANDS_H_
