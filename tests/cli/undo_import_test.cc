// council undo import.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(SampleTest, UndoImportTakesBackOneImportAfterTheOtherAndLeavesWhatWasCorrectedSince) {
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"settings", "--my-email", "ines.marchetti@tidewater.example"}));
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"import", File("contacts.vcf")}));
  const nlohmann::json people = council_.Json({"contacts"})["totalSize"];
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"import", File("Connections.csv"), File("calendar.ics")}));
  const nlohmann::json talks = council_.Json({"talks", "--limit=10000"})["interactions"];
  ASSERT_FALSE(talks.empty());
  ASSERT_NO_FATAL_FAILURE(
      Expect(0, {"correct", talks[0]["sequence"].get<std::string>(), "--note", "what was written by hand"}));

  const CommandResult asked = council_.Run({"undo", "import"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  const nlohmann::json undone = council_.Json({"undo", "import", "--yes"});
  EXPECT_THAT(undone["files"], SizeIs(2));
  EXPECT_GT(undone["contacts"]["deleted"], 0);
  EXPECT_EQ(undone["ledger"]["retracted"], talks.size() - 1);
  EXPECT_EQ(undone["ledger"]["kept"], 1);
  EXPECT_EQ(council_.Json({"contacts"})["totalSize"], people);
  ASSERT_THAT(Talks(), SizeIs(1));
  EXPECT_EQ(Talks()[0]["note"], "what was written by hand");
  Expect(0, {"verify"});

  const CommandResult first = council_.Run({"undo", "import", "--yes"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("contacts.vcf is taken back"));
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], IsEmpty());
  EXPECT_EQ(council_.Run({"undo", "import", "--yes"}).code, 3);
}

TEST_F(SampleTest, UndoImportTakesBackTheAttendeesThatItMadeContactsOf) {
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"import", File("contacts.vcf")}));
  const nlohmann::json people = council_.Json({"contacts"})["totalSize"];
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"import", File("calendar.ics"), "--add-met=3"}));
  ASSERT_THAT(council_.Json({"ties", "tessa"})["ties"], SizeIs(1));
  const nlohmann::json undone = council_.Json({"undo", "import", "--yes"});
  EXPECT_THAT(undone["files"], SizeIs(1));
  EXPECT_GT(undone["contacts"]["deleted"], 0);
  EXPECT_EQ(council_.Json({"contacts"})["totalSize"], people);
  EXPECT_EQ(council_.Run({"ties", "tessa"}).code, 3);
}

TEST_F(CliTest, AFolderOfManyNotesIsTakenBackWhole) {
  constexpr int kNotes = 30;
  std::filesystem::create_directories(council_.directory() / "notes");
  for (int i = 0; i < kNotes; ++i) {
    std::ofstream(council_.directory() / "notes" / absl::StrCat("Person ", i, ".md")) << "2026-03-14 lunch\n";
  }
  const std::string folder = (council_.directory() / "notes").string();
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"import", folder}));
  ASSERT_THAT(council_.Json({"talks", "--limit=100"})["interactions"], SizeIs(kNotes));
  const nlohmann::json undone = council_.Json({"undo", "import", "--yes"});
  EXPECT_THAT(undone["files"], SizeIs(1)) << undone;
  EXPECT_EQ(undone["contacts"]["deleted"], kNotes) << undone;
  EXPECT_EQ(undone["ledger"]["retracted"], kNotes) << undone;
  EXPECT_THAT(Talks(), IsEmpty());
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], IsEmpty());
  EXPECT_EQ(council_.Run({"undo", "import", "--yes"}).code, 3);
}

TEST_F(SampleTest, UndoAloneStillTakesBackATalkAndNoImport) {
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"import", File("contacts.vcf")}));
  const nlohmann::json people = council_.Json({"contacts"});
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"log", people["contacts"][0]["id"].get<std::string>()}));
  EXPECT_EQ(council_.Run({"undo"}).code, 0);
  EXPECT_THAT(Talks(), IsEmpty());
  EXPECT_EQ(council_.Run({"undo"}).code, 3);
  EXPECT_EQ(council_.Json({"contacts"})["totalSize"], people["totalSize"]);
}

}  // namespace
}  // namespace council::test
