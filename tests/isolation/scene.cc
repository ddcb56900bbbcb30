#include "tests/isolation/scene.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace council::test {
namespace {

// More than others have, so that none of theirs has the number of Ada's last.
constexpr int kTalksOfAda = 60;
constexpr int kTalksOfOthers = 30;

std::unique_ptr<CouncilSuite> Start(PostgresServer* postgres, const std::vector<std::string>& arguments) {
  if (postgres == nullptr) return std::make_unique<CouncilSuite>(arguments);
  return std::make_unique<CouncilSuite>(*postgres, arguments);
}

}  // namespace

Scene::Scene(PostgresServer* postgres)
    : suite_(Start(postgres, issuer_.Arguments())),
      front_(*suite_),
      ada_(Settle(front_, issuer_.Token("acme", "ada"), "ada-person", kTalksOfAda)) {}

std::string Scene::StateOfAda() const {
  std::string state;
  for (const char* service : kServices) state += ExportedState(front_, ada_.header, service);
  for (const char* service : {"ContactsService", "LedgerService"}) {
    state += front_.Get(ada_.header, absl::StrCat(service, ".GetRevision"), nlohmann::json::object()).dump();
  }
  return state;
}

Twins Scene::Settled(const std::string& relation, const Header& one, const Header& other) const {
  return {.relation = relation,
          .one = Settle(front_, one, "one-person", kTalksOfOthers),
          .other = Settle(front_, other, "one-person", kTalksOfOthers)};
}

std::vector<Values> Scene::RealValues() const {
  std::vector<Values> all;
  for (const TriedRequest& tried : TriedRequests()) {
    Values& values = all.emplace_back(ada_.values);
    values.merge(PlaceIn(front_, ada_, tried));
  }
  return all;
}

std::vector<Values> Scene::GuessedValues(const std::vector<Values>& real) const {
  // States can't be guessed: these are of somebody who is here no more.
  const Person gone = Settle(front_, issuer_.Token("acme", "gone"), "gone-person", kTalksOfAda);
  for (const char* service : kServices) {
    front_.Get(gone.header, absl::StrCat(service, ".EraseOwner"), {{"confirmation", "erase all my data"}});
  }
  std::vector<Values> all;
  for (const Values& values : real) {
    Values& guesses = all.emplace_back(Guess(values));
    for (auto& [name, value] : guesses) {
      if (absl::StartsWith(name, "state_of_")) value = gone.values.at(name);
    }
  }
  return all;
}

}  // namespace council::test
