// council dev-token: an access token of one's own, for trying a suite out where there is no identity provider.

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "libs/base/read_file.h"
#include "libs/base/status.h"
#include "libs/identity/signing_key.h"

namespace council::cli {
namespace {

constexpr size_t kMaxKeyBytes = 64 << 10;

struct DevTokenOptions {
  std::string key;
  std::string key_id = "dev";
  std::string issuer = "https://dev.council.example";
  std::string audience = "council";
  std::string subject;
  std::string scope = "council.read council.write";
  int minutes = 60;
};

absl::StatusOr<int> RunDevToken(const DevTokenOptions& options, Session& session) {
  const auto pem = base::ReadFile(options.key, kMaxKeyBytes);
  if (!pem.has_value()) return absl::InvalidArgumentError(absl::StrCat("--key: ", options.key, " can't be read"));
  const auto key = identity::SigningKey::FromPem(options.key_id, *pem);
  if (!key.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--key: ", options.key, ": ", key.status().message()));
  }
  const std::string subject = options.subject.empty() ? session.options().owner : options.subject;
  const nlohmann::json claims = {{"iss", options.issuer},
                                 {"aud", options.audience},
                                 {"sub", subject},
                                 {"client_id", "council dev-token"},
                                 {"jti", session.NewRequestId()},
                                 {"scope", options.scope},
                                 {"iat", absl::ToUnixSeconds(session.Now())},
                                 {"exp", absl::ToUnixSeconds(session.Now() + absl::Minutes(options.minutes))}};
  COUNCIL_ASSIGN_OR_RETURN(const std::string token, (*key)->Sign(claims));
  if (session.json()) {
    session.Print({{"subject", subject}, {"accessToken", token}});
  } else {
    session.data() << token << '\n';
  }
  return kExitOk;
}

}  // namespace

void AddDevTokenCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<DevTokenOptions>();
  CLI::App* command = app.add_subcommand(
      "dev-token",
      "Print an access token for a suite that trusts a key of yours, to try it without an identity provider");
  command->add_option("--key", options->key, "PEM file with the Ed25519 private key whose public half the suite trusts")
      ->required();
  command->add_option("--key-id", options->key_id, "What the suite calls the key")->capture_default_str();
  command->add_option("--issuer", options->issuer, "What the suite calls the issuer")->capture_default_str();
  command->add_option("--audience", options->audience, "What the issuer calls the suite")->capture_default_str();
  command->add_option("--subject", options->subject, "Whose token it is (default: --owner)");
  command->add_option("--scope", options->scope, "What it allows")->capture_default_str();
  command->add_option("--minutes", options->minutes, "How long it is good")
      ->check(CLI::Range(1, 1440))
      ->capture_default_str();
  command->footer(
      "Example:\n"
      "  council dev-token --key=signing-key.pem --subject=ines > token\n"
      "  council --access-token-file=token --server=localhost:7420 --ca=ca.pem balance");
  command->callback(
      [&chosen, options] { chosen = [options](Session& session) { return RunDevToken(*options, session); }; });
}

}  // namespace council::cli
