#include "tests/isolation/front.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/method_call.h"

namespace council::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using nlohmann::json;

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::string Serialized(const Descriptor& type, const json& text) {
  const auto message = NewMessage(type);
  const auto read = google::protobuf::util::JsonStringToMessage(text.dump(), message.get());
  if (!read.ok()) throw std::runtime_error(absl::StrCat(type.full_name(), ": ", read.ToString(), ": ", text.dump()));
  return message->SerializeAsString();
}

json FromSerialized(const Descriptor& type, const std::string& bytes) {
  const auto message = NewMessage(type);
  std::string text;
  if (!message->ParseFromString(bytes) || !google::protobuf::util::MessageToJsonString(*message, &text).ok()) {
    throw std::runtime_error(absl::StrCat("no ", type.full_name()));
  }
  return json::parse(text);
}

}  // namespace

TokenIssuer::TokenIssuer() {
  std::ofstream(directory_ / "keys.json") << identity::JwksOf({&key_});
  const json issuer = {{"issuer", "https://login.test"},
                       {"audiences", {"council"}},
                       {"tenant_claim", "tid"},
                       {"tenants", {"*"}},
                       {"jwks", (directory_ / "keys.json").string()}};
  std::ofstream(directory_ / "issuers.json") << json({{"issuers", {issuer}}});
}

std::vector<std::string> TokenIssuer::Arguments() const {
  return {"--auth=jwt", absl::StrCat("--auth-issuers=", (directory_ / "issuers.json").string())};
}

Header TokenIssuer::Token(const std::string& tenant, const std::string& subject) const {
  json claims = identity::GoodClaims(absl::Now());
  claims["tid"] = tenant;
  claims["sub"] = subject;
  return {"authorization", absl::StrCat("Bearer ", key_.Sign(claims))};
}

Front::Front(const CouncilSuite& suite) {
  const std::pair<const google::protobuf::FileDescriptor*, std::shared_ptr<grpc::Channel>> services[] = {
      {contacts::v1::GetContactRequest::descriptor()->file(), suite.contactsd.Connect()},
      {ledger::v1::GetTieRequest::descriptor()->file(), suite.ledgerd.Connect()},
      {recommendations::v1::GetHindsightRequest::descriptor()->file(), suite.recommendationsd.Connect()},
  };
  for (const auto& [file, channel] : services) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto& service = *file->service(s);
      for (int m = 0; m < service.method_count(); ++m) {
        methods_[service.name() + "." + service.method(m)->name()] = {service.method(m), channel};
      }
    }
  }
}

std::vector<std::string> Front::Methods() const {
  std::vector<std::string> names;
  for (const auto& [name, method] : methods_) names.push_back(name);
  return names;
}

Front::Answer Front::Ask(const Header& caller, const std::string& method, const std::string& request) const {
  const auto& [descriptor, channel] = methods_.at(method);
  const json parts = json::parse(request);
  std::vector<std::string> requests;
  for (const json& part : parts.is_array() ? parts : json::array({parts})) {
    requests.push_back(Serialized(*descriptor->input_type(), part));
  }
  const bool watches = absl::StartsWith(descriptor->name(), "Watch");
  MethodAnswer answer =
      CallMethod(channel, *descriptor, caller, requests, watches ? 1 : std::numeric_limits<std::size_t>::max());
  Answer read{.status = answer.status, .messages = json::array()};
  for (const std::string& message : answer.messages) {
    read.messages.push_back(FromSerialized(*descriptor->output_type(), message));
  }
  return read;
}

json Front::Get(const Header& caller, const std::string& method, const json& request) const {
  Answer answer = Ask(caller, method, request.dump());
  if (!answer.status.ok() || answer.messages.empty()) {
    throw std::runtime_error(absl::StrCat(method, ": ", answer.status.error_message(), ": ", request.dump()));
  }
  return answer.messages.front();
}

std::string ExportedState(const Front& front, const Header& caller, const std::string& service) {
  const Front::Answer answer = front.Ask(caller, service + ".ExportOwner", R"({"forImport": true})");
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  std::string lines;
  for (const json& message : answer.messages) {
    std::string chunk;
    EXPECT_TRUE(absl::Base64Unescape(message.at("chunk").get<std::string>(), &chunk));
    lines += chunk;
  }
  return lines;
}

}  // namespace council::test
