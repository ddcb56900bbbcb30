#include "clients/cli/session.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "libs/base/uuid.h"

namespace council::cli {

absl::Status Session::Connect() {
  ClientOptions client;
  const auto address = [&](const std::string& own) { return own.empty() ? options_.server : own; };
  client.contacts = address(options_.contacts);
  client.ledger = address(options_.ledger);
  client.recommendations = address(options_.recommendations);
  if (client.contacts.empty() || client.ledger.empty() || client.recommendations.empty()) {
    return absl::InvalidArgumentError(
        "which suite? Say --server=HOST:PORT, or set COUNCIL_SERVER; services that run apart have --contacts, --ledger "
        "and --recommendations");
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
