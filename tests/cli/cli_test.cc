// The command line against the real suite: the programs, their sockets, a redis-server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "absl/strings/str_format.h"
#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST_F(CliTest, AnEmptyStartSaysWhatToDoFirst) {
  const CommandResult overview = council_.Run({});
  EXPECT_EQ(overview.code, 0) << overview.err;
  EXPECT_THAT(overview.out, HasSubstr("council import"));
  const CommandResult balance = council_.Run({"balance"});
  EXPECT_EQ(balance.code, 0) << balance.err;
  EXPECT_THAT(balance.out, HasSubstr("council seat NAME"));
}

TEST_F(CliTest, LogFindsAPersonByAPartOfTheName) {
  Add("Rosa Lindqvist", "rosa@lindqvist.example");
  Add("Tomasz Zieliński");
  const CommandResult logged =
      council_.Run({"log", "zielinski", "pricing", "--depth", "counsel", "--received", "advice:3,feedback", "--given",
                    "introduction:2=rosa", "--energy", "-1", "--domain", "career", "--on", "yesterday 18:30",
                    "--duration", "1h15", "--channel", "in-person"});
  EXPECT_EQ(logged.code, 0) << logged.err;
  EXPECT_THAT(logged.out, StartsWith("#1 Tomasz Zieliński, yesterday, 1 h 15 min"));
  const nlohmann::json talks = Talks();
  ASSERT_THAT(talks, SizeIs(1));
  EXPECT_EQ(talks[0]["depth"], "INTERACTION_DEPTH_COUNSEL");
  EXPECT_EQ(talks[0]["energy"], -1);
  EXPECT_EQ(talks[0]["note"], "pricing");
  EXPECT_EQ(talks[0]["duration"], "4500s");
  ASSERT_THAT(talks[0]["benefits"], SizeIs(3));
  EXPECT_EQ(talks[0]["benefits"][0]["weight"], 3);
  EXPECT_EQ(talks[0]["benefits"][2]["introducedContactId"], council_.Json({"contacts", "rosa"})["contacts"][0]["id"]);
}

TEST_F(CliTest, AnAmbiguousNameListsTheCandidatesAndEndsWith4) {
  Add("Ann Miller", "ann.miller@example.com");
  Add("Ann Baker");
  const CommandResult told = council_.Run({"log", "ann"});
  EXPECT_EQ(told.code, 4);
  EXPECT_THAT(told.err, HasSubstr("Ann Miller · ann.miller@example.com"));
  EXPECT_THAT(told.err, HasSubstr("Ann Baker"));
  const CommandResult json = council_.Run({"log", "ann", "--output=json"});
  EXPECT_EQ(json.code, 4);
  EXPECT_EQ(json.Json()["error"]["reason"], "AMBIGUOUS_NAME");
  EXPECT_THAT(json.Json()["error"]["candidates"], SizeIs(2));
  EXPECT_THAT(Talks(), IsEmpty());
}

TEST_F(CliTest, ASeatDecidesBetweenEqualNames) {
  Add("Ann Miller");
  Add("Ann Baker");
  EXPECT_EQ(council_.Run({"seat", "ann baker", "--as", "mentor", "--every", "6w"}).code, 0);
  const CommandResult logged = council_.Run({"log", "ann"});
  EXPECT_EQ(logged.code, 0) << logged.err;
  EXPECT_THAT(logged.out, HasSubstr("Ann Baker"));
  EXPECT_THAT(logged.out, HasSubstr("next about"));
}

TEST_F(CliTest, ASeatSaysTheRhythmThatItsTagGives) {
  Expect(0, {"contacts", "add", "Rosa", "--tag", "mentors"});
  Expect(0, {"settings", "--cadence", "mentors=30d:45d"});
  EXPECT_THAT(council_.Run({"seat", "rosa", "--as", "mentor"}).out, HasSubstr("every 30 days"));
}

TEST_F(CliTest, ExitCodesTellWhatWentWrong) {
  Add("Rosa");
  EXPECT_EQ(council_.Run({"log", "nobody"}).code, 3);
  EXPECT_EQ(council_.Run({"frobnicate"}).code, 2);
  EXPECT_EQ(council_.Run({"log", "rosa", "--on", "someday"}).code, 2);
  EXPECT_EQ(council_.Run({"talks", "--server=127.0.0.1:1", "--ledger=127.0.0.1:1"}).code, 5);
  const CommandResult wrong = council_.Run({"log", "rosa", "--depth=abyss", "--energy=9", "--output=json"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.Json()["error"]["fields"], SizeIs(2));
}

TEST_F(CliTest, TheFileNamedInTheEnvironmentSaysWhichSuite) {
  Add("Rosa");
  CommandLine elsewhere;
  elsewhere.Configure(absl::StrFormat("contacts = \"%s\"\nledger = \"%s\"\nrecommendations = \"%s\"\nowner = \"%s\"\n",
                                      suite->contactsd.address(), suite->ledgerd.address(),
                                      suite->recommendationsd.address(), test_info_->name()));
  EXPECT_THAT(elsewhere.Json({"contacts"})["contacts"], SizeIs(1));

  elsewhere.Configure("sever = \"127.0.0.1:7420\"\n");
  const CommandResult misspelt = elsewhere.Run({"contacts"});
  EXPECT_EQ(misspelt.code, 2) << misspelt.out;
  EXPECT_THAT(misspelt.err, HasSubstr("sever"));

  std::filesystem::remove(elsewhere.directory() / "council.toml");
  const CommandResult gone = elsewhere.Run({"contacts"});
  EXPECT_EQ(gone.code, 2) << gone.out;
  EXPECT_THAT(gone.err, HasSubstr("council.toml"));
  EXPECT_FALSE(elsewhere.KillOwnSuite()) << "a suite of its own was started instead";
}

TEST_F(CliTest, AServicesViolationsArePrintedFieldByField) {
  const CommandResult result = council_.Run({"contacts", "add", "", "--birthday", "someday"});
  EXPECT_EQ(result.code, 2) << result.out;
  EXPECT_THAT(result.err, HasSubstr("display_name"));
  EXPECT_THAT(result.err, HasSubstr("birthday"));
}

TEST_F(CliTest, ManyTalksComeAsLinesAndTheSameLinesTwiceOnlyOnce) {
  Add("Rosa");
  const std::string lines =
      "{\"contacts\": [\"rosa\"], \"on\": \"2026-03-02 10:00\", \"depth\": \"counsel\", \"energy\": 2}\n"
      "\n"
      "{\"contacts\": \"nobody\", \"on\": \"2026-03-03\"}\n"
      "{\"contacts\": [\"rosa\"], \"on\": \"2026-03-02 10:00\", \"depth\": \"counsel\", \"energy\": 2}\n"
      "not json\n";
  const CommandResult first = council_.Run({"log", "--from=-", "--output=json"}, lines);
  EXPECT_EQ(first.code, 6);
  EXPECT_EQ(first.Json()["created"], 2);
  ASSERT_THAT(first.Json()["skipped"], SizeIs(2));
  EXPECT_EQ(first.Json()["skipped"][0]["line"], 3);
  const CommandResult second = council_.Run({"log", "--from=-", "--output=json"}, lines);
  EXPECT_EQ(second.Json()["created"], 0);
  EXPECT_EQ(second.Json()["unchanged"], 2);
  EXPECT_THAT(Talks(), SizeIs(2));
}

TEST_F(CliTest, ARepeatedRequestIdWritesOnce) {
  Add("Rosa");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(council_.Run({"log", "rosa", "--on", "2026-03-02", "--request-id=same"}).code, 0);
  }
  EXPECT_THAT(Talks(), SizeIs(1));
}

TEST_F(CliTest, CorrectShowsBeforeAndAfterAndUndoGoesBack) {
  Add("Rosa");
  ASSERT_EQ(council_.Run({"log", "rosa", "first", "--depth=update"}).code, 0);
  const CommandResult corrected = council_.Run({"correct", "last", "--depth", "counsel", "--note", "second"});
  EXPECT_EQ(corrected.code, 0) << corrected.err;
  EXPECT_THAT(corrected.out, HasSubstr("update → counsel"));
  EXPECT_THAT(corrected.out, HasSubstr("first → second"));
  EXPECT_EQ(Talks()[0]["note"], "second");

  EXPECT_EQ(council_.Run({"undo"}).code, 0);
  ASSERT_THAT(Talks(), SizeIs(1));
  EXPECT_EQ(Talks()[0]["note"], "first");
  EXPECT_EQ(Talks()[0]["depth"], "INTERACTION_DEPTH_UPDATE");
  EXPECT_EQ(council_.Run({"undo"}).code, 0);
  EXPECT_THAT(Talks(), IsEmpty());
}

TEST_F(CliTest, UndoTakesBackWhatWasLoggedNewestFirst) {
  Add("Rosa");
  ASSERT_EQ(council_.Run({"log", "rosa", "one"}).code, 0);
  ASSERT_EQ(council_.Run({"log", "rosa", "two"}).code, 0);
  EXPECT_EQ(council_.Run({"undo"}).code, 0);
  ASSERT_THAT(Talks(), SizeIs(1));
  EXPECT_EQ(Talks()[0]["note"], "one");
  EXPECT_EQ(council_.Run({"undo"}).code, 0);
  EXPECT_THAT(Talks(), IsEmpty());
  EXPECT_EQ(council_.Run({"undo"}).code, 3);
}

TEST_F(CliTest, ContactsAreAddedEditedMergedAndDeleted) {
  Add("Rosa Lindqvist", "rosa@one.example");
  Add("R. Lindqvist", "rosa@two.example");
  EXPECT_EQ(
      council_.Run({"contacts", "edit", "rosa lindqvist", "--title", "Board member", "--facet", "function=executive"})
          .code,
      0);
  EXPECT_EQ(council_.Run({"contacts", "merge", "rosa@one.example", "rosa@two.example"}).code, 2);
  EXPECT_EQ(council_.Run({"contacts", "merge", "rosa@one.example", "rosa@two.example", "--yes"}).code, 0);
  const nlohmann::json contacts = council_.Json({"contacts"})["contacts"];
  ASSERT_THAT(contacts, SizeIs(1));
  EXPECT_THAT(contacts[0]["emails"], SizeIs(2));
  EXPECT_EQ(contacts[0]["facets"]["function"], "executive");
  EXPECT_EQ(council_.Run({"contacts", "delete", "rosa", "--yes"}).code, 0);
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], IsEmpty());
}

TEST_F(CliTest, VerifyHoldsTheLedgerAgainstTheHeadItSaw) {
  Add("Rosa");
  ASSERT_EQ(council_.Run({"log", "rosa"}).code, 0);
  EXPECT_THAT(council_.Run({"verify"}).out, HasSubstr("1 entry"));
  ASSERT_EQ(council_.Run({"log", "rosa"}).code, 0);
  const CommandResult again = council_.Run({"verify"});
  EXPECT_EQ(again.code, 0) << again.out;
  EXPECT_THAT(again.out, HasSubstr("(#1) is still there"));
  const CommandResult other = council_.Run({"verify", "--expect=2:" + std::string(64, '0')});
  EXPECT_EQ(other.code, 1) << other.out;
  EXPECT_THAT(other.out, HasSubstr("does not hold"));
}

TEST_F(CliTest, TheBalanceSeesWhatWasLoggedAMomentAgo) {
  Add("Rosa");
  ASSERT_EQ(council_.Run({"seat", "rosa", "--as=mentor"}).code, 0);
  for (int i = 1; i <= 5; ++i) {
    ASSERT_EQ(council_.Run({"log", "rosa", "--depth=counsel"}).code, 0);
    EXPECT_EQ(council_.Json({"balance"})["balance"]["ledgerRevision"], std::to_string(i));
  }
}

TEST_F(CliTest, WithoutATerminalNothingIsColouredOrDrawn) {
  Add("Rosa");
  ASSERT_EQ(council_.Run({"seat", "rosa", "--as=mentor"}).code, 0);
  for (const char* command : {"contacts", "seat", "balance", "ties", "settings"}) {
    const CommandResult result = council_.Run({command});
    EXPECT_EQ(result.code, 0) << command << ": " << result.err;
    EXPECT_THAT(result.out + result.err, Not(HasSubstr("\033"))) << command;
  }
}

TEST(OwnSuiteTest, IsStartedOnceForAllThatCallAndForNobodyElse) {
  const CommandLine council;
  const CommandResult first = council.Run({"contacts", "add", "Rosa"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("started your suite"));
  const CommandResult second = council.Run({"log", "rosa"});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_THAT(second.err, IsEmpty());
  EXPECT_EQ(std::filesystem::status(council.directory() / "data" / "council").permissions(),
            std::filesystem::perms::owner_all);
}

TEST(OwnSuiteTest, ComesBackWithAllThatWasSaidAfterItWasKilled) {
  const CommandLine council;
  ASSERT_EQ(council.Run({"contacts", "add", "Rosa"}).code, 0);
  ASSERT_EQ(council.Run({"log", "rosa", "pricing"}).code, 0);
  ASSERT_TRUE(council.KillOwnSuite());
  const CommandResult talks = council.Run({"talks"});
  EXPECT_EQ(talks.code, 0) << talks.err;
  EXPECT_THAT(talks.out, HasSubstr("pricing"));
}

TEST_F(SampleTest, AYearGoesInAndTheBalanceTellsWhatIsOff) {
  ASSERT_NO_FATAL_FAILURE(ImportAll());
  EXPECT_GE(council_.Json({"contacts"})["contacts"].size(), 60u);
  const nlohmann::json talks = council_.Json({"talks", "--limit=10000"})["interactions"];
  EXPECT_GE(talks.size(), 300u);
  const nlohmann::json balance = council_.Json({"balance"})["balance"];
  EXPECT_EQ(balance["seats"], 14);
  EXPECT_EQ(balance["practiceRecorded"], true);
  EXPECT_THAT(balance["components"], SizeIs(9));
  const CommandResult drawn = council_.Run({"balance"});
  for (const nlohmann::json& component : balance["components"]) {
    EXPECT_THAT(drawn.out, HasSubstr(component["name"].get<std::string>()));
    EXPECT_THAT(drawn.out, ContainsRegex("[█░]"));
  }
  EXPECT_EQ(council_.Run({"verify"}).code, 0);
}

TEST_F(SampleTest, AttendeesMetOftenBecomeContactsWhoseMeetingsCount) {
  ASSERT_NO_FATAL_FAILURE(ImportAll());
  EXPECT_EQ(council_.Run({"ties", "tessa"}).code, 3);
  Expect(0, {"import", File("calendar.ics"), "--add-met=3"});
  const nlohmann::json ties = council_.Json({"ties", "tessa"})["ties"];
  ASSERT_THAT(ties, SizeIs(1));
  EXPECT_EQ(ties[0]["displayName"], "Tessa Grant");
}

TEST_F(SampleTest, TheSameFilesTwiceChangeNothing) {
  ASSERT_NO_FATAL_FAILURE(ImportAll());
  const nlohmann::json contacts = council_.Json({"contacts"});
  const nlohmann::json talks = council_.Json({"talks", "--limit=10000"});
  ASSERT_NO_FATAL_FAILURE(ImportAll());
  EXPECT_EQ(council_.Json({"contacts"})["totalSize"], contacts["totalSize"]);
  EXPECT_EQ(council_.Json({"talks", "--limit=10000"}), talks);
}

TEST_F(SampleTest, WhatIsExportedGoesBackInUnchanged) {
  ASSERT_NO_FATAL_FAILURE(ImportAll());
  const std::string file = (council_.directory() / "export.vcf").string();
  Expect(0, {"export", "contacts", "--to", file});
  const nlohmann::json again = council_.Json({"import", file});
  EXPECT_EQ(again["files"][0]["contacts"]["created"], 0);
  EXPECT_EQ(again["files"][0]["contacts"]["updated"], 0);
  const CommandResult ledger = council_.Run({"export", "ledger"});
  EXPECT_EQ(ledger.code, 0) << ledger.err;
  EXPECT_THAT(ledger.out, StartsWith("{\"chainId\":"));
}

TEST_F(CliTest, AccessShowsWhoReadAndChangedWhatInAllServices) {
  Add("Rosa");
  Expect(0, {"log", "rosa"});
  Expect(0, {"balance"});
  std::set<std::string> seen;
  const auto listed = council_.Json({"access", "--limit=1000"});
  for (const auto& record : listed["records"]) {
    EXPECT_EQ(record["client"], "owner");
    seen.insert(record["service"].get<std::string>() + " " + record["method"].get<std::string>());
  }
  EXPECT_THAT(seen, IsSupersetOf({"contacts CreateContact", "contacts GetCouncil", "ledger AppendInteraction",
                                  "recommendations GetCouncilBalance"}));
  const CommandResult shown = council_.Run({"access", "--limit=2"});
  EXPECT_THAT(shown.out, HasSubstr("The latest 2 of 90 days; more with --limit"));
}

}  // namespace
}  // namespace council::test
