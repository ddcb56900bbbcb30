#include "clients/cli/session.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/discretion.h"
#include "clients/cli/embedded_suite.h"
#include "clients/cli/errors.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"

namespace council::cli {
namespace {

// The suite's addresses, as what is kept about it is found by.
std::string NameOfSuite(const ClientOptions& suite) {
  return absl::StrCat(suite.contacts, suite.ledger == suite.contacts ? "" : absl::StrCat("+", suite.ledger));
}

}  // namespace

bool Session::NamesSuite() const {
  return !(options_.server.empty() && options_.contacts.empty() && options_.ledger.empty() &&
           options_.recommendations.empty());
}

absl::StatusOr<ClientOptions> Session::Suite() const {
  ClientOptions suite;
  COUNCIL_ASSIGN_OR_RETURN(suite.transport, Transport::Create(options_.tls, options_.ca));
  const auto address = [&](const std::string& own) { return own.empty() ? options_.server : own; };
  suite.contacts = address(options_.contacts);
  suite.ledger = address(options_.ledger);
  suite.recommendations = address(options_.recommendations);
  if (suite.contacts.empty() || suite.ledger.empty() || suite.recommendations.empty()) {
    return absl::InvalidArgumentError(
        "services that run apart need all three addresses: --contacts, --ledger and --recommendations, or --server for "
        "the rest");
  }
  suite.owner = options_.owner;
  suite.timeout = absl::Seconds(options_.timeout_seconds);
  return suite;
}

LoginFile Session::LoginsOf(const ClientOptions& suite) const {
  if (state_path_.empty()) return LoginFile("", NameOfSuite(suite));
  return LoginFile(std::filesystem::path(state_path_).replace_filename("logins.json").string(), NameOfSuite(suite));
}

absl::StatusOr<LoginFile> Session::Logins() const {
  if (!NamesSuite()) {
    return absl::InvalidArgumentError(
        "which suite? --server=HOST:PORT names it; your own, which no other account can call, needs no sign-in");
  }
  COUNCIL_ASSIGN_OR_RETURN(const ClientOptions suite, Suite());
  return LoginsOf(suite);
}

absl::Status Session::Connect() {
  if (!NamesSuite()) {
    COUNCIL_ASSIGN_OR_RETURN(options_.server, EnsureEmbeddedSuite(DefaultEmbeddedSuite(), terminal_));
  }
  COUNCIL_ASSIGN_OR_RETURN(ClientOptions client, Suite());
  std::string owner = client.owner;
  const LoginFile logins = LoginsOf(client);
  if (!options_.access_token_file.empty()) {
    auto file = std::make_unique<AccessTokenFile>(options_.access_token_file);
    COUNCIL_ASSIGN_OR_RETURN(owner, file->Whose());
    access_tokens_ = std::move(file);
    client.access_tokens = access_tokens_.get();
  } else if (const Login login = logins.Load(); login.signed_in()) {
    access_tokens_ = std::make_unique<AccessTokens>(logins, login, clock_);
    client.access_tokens = access_tokens_.get();
    owner = absl::StrCat(login.subject, " of ", login.settings.issuer);
  }
  state_ = std::make_unique<StateFile>(state_path_, absl::StrCat(owner, "@", NameOfSuite(client)));
  memory_ = state_->Load();
  client_ = std::make_unique<Client>(client, memory_);
  return absl::OkStatus();
}

absl::Status Session::Close() {
  return state_ ? state_->Save(memory_) : absl::OkStatus();
}

absl::Status Session::Confirmed(bool yes, const std::string& question, const std::string& declined,
                                const std::string& unasked) const {
  if (yes || (MayAsk() && terminal_.Confirm(question))) return absl::OkStatus();
  return MayAsk() ? absl::CancelledError(declined) : NeedsAnswer(unasked);
}

std::string Session::NewRequestId() {
  return base::NewUuid(Now(), random_);
}

absl::StatusOr<contacts::v1::Settings> Session::Settings() const {
  if (!settings_) {
    COUNCIL_ASSIGN_OR_RETURN(contacts::v1::GetSettingsResponse response,
                             client_->Call(contacts::v1::GetSettingsRequest()));
    settings_ = std::move(*response.mutable_settings());
  }
  return *settings_;
}

absl::StatusOr<contacts::v1::Settings> Session::Update(const contacts::v1::UpdateSettingsRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::UpdateSettingsResponse response, client_->Call(request));
  settings_ = std::move(*response.mutable_settings());
  return *settings_;
}

bool Session::discreet() const {
  if (options_.discreet) return *options_.discreet;
  // Signing in shows nothing of what is hidden, and there may be nobody to ask yet.
  if (client_ == nullptr) return false;
  if (!settings_are_discreet_) {
    const absl::StatusOr<contacts::v1::Settings> settings = Settings();
    // A script would take what is missing for what is not there: it has to say so itself.
    settings_are_discreet_ = settings.ok() ? settings->discreet() : !json();
  }
  return *settings_are_discreet_;
}

bool Session::SaysScoresAreHidden(const std::string& command) const {
  if (json() || !discreet()) return false;
  out() << ScoresHiddenText(command) << '\n';
  return true;
}

std::string Session::JsonText(nlohmann::ordered_json document) const {
  if (discreet()) HideInJson(document);
  return document.dump(2) + "\n";
}

void Session::Print(const nlohmann::ordered_json& document) const {
  data() << JsonText(document);
}

}  // namespace council::cli
