#ifndef COUNCIL_TESTS_ISOLATION_SCENE_H_
#define COUNCIL_TESTS_ISOLATION_SCENE_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/isolation/front.h"
#include "tests/isolation/person.h"
#include "tests/isolation/requests.h"
#include "tests/support/council.h"

namespace council::test {

inline constexpr const char* kServices[] = {"ContactsService", "LedgerService", "RecommendationsService"};

// Two others who are in the same position as each other: the one sends what is Ada's, the other what is made up.
struct Twins {
  std::string relation;  // to Ada
  Person one;
  Person other;
};

// A suite, and Ada of the tenant acme, who has something in all of it.
class Scene {
 public:
  // In a new database of `postgres`; on SQLite where that is null.
  explicit Scene(PostgresServer* postgres);

  const CouncilSuite& suite() const { return *suite_; }
  const TokenIssuer& issuer() const { return issuer_; }
  const Front& front() const { return front_; }
  const Person& ada() const { return ada_; }

  // What all that is kept of Ada says, and at which revisions.
  std::string StateOfAda() const;

  // Two people who have the same, and less of it than Ada.
  Twins Settled(const std::string& relation, const Header& one, const Header& other) const;

  // Ada's values in each of TriedRequests(), and what looks like them. The latter is called once.
  std::vector<Values> RealValues() const;
  std::vector<Values> GuessedValues(const std::vector<Values>& real) const;

 private:
  const TokenIssuer issuer_;
  const std::unique_ptr<CouncilSuite> suite_;
  const Front front_;
  const Person ada_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_ISOLATION_SCENE_H_
