// What somebody else gets who has another's ids, tokens and whole states: the same as for made-up ones, whatever method
// is called with them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/isolation/outcome.h"
#include "tests/isolation/scene.h"
#include "tests/support/test_storage.h"

namespace council::test {
namespace {

std::set<std::string> IdsIn(const std::string& text) {
  // UUIDs, and the ids of recommendations.
  static const std::regex id("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\b[a-z2-7]{26}\\b");
  return {std::sregex_token_iterator(text.begin(), text.end(), id), std::sregex_token_iterator()};
}

// All that an answer says, with what is in its files.
std::string TextOf(const Front::Answer& answer) {
  std::string text = absl::StrCat(answer.status.error_message(), answer.status.error_details(), answer.messages.dump());
  for (const nlohmann::json& message : answer.messages) {
    std::string file;
    if (message.contains("chunk") && absl::Base64Unescape(message["chunk"].get<std::string>(), &file)) text += file;
  }
  return text;
}

class IsolationTest : public ::testing::TestWithParam<const char*> {
 protected:
  // Sends one request from both and compares what comes.
  void Try(const TriedRequest& tried, const Twins& twins, Values real, Values guessed) const {
    SCOPED_TRACE(absl::StrCat(twins.relation, ": ", tried.method, " ", tried.request));
    real["mine"] = twins.one.values.at("mine");
    guessed["mine"] = twins.other.values.at("mine");
    const Front::Answer to_real = scene_.front().Ask(twins.one.header, tried.method, Fill(tried.request, real));
    const Front::Answer to_guessed = scene_.front().Ask(twins.other.header, tried.method, Fill(tried.request, guessed));
    EXPECT_EQ(OutcomeOf(to_real, NamedIn(tried.request, real)), OutcomeOf(to_guessed, NamedIn(tried.request, guessed)));
    // What this version does not answer, it answers to nobody.
    if (to_real.status.error_code() != grpc::StatusCode::UNIMPLEMENTED) {
      EXPECT_EQ(to_real.status.error_code(), tried.to_others) << to_real.status.error_message();
    }
    // What one has sent oneself may come back.
    std::string said = TextOf(to_real);
    for (const auto& [name, value] : NamedIn(tried.request, real)) absl::StrReplaceAll({{value, ""}}, &said);
    EXPECT_FALSE(absl::StrContains(said, scene_.ada().marker)) << said;
    for (const std::string& id : IdsIn(said)) EXPECT_FALSE(ids_of_ada_.contains(id)) << id;
  }

  const Scene scene_{GetParam() == std::string("Postgres") ? &SharedPostgres() : nullptr};
  const std::set<std::string> ids_of_ada_ = IdsIn(scene_.StateOfAda());
};

TEST_P(IsolationTest, WhatIsAnothersIsAnsweredAsIfItWereMadeUp) {
  const auto token = [this](const char* tenant, const char* subject) { return scene_.issuer().Token(tenant, subject); };
  const Twins pairs[] = {
      scene_.Settled("another of the tenant", token("acme", "eve"), token("acme", "eva")),
      scene_.Settled("the same subject of another tenant", token("globex", "ada"), token("initech", "ada"))};
  const std::vector<Values> real = scene_.RealValues();
  const std::vector<Values> guessed = scene_.GuessedValues(real);
  const std::string before = scene_.StateOfAda();
  for (size_t i = 0; i < TriedRequests().size(); ++i) {
    for (const Twins& twins : pairs) Try(TriedRequests()[i], twins, real[i], guessed[i]);
  }
  EXPECT_EQ(scene_.StateOfAda(), before);

  // They are true: for Ada herself each does what it is for.
  for (size_t i = 0; i < TriedRequests().size(); ++i) {
    const TriedRequest& tried = TriedRequests()[i];
    const Front::Answer answer = scene_.front().Ask(scene_.ada().header, tried.method, Fill(tried.request, real[i]));
    if (answer.status.error_code() == grpc::StatusCode::UNIMPLEMENTED) continue;
    EXPECT_EQ(answer.status.error_code(), tried.to_owner)
        << tried.method << " " << tried.request << ": " << answer.status.error_message();
  }
}

TEST_P(IsolationTest, EveryMethodIsTried) {
  std::set<std::string> tried;
  for (const TriedRequest& request : TriedRequests()) tried.insert(request.method);
  for (const std::string& method : scene_.front().Methods()) {
    EXPECT_TRUE(tried.contains(method)) << method << ": a new method needs a request in requests.cc";
  }
}

// Whoever was given a whole state can take it over, with all its ids, and erase it again, while its owner goes on.
TEST_P(IsolationTest, AStateCanBeAnothersToo) {
  const Front& front = scene_.front();
  const std::string before = scene_.StateOfAda();
  const Header other = scene_.issuer().Token("globex", "newcomer");
  for (const char* service : kServices) {
    const std::string state = ExportedState(front, scene_.ada().header, service);
    const nlohmann::json request = {{{"options", nlohmann::json::object()}}, {{"chunk", absl::Base64Escape(state)}}};
    front.Get(other, absl::StrCat(service, ".ImportOwner"), request);
    EXPECT_EQ(ExportedState(front, other, service), state);
  }
  front.Get(other, "ContactsService.EraseContact", {{"id", scene_.ada().values.at("contact")}});
  front.Get(other, "LedgerService.RemovePlan", {{"id", scene_.ada().values.at("plan")}});
  for (const char* service : kServices) {
    front.Get(other, absl::StrCat(service, ".EraseOwner"), {{"confirmation", "erase all my data"}});
  }
  EXPECT_EQ(scene_.StateOfAda(), before);
}

TEST_P(IsolationTest, AWatchTellsOnesOwnChangesAlone) {
  const Front& front = scene_.front();
  const Header eve = scene_.issuer().Token("acme", "eve");
  const nlohmann::json contact = {{"contact", {{"displayName", "Kim"}}}};
  const nlohmann::json talk = {{"interaction", {{"contactIds", {scene_.ada().values.at("contact")}}}}};
  const struct {
    std::string watch, change, what;
    nlohmann::json request;
  } changes[] = {{"ContactsService.WatchContacts", "ContactsService.CreateContact", "contact", contact},
                 {"LedgerService.WatchLedger", "LedgerService.AppendInteraction", "interaction", talk}};
  for (const auto& [watch, change, what, request] : changes) {
    const nlohmann::json place = {{"watchToken", front.Get(eve, watch, nlohmann::json::object())["watchToken"]}};
    front.Get(scene_.ada().header, change, request);
    const nlohmann::json made = front.Get(eve, change, request)[what];
    EXPECT_EQ(front.Get(eve, watch, place)[what]["id"], made["id"]);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, IsolationTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace council::test
