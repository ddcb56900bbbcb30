#include "clients/cli/app.h"

#include <pwd.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>
#include <ostream>
#include <string>

#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"

namespace council::cli {
namespace {

constexpr char kFooter[] =
    "Example:\n"
    "  council start contacts.vcf calendar.ics\n"
    "  council log rosa --on yesterday --depth counsel --received advice:3 --energy good\n"
    "  council prep\n"
    "  council promise rosa \"send her the paper\" --by friday\n"
    "  council advice\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nobody found, 4 several are meant,\n"
    "5 suite unavailable, 6 partly done.\n"
    "Flags may also stand in a file: $COUNCIL_CONFIG or ~/.config/council/config.toml.";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string AccountName() {
  const passwd* account = getpwuid(geteuid());
  return account == nullptr ? "me" : account->pw_name;
}

std::string DefaultConfigPath() {
  const std::string config = Environment("XDG_CONFIG_HOME");
  if (!config.empty()) return config + "/council/config.toml";
  return Environment("HOME") + "/.config/council/config.toml";
}

// CLI11 2.1 reads the file before it looks at the environment, so that an envname() would come too late.
void AddConfigFile(CLI::App& app) {
  const std::string named = Environment("COUNCIL_CONFIG");
  const bool must_be_there = !named.empty();
  app.set_config("--config", must_be_there ? named : DefaultConfigPath(),
                 "File with flags, one a line: server = \"127.0.0.1:7100\"; $COUNCIL_CONFIG names another one",
                 must_be_there);
  app.allow_config_extras(CLI::config_extras_mode::error);
}

void AddGlobalFlags(CLI::App& app, GlobalOptions& options, std::string& output) {
  options.owner = AccountName();
  AddConfigFile(app);
  app.add_option("--server", options.server, "HOST:PORT of the suite (default: your own, started if need be)")
      ->envname("COUNCIL_SERVER");
  app.add_option("--contacts", options.contacts, "HOST:PORT of the contacts service, where it runs apart")
      ->envname("COUNCIL_CONTACTS");
  app.add_option("--ledger", options.ledger, "HOST:PORT of the ledger service, where it runs apart")
      ->envname("COUNCIL_LEDGER");
  app.add_option("--recommendations", options.recommendations,
                 "HOST:PORT of the recommendations service, where it runs apart")
      ->envname("COUNCIL_RECOMMENDATIONS");
  app.add_flag("--tls", options.tls, "TLS on this machine too; beyond it there is nothing else")
      ->envname("COUNCIL_TLS");
  app.add_option("--ca", options.ca, "PEM file with the CAs to believe instead of the system's; asks for TLS")
      ->envname("COUNCIL_CA");
  app.add_option("--access-token-file", options.access_token_file,
                 "File with the access token to call with, instead of a sign-in; read anew for each call")
      ->envname("COUNCIL_ACCESS_TOKEN_FILE");
  app.add_option("--owner", options.owner,
                 "Whose council, where you are not signed in and the suite runs with --auth=insecure-dev")
      ->envname("COUNCIL_OWNER")
      ->capture_default_str();
  app.add_option("--timeout", options.timeout_seconds, "Seconds for each call")
      ->envname("COUNCIL_TIMEOUT")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--output", output, "table for people, json for scripts")
      ->envname("COUNCIL_OUTPUT")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

// Flags of the program may stand behind the command too, where people write them.
void FallThrough(CLI::App& app) {
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    command->fallthrough();
    FallThrough(*command);
  }
}

// A JSON error is wanted even where the arguments could not be read.
bool AsksForJson(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--output=json" || (argument == "--output" && i + 1 < argc && std::string(argv[i + 1]) == "json")) {
      return true;
    }
  }
  return Environment("COUNCIL_OUTPUT") == "json";
}

}  // namespace

int RunApp(int argc, const char* const* argv, Session& session) {
  CLI::App app("Keeps your advisory council: the people whose candid feedback and advice you rely on.", "council");
  app.require_subcommand(0, 1);
  app.footer(kFooter);
  app.set_version_flag("--version", "council " COUNCIL_VERSION);
  std::string output = "table";
  AddGlobalFlags(app, session.options(), output);
  bool discreet = false;
  const CLI::Option* says_discreet =
      app.add_flag("--discreet,!--no-discreet", discreet,
                   "Others may see the screen: hide notes, energy and scores (default: as in the settings)")
          ->envname("COUNCIL_DISCREET");
  Command chosen = RunOverview;
  AddStartCommand(app, chosen);
  AddImportCommand(app, chosen);
  AddContactsCommands(app, chosen);
  AddShowCommands(app, chosen);
  AddSeatCommands(app, chosen);
  AddLogCommand(app, chosen);
  AddTalksCommands(app, chosen);
  AddCorrectCommands(app, chosen);
  AddPlansCommands(app, chosen);
  AddPromiseCommands(app, chosen);
  AddBalanceCommands(app, chosen);
  AddAdviceCommands(app, chosen);
  AddHindsightCommand(app, chosen);
  AddReviewCommand(app, chosen);
  AddIntroductionsCommand(app, chosen);
  AddDigestCommand(app, chosen);
  AddCalendarCommand(app, chosen);
  AddProposeCommand(app, chosen);
  AddTryCommand(app, chosen);
  AddSettingsCommand(app, chosen);
  AddExportCommand(app, chosen);
  AddVerifyCommand(app, chosen);
  AddAccessCommand(app, chosen);
  AddForgetCommand(app, chosen);
  Command apart;
  AddLoginCommands(app, apart);
  AddDevTokenCommand(app, apart);
  FallThrough(app);
  UseWrappedHelp(app, session.terminal().width);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help, *session.terminal().out, *session.terminal().err);
  } catch (const CLI::ParseError& error) {
    std::string message = std::string(error.what()) + " (--help shows how)";
    const std::vector<std::string> unknown = app.remaining();
    if (app.get_subcommands().empty() && !unknown.empty() && unknown.front()[0] != '-') {
      message = NoSuchCommand(app, unknown.front());
    }
    PrintError(absl::InvalidArgumentError(message), AsksForJson(argc, argv), session.terminal());
    return kExitUsage;
  }
  session.options().json = output == "json";
  if (says_discreet->count() > 0) session.options().discreet = discreet;

  const absl::Status connected = apart ? absl::OkStatus() : session.Connect();
  const absl::StatusOr<int> code = !connected.ok() ? connected : apart ? apart(session) : chosen(session);
  session.terminal().out->flush();
  const absl::Status kept = session.Close();
  if (!code.ok()) {
    PrintError(code.status(), session.json(), session.terminal());
    return ExitCodeFor(code.status());
  }
  // What was asked for is done; that it is not remembered is worth a word, no more.
  if (!kept.ok()) *session.terminal().err << "council: " << kept.message() << '\n';
  return *code;
}

}  // namespace council::cli
