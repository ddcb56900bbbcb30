// What PostgreSQL is asked when somebody names what is another's: statement by statement the same as for what is made
// up, so that neither the time that an answer takes nor the load tells whether it exists.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/isolation/scene.h"
#include "tests/support/postgres_server.h"

namespace council::test {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr absl::string_view kMark = "SELECT 'mark'";

// The statement that a line of the log tells, without its values; empty where it tells none. `session` is whose it is.
std::string StatementIn(absl::string_view line, std::string& session) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(" LOG:  ", 1));
  if (parts.size() < 2) return "";
  session = std::string(parts[0]);
  if (absl::StartsWith(parts[1], "statement: ")) {
    // The only value in a statement of this kind is the list of owners.
    return std::string(parts[1].substr(0, parts[1].find('{')));
  }
  // "execute NAME: TEXT": the names are numbers.
  const size_t end = absl::StartsWith(parts[1], "execute ") ? parts[1].find(": ") : absl::string_view::npos;
  return end == absl::string_view::npos ? "" : std::string(parts[1].substr(end + 2));
}

// Work of the services' own, which comes when it comes: the relay's, and the record of accesses, written every
// minute.
bool IsBackground(const std::vector<std::string>& transaction) {
  return std::any_of(transaction.begin(), transaction.end(), [](const std::string& statement) {
    return absl::StrContains(statement, "_outbox(") || absl::StartsWith(statement, "SELECT sealed FROM accesses");
  });
}

// The statements between two marks, sorted, for each two in order.
std::vector<std::vector<std::string>> StatementsByMarks(const std::string& log) {
  std::vector<std::vector<std::string>> all(1);
  std::map<std::string, std::vector<std::string>> open;  // transactions, by session
  std::string session;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    const std::string statement = StatementIn(line, session);
    if (absl::StrContains(statement, kMark)) {
      all.emplace_back();
    } else if (!statement.empty()) {
      std::vector<std::string>& transaction = open[session];
      transaction.push_back(statement);
      const bool begun = absl::StrContains(transaction.front(), "BEGIN");
      const bool ended = absl::StrContains(statement, "COMMIT") || absl::StrContains(statement, "ROLLBACK");
      if (begun && !ended) continue;
      if (!IsBackground(transaction)) {
        all.back().insert(all.back().end(), transaction.begin(), transaction.end());
      }
      transaction.clear();
    }
  }
  for (std::vector<std::string>& statements : all) std::sort(statements.begin(), statements.end());
  return all;
}

TEST(StatementsTest, AreTheSameForWhatIsAnothersAndWhatIsMadeUp) {
  PostgresServer postgres({"log_statement=all", "log_line_prefix=%p ", "log_parameter_max_length=0"});
  const Scene scene(&postgres);
  const Twins twins =
      scene.Settled("another of the tenant", scene.issuer().Token("acme", "eve"), scene.issuer().Token("acme", "eva"));
  const std::vector<Values> real = scene.RealValues();
  const std::vector<Values> guessed = scene.GuessedValues(real);
  const auto ask = [&](const Person& person, const TriedRequest& tried, Values values) {
    values["mine"] = person.values.at("mine");
    scene.front().Ask(person.header, tried.method, Fill(tried.request, values));
    postgres.Sql("postgres", std::string(kMark));
  };
  std::vector<std::string> asked;
  postgres.Sql("postgres", std::string(kMark));
  for (size_t i = 0; i < TriedRequests().size(); ++i) {
    const TriedRequest& tried = TriedRequests()[i];
    if (!absl::StrContains(tried.request, "$")) continue;
    ask(twins.one, tried, real[i]);
    ask(twins.other, tried, guessed[i]);
    asked.push_back(absl::StrCat(tried.method, " ", tried.request));
  }
  const auto statements = StatementsByMarks(postgres.Log());
  ASSERT_EQ(statements.size(), 2 * asked.size() + 2);
  EXPECT_THAT(statements[1], Not(IsEmpty())) << asked[0];
  for (size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(statements[2 * i + 1], statements[2 * i + 2]) << asked[i];
  }
}

}  // namespace
}  // namespace council::test
