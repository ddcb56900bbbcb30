// council login, logout, whoami: who one is to a suite that many share.

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/login/browser_flow.h"
#include "clients/cli/login/device_flow.h"
#include "clients/cli/login/login.h"
#include "clients/cli/login/login_file.h"
#include "clients/cli/login/provider.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

extern char** environ;

namespace council::cli {
namespace {

constexpr char kScopes[] = "openid offline_access council.read council.write";

struct LoginOptions {
  LoginSettings settings;
  bool device = false;
};

// Where there is a desktop: lets it open the address, and does not wait for it.
void OpenBrowser(const std::string& url) {
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
  }
  std::string program = "xdg-open";
  std::string argument = url;
  char* argv[] = {program.data(), argument.data(), nullptr};
  pid_t pid = 0;
  posix_spawnp(&pid, program.c_str(), &files, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&files);
}

// What was said now, and for the rest what was said last time for this suite.
absl::StatusOr<LoginSettings> Complete(LoginSettings said, const LoginSettings& before, const std::string& suite) {
  if (said.issuer.empty()) said.issuer = before.issuer;
  if (said.issuer == before.issuer) {
    if (said.client_id.empty()) said.client_id = before.client_id;
    if (said.scope.empty()) said.scope = before.scope;
    if (said.resource.empty()) said.resource = before.resource;
  }
  if (said.issuer.empty() || said.client_id.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("where do you sign in? --issuer=URL and --client-id=ID, as whoever runs the suite tells you; they "
                     "are remembered for ",
                     suite));
  }
  if (said.scope.empty()) said.scope = kScopes;
  const std::vector<std::string> scopes = absl::StrSplit(said.scope, ' ');
  // Without it the provider does not say who signed in.
  if (std::find(scopes.begin(), scopes.end(), "openid") == scopes.end()) said.scope = "openid " + said.scope;
  return said;
}

std::string Person(const Login& login) {
  return login.name.empty() ? login.subject : absl::StrCat(login.name, " (", login.subject, ")");
}

void Print(const Login& login, const std::string& suite, Session& session) {
  const bool ends = login.expires != absl::InfiniteFuture();
  if (session.json()) {
    nlohmann::ordered_json answer = {{"suite", suite}, {"signedIn", login.signed_in()}};
    if (login.signed_in()) {
      answer["issuer"] = login.settings.issuer;
      answer["subject"] = login.subject;
      answer["name"] = login.name;
      answer["renews"] = !login.refresh_token.empty();
      if (ends) answer["expireTime"] = absl::FormatTime(absl::RFC3339_sec, login.expires, absl::UTCTimeZone());
    } else {
      answer["owner"] = session.options().owner;
    }
    session.Print(answer);
    return;
  }
  if (!login.signed_in()) {
    session.out() << "Nobody is signed in at " << suite << ". Where the suite believes its callers "
                  << "(--auth=insecure-dev), you are " << OneLine(session.options().owner) << ".\n";
    return;
  }
  session.out() << "You are " << OneLine(Person(login)) << " at " << suite << ", signed in by "
                << OneLine(login.settings.issuer) << ".\n";
  if (!login.refresh_token.empty()) {
    session.out() << "The sign-in is renewed by itself; council logout ends it.\n";
  } else if (ends) {
    session.out() << "The sign-in ends at " << absl::FormatTime("%H:%M", login.expires, session.zone()) << ".\n";
  }
}

absl::StatusOr<int> RunLogin(const LoginOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const LoginFile file, session.Logins());
  COUNCIL_ASSIGN_OR_RETURN(const LoginSettings settings,
                           Complete(options.settings, file.Load().settings, file.suite()));
  COUNCIL_ASSIGN_OR_RETURN(const Provider provider, Discover(settings.issuer));
  std::ostream& err = *session.terminal().err;
  const auto by_browser = [&] {
    return SignInByBrowser(provider, settings, session.clock(), session.random(), [&](const std::string& url) {
      err << "Sign in with a browser on this machine (without one: council login --device):\n  " << url << std::endl;
      if (session.MayAsk()) OpenBrowser(url);
    });
  };
  const auto by_device = [&] {
    return SignInByDevice(provider, settings, session.clock(), [&](const DeviceCode& code) {
      err << "Open " << OneLine(code.url) << " in any browser and enter the code " << OneLine(code.code) << '\n';
      if (!code.url_with_code.empty()) err << "or open " << OneLine(code.url_with_code) << '\n';
      err << "Only go on where you see the same code, and started this yourself." << std::endl;
    });
  };
  COUNCIL_ASSIGN_OR_RETURN(const Login login, options.device ? by_device() : by_browser());
  COUNCIL_ASSIGN_OR_RETURN(const FileLock lock, file.Lock());
  COUNCIL_RETURN_IF_ERROR(file.Save(login));
  Print(login, file.suite(), session);
  return kExitOk;
}

// Tells the provider that the sign-in is over, so that a copy of its token is worth nothing.
absl::Status Revoke(const Login& login) {
  COUNCIL_ASSIGN_OR_RETURN(const Provider provider, Discover(login.settings.issuer));
  if (provider.revocation_endpoint.empty()) return absl::UnimplementedError("it takes no such word");
  const bool refresh = !login.refresh_token.empty();
  COUNCIL_ASSIGN_OR_RETURN(
      const http::Response response,
      http::PostForm(provider.revocation_endpoint, {{"client_id", login.settings.client_id},
                                                    {"token", refresh ? login.refresh_token : login.access_token},
                                                    {"token_type_hint", refresh ? "refresh_token" : "access_token"}}));
  if (response.status == 200) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("it answers with HTTP status ", response.status));
}

absl::StatusOr<int> RunLogout(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const LoginFile file, session.Logins());
  Login login;
  {
    COUNCIL_ASSIGN_OR_RETURN(const FileLock lock, file.Lock());
    login = file.Load();
    if (login.signed_in()) COUNCIL_RETURN_IF_ERROR(file.Save({.settings = login.settings}));
  }
  if (login.signed_in()) {
    if (const absl::Status revoked = Revoke(login); !revoked.ok()) {
      *session.terminal().err << "council: " << OneLine(login.settings.issuer)
                              << " was not told: " << OneLine(std::string(revoked.message()))
                              << "; the sign-in ends there by itself\n";
    }
  }
  if (session.json()) {
    session.Print({{"suite", file.suite()}, {"signedOut", login.signed_in()}});
  } else if (login.signed_in()) {
    session.out() << "You are signed out at " << file.suite() << ".\n";
  } else {
    session.out() << "Nobody is signed in at " << file.suite() << ".\n";
  }
  return kExitOk;
}

absl::StatusOr<int> RunWhoAmI(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const LoginFile file, session.Logins());
  const Login login = file.Load();
  Print(login, file.suite(), session);
  return login.signed_in() ? kExitOk : kExitNotFound;
}

}  // namespace

void AddLoginCommands(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<LoginOptions>();
  CLI::App* login = app.add_subcommand("login", "Sign in to a suite that many share");
  login->add_option("--issuer", options->settings.issuer, "URL of the identity provider (remembered for the suite)")
      ->envname("COUNCIL_LOGIN_ISSUER");
  login
      ->add_option("--client-id", options->settings.client_id,
                   "What the provider calls this program (remembered for the suite)")
      ->envname("COUNCIL_LOGIN_CLIENT_ID");
  login->add_option("--scope", options->settings.scope, absl::StrCat("What to ask for (default: ", kScopes, ")"))
      ->envname("COUNCIL_LOGIN_SCOPE");
  login
      ->add_option("--resource", options->settings.resource,
                   "URI by which the provider knows the suite, where it asks for one (RFC 8707)")
      ->envname("COUNCIL_LOGIN_RESOURCE");
  login->add_flag("--device", options->device, "Sign in with a browser elsewhere, by a code");
  login->footer(
      "Example:\n"
      "  council login --server=council.example:443 --issuer=https://login.example --client-id=council\n"
      "  council login --device");
  login->callback([&chosen, options] { chosen = [options](Session& session) { return RunLogin(*options, session); }; });
  app.add_subcommand("logout", "End the sign-in, here and at the identity provider")->callback([&chosen] {
    chosen = RunLogout;
  });
  app.add_subcommand("whoami", "Say who is signed in; exit code 3 where nobody is")->callback([&chosen] {
    chosen = RunWhoAmI;
  });
}

}  // namespace council::cli
