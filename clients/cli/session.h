#ifndef COUNCIL_CLIENTS_CLI_SESSION_H_
#define COUNCIL_CLIENTS_CLI_SESSION_H_

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/client.h"
#include "clients/cli/login/access_tokens.h"
#include "clients/cli/login/login_file.h"
#include "clients/cli/state.h"
#include "clients/cli/terminal.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/words/language.h"

namespace council::cli {

// What the flags that every command takes have said.
struct GlobalOptions {
  // HOST:PORT of all three services, and of each apart; the latter win.
  std::string server;
  std::string contacts;
  std::string ledger;
  std::string recommendations;
  bool tls = false;
  std::string ca;
  // Instead of a sign-in.
  std::string access_token_file;
  // Who calls, where nobody is signed in.
  std::string owner;
  double timeout_seconds = 30;
  bool json = false;
  // Whether others may see the screen (discretion.h); unset: as the owner's settings say.
  std::optional<bool> discreet;
};

// One run of the program: where it reads and writes, whom it calls, what time it is.
class Session {
 public:
  // `clock` and `random` must outlive the session. `locale` is a POSIX locale, by whose place days and numbers are
  // written.
  Session(Terminal terminal, const base::Clock& clock, base::Random& random, absl::TimeZone zone,
          absl::string_view locale, std::string state_path)
      : terminal_(terminal),
        clock_(clock),
        random_(random),
        zone_(zone),
        language_(locale),
        state_path_(std::move(state_path)) {}

  GlobalOptions& options() { return options_; }
  const Terminal& terminal() const { return terminal_; }
  bool json() const { return options_.json; }
  // Whether others may see the screen: as the options say, else as the owner's settings do, which are asked at the
  // first need. Where these can't be read, a screen is discreet.
  bool discreet() const;
  std::ostream& out() const { return *terminal_.out; }
  // For what programs read: no line of it is broken.
  std::ostream& data() const { return *terminal_.data; }
  absl::Time Now() const { return clock_.Now(); }
  const base::Clock& clock() const { return clock_; }
  base::Random& random() { return random_; }
  absl::TimeZone zone() const { return zone_; }
  const words::Language& language() const { return language_; }
  // A person is there to answer, and no script reads along.
  bool MayAsk() const { return terminal_.interactive && !options_.json; }

  // Makes the client from the options; starts one's own suite where they name none. INVALID_ARGUMENT where they name a
  // suite in part. Must come before client() and memory().
  absl::Status Connect();
  // What is kept of signing in to the suite that the options name. INVALID_ARGUMENT where they name none, or in part.
  absl::StatusOr<LoginFile> Logins() const;
  Client& client() { return *client_; }
  Memory& memory() { return memory_; }
  // The owner's settings, read once.
  absl::StatusOr<contacts::v1::Settings> Settings() const;
  // Changes them, and gives what they are now.
  absl::StatusOr<contacts::v1::Settings> Update(const contacts::v1::UpdateSettingsRequest& request);
  // Keeps what this run learned for the next one.
  absl::Status Close();

  // For what can't be undone: OK where `yes`, or where the person at the terminal says so to `question`. Else CANCELLED
  // with `declined`, or where nobody can be asked NeedsAnswer() (errors.h) with `unasked`.
  absl::Status Confirmed(bool yes, const std::string& question, const std::string& declined,
                         const std::string& unasked) const;

  // A fresh id for a mutation, so that a retry never doubles it.
  std::string NewRequestId();

  // For a command that is about scores alone: where they are hidden, says so and how `command` shows them, and returns
  // true. Of JSON they are left out where it is printed.
  bool SaysScoresAreHidden(const std::string& command) const;

  // A JSON document as it is printed, a newline at its end; without what is hidden.
  std::string JsonText(nlohmann::ordered_json document) const;
  // Prints it.
  void Print(const nlohmann::ordered_json& document) const;

 private:
  bool NamesSuite() const;
  absl::StatusOr<ClientOptions> Suite() const;
  LoginFile LoginsOf(const ClientOptions& suite) const;

  const Terminal terminal_;
  const base::Clock& clock_;
  base::Random& random_;
  const absl::TimeZone zone_;
  const words::Language language_;
  const std::string state_path_;
  GlobalOptions options_;
  std::unique_ptr<AccessTokenSource> access_tokens_;
  std::unique_ptr<StateFile> state_;
  Memory memory_;
  std::unique_ptr<Client> client_;
  mutable std::optional<contacts::v1::Settings> settings_;
  mutable std::optional<bool> settings_are_discreet_;
};

// What a command does once its flags are read; gives the exit code.
using Command = std::function<absl::StatusOr<int>(Session&)>;

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_SESSION_H_
