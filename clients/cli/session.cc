#include "clients/cli/session.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/embedded_suite.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"

namespace council::cli {

absl::Status Session::Connect() {
  if (options_.server.empty() && options_.contacts.empty() && options_.ledger.empty() &&
      options_.recommendations.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(options_.server, EnsureEmbeddedSuite(DefaultEmbeddedSuite(), terminal_));
  }
  ClientOptions client;
  const auto address = [&](const std::string& own) { return own.empty() ? options_.server : own; };
  client.contacts = address(options_.contacts);
  client.ledger = address(options_.ledger);
  client.recommendations = address(options_.recommendations);
  if (client.contacts.empty() || client.ledger.empty() || client.recommendations.empty()) {
    return absl::InvalidArgumentError(
        "services that run apart need all three addresses: --contacts, --ledger and --recommendations, or --server for "
        "the rest");
  }
  client.owner = options_.owner;
  client.timeout = absl::Seconds(options_.timeout_seconds);
  state_ = std::make_unique<StateFile>(
      state_path_, absl::StrCat(client.owner, "@", client.contacts,
                                client.ledger == client.contacts ? "" : absl::StrCat("+", client.ledger)));
  memory_ = state_->Load();
  client_ = std::make_unique<Client>(client, memory_);
  return absl::OkStatus();
}

absl::Status Session::Close() {
  return state_ ? state_->Save(memory_) : absl::OkStatus();
}

std::string Session::NewRequestId() {
  return base::NewUuid(Now(), random_);
}

void Session::Print(const nlohmann::ordered_json& document) const {
  out() << document.dump(2) << '\n';
}

}  // namespace council::cli
