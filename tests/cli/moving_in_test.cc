// Moving in from other programs, on the command line: one file brings people and what happened with them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "libs/exports/exports_for_test.h"
#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class MovingInTest : public CliTest {
 protected:
  nlohmann::json Import(const std::string& file) { return council_.Json({"import", file})["files"][0]; }
};

TEST_F(MovingInTest, AnExportOfMonicaBringsPeopleAndTalksAndTwiceNothingMore) {
  const std::string file = Write("monica.json", exports::kMonicaExport);
  const CommandResult dry = council_.Run({"import", file, "--dry-run"});
  EXPECT_THAT(dry.out, HasSubstr("Talks with those who are new"));

  const nlohmann::json first = Import(file);
  EXPECT_EQ(first["format"], "Monica");
  EXPECT_EQ(first["contacts"]["created"], 2) << first;
  EXPECT_EQ(first["interactions"]["created"], 4) << first;
  EXPECT_THAT(Talks(), SizeIs(4));

  const nlohmann::json again = Import(file);
  EXPECT_EQ(again["contacts"]["unchanged"], 2) << again;
  EXPECT_EQ(again["interactions"]["unchanged"], 4) << again;

  const std::string text = absl::StrReplaceAll(exports::kMonicaExport, {{"Dinner at the harbour", "Supper"}});
  EXPECT_EQ(Import(Write("later.json", text))["interactions"]["corrected"], 1);

  const CommandResult shown = council_.Run({"import", file});
  EXPECT_EQ(shown.code, 6) << "gifts and reminders have no place here";
  EXPECT_THAT(shown.out, HasSubstr("Monica, people"));
  EXPECT_THAT(shown.out, HasSubstr("Monica, talks"));
  EXPECT_THAT(shown.out, HasSubstr("gifts (2)"));
  EXPECT_THAT(shown.out, HasSubstr("1 of a time to come"));
}

TEST_F(MovingInTest, AnExportOfDexIsAboutThePeopleWhoAreThere) {
  Import(Write("monica.json", exports::kMonicaExport));
  const std::string file = Write("dex.csv", exports::kDexExport);
  const nlohmann::json first = Import(file);
  EXPECT_EQ(first["format"], "Dex");
  EXPECT_EQ(first["contacts"]["updated"], 2) << first;
  EXPECT_EQ(first["contacts"]["created"], 2) << first;
  EXPECT_EQ(first["interactions"]["created"], 1) << "Rosa, whose card has another UID";
  EXPECT_EQ(Import(file)["interactions"]["unchanged"], 1);
}

TEST_F(MovingInTest, AFileThatIsCutOffIsRefusedAndSaidSo) {
  const std::string text = exports::kMonicaExport;
  const CommandResult refused = council_.Run({"import", Write("half.json", text.substr(0, text.size() / 2))});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("cut off"));
}

}  // namespace
}  // namespace council::test
