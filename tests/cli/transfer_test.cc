// One's whole state from one suite to another, as typed.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "tests/cli/cli_fixtures.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

using ::testing::HasSubstr;

class TransferTest : public SampleTest {
 protected:
  void SetUp() override {
    SampleTest::SetUp();
    ImportAll();
    Expect(0, {"log", "rosa", "--request-id", "once", "--on", "yesterday", "--energy", "good"});
    Expect(0, {"contacts", "add", "Gone"});
    Expect(0, {"contacts", "delete", "Gone", "--yes"});
    // Days of history, advice that was given, and an answer to it.
    Expect(0, {"history"});
    Expect(0, {"advice"});
    Expect(0, {"advice", "snooze", "1", "2w"});
    Expect(0, {"export", "--all", "--out", file_});
  }

  const std::string file_ = (council_.directory() / "council.jsonl").string();
  // A suite of its own: councild in a directory that was empty.
  const CommandLine other_;
};

TEST_F(TransferTest, AllOfItIsThereAndIsExportedWithTheSameBytes) {
  struct stat status = {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto imported = other_.Json({"import", "--all", file_});
  EXPECT_GT(std::stoi(imported["imported"].get<std::string>()), 100) << imported;
  EXPECT_EQ(imported["ledgerVerified"], true);

  const CommandResult again = other_.Run({"export", "--all"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out, ReadFile(file_));
  EXPECT_EQ(council_.Json({"verify"})["headHash"], other_.Json({"verify"})["headHash"]);

  const auto here = council_.Json({"balance"})["balance"];
  const auto there = other_.Json({"balance"})["balance"];
  EXPECT_NEAR(here["score"].get<double>(), there["score"].get<double>(), 1e-6);
  EXPECT_EQ(here["seats"], there["seats"]);
  for (std::size_t i = 0; i < here["components"].size(); ++i) {
    EXPECT_NEAR(here["components"][i].value("value", 0.0), there["components"][i].value("value", 0.0), 1e-6) << i;
  }
  EXPECT_EQ(council_.Json({"talks"})["interactions"], other_.Json({"talks"})["interactions"]);
  EXPECT_EQ(council_.Json({"contacts"})["contacts"].size(), other_.Json({"contacts"})["contacts"].size());
}

TEST_F(TransferTest, FromSqliteToPostgresAndBackAgain) {
  PostgresServer server;
  const std::string database = server.CreateDatabase();
  for (const char* program : {"contactsd", "ledgerd", "recommendationsd"}) {
    int code = 0;
    const auto migrated =
        RunToEnd({.command = {ProgramPath(program), "migrate", "--storage=" + server.AdminUrl(database),
                              "--service-role=council_service"}},
                 code);
    ASSERT_TRUE(migrated.ok() && code == 0) << migrated.value_or("");
  }
  const std::string storage = "--storage=" + server.ServiceUrl(database);
  const std::string cache = "--cache=" + suite->redis.url();
  CouncilProgram contactsd("contactsd", {storage, cache});
  CouncilProgram ledgerd("ledgerd", {storage, cache});
  CouncilProgram recommendationsd(
      "recommendationsd", {storage, cache, "--contacts=" + contactsd.address(), "--ledger=" + ledgerd.address()});
  const auto on_postgres = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--contacts=" + contactsd.address(), "--ledger=" + ledgerd.address(),
                                       "--recommendations=" + recommendationsd.address()});
    return other_.Run(std::move(arguments));
  };
  const CommandResult imported = on_postgres({"import", "--all", file_});
  ASSERT_EQ(imported.code, 0) << imported.err;
  EXPECT_EQ(on_postgres({"verify"}).code, 0);
  const CommandResult again = on_postgres({"import", "--all", file_});
  EXPECT_THAT(again.out, HasSubstr("nothing to do")) << again.err;

  const std::string back = (council_.directory() / "back.jsonl").string();
  ASSERT_EQ(on_postgres({"export", "--all", "--out", back}).code, 0);
  EXPECT_EQ(ReadFile(back), ReadFile(file_));
  ASSERT_EQ(other_.Run({"import", "--all", back}).code, 0);
  EXPECT_EQ(other_.Run({"export", "--all"}).out, ReadFile(file_));
}

TEST_F(TransferTest, WhatIsRepeatedAfterwardsFindsWhatItDidBefore) {
  ASSERT_EQ(other_.Run({"import", "--all", file_}).code, 0);
  const CommandResult nothing = other_.Run({"import", "--all", file_});
  EXPECT_EQ(nothing.code, 0) << nothing.err;
  EXPECT_THAT(nothing.out, HasSubstr("nothing to do"));
  EXPECT_EQ(other_.Run({"log", "rosa", "--request-id", "once", "--on", "yesterday", "--energy", "good"}).code, 0);
  EXPECT_EQ(other_.Run({"import", File("contacts.vcf"), File("Connections.csv"), File("calendar.ics")}).code, 0);
  const CommandResult again = other_.Run({"export", "--all"});
  EXPECT_EQ(again.out, ReadFile(file_)) << "neither the retry nor the files brought anything new";
}

TEST_F(TransferTest, ADamagedFileIsRefusedWithItsLineAndNothingIsWritten) {
  const std::string content = ReadFile(file_);
  const std::string damaged = Write("damaged.jsonl", absl::StrReplaceAll(content, {{"\"energy\":1", "\"energy\":2"}}));
  const CommandResult refused = other_.Run({"import", "--all", damaged});
  EXPECT_EQ(refused.code, 2) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("damaged"));
  Write("damaged.jsonl", content.substr(0, content.size() / 2));
  EXPECT_THAT(other_.Run({"import", "--all", damaged}).err, HasSubstr("cut off"));
  EXPECT_EQ(other_.Run({"import", "--all", File("contacts.vcf")}).code, 2);
  EXPECT_EQ(other_.Run({"import", "--all", "/nowhere"}).code, 3);
  EXPECT_EQ(other_.Json({"contacts"})["contacts"].size(), 0u);
  EXPECT_EQ(other_.Json({"talks"})["interactions"].size(), 0u);
}

TEST_F(TransferTest, WhoHasSomethingAlreadyIsToldWhatAndKeepsIt) {
  ASSERT_EQ(other_.Run({"contacts", "add", "Own Friend"}).code, 0);
  const CommandResult refused = other_.Run({"import", "--all", file_});
  EXPECT_EQ(refused.code, 1) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("1 contact "));
  EXPECT_EQ(other_.Json({"contacts"})["contacts"].size(), 1u);
  EXPECT_EQ(other_.Json({"talks"})["interactions"].size(), 0u) << "the ledger waits until all can be taken over";
}

}  // namespace
}  // namespace council::test
