// council import of mail: an mbox, a Maildir.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/cli_fixtures.h"
#include "tests/support/council.h"
#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string Mail(const std::string& from, const std::string& to, int day, const std::string& more = "") {
  return absl::StrCat("From: ", from, "\nTo: ", to, "\nDate: ", day, " May 2026 09:00:00 +0000\nSubject: secret\n",
                      more, "\nsecret\n\n");
}

constexpr char kFrom[] = "From - Fri May  1 09:00:00 2026\n";

TEST(MailImportTest, BringsADayWithEachOnceHoweverOftenItIsImportedAndGoesWhole) {
  const TempDir directory;
  const CouncilProgram councild(
      "councild", {absl::StrCat("--storage=sqlite:", (directory / "data").string()), "--mail-tenants=dev"});
  const CommandLine council(councild);
  const auto talks = [&council] { return council.Json({"talks"})["interactions"]; };
  ASSERT_EQ(council.Run({"contacts", "add", "Ann", "--email=ann@x.org"}).code, 0);
  const std::string mbox = WriteFile(directory / "Inbox", absl::StrCat(kFrom, Mail("Ann <ann@x.org>", "me@x.org", 4),
                                                                       kFrom, Mail("ann@x.org", "me@x.org", 4)));
  const CommandResult unsaid = council.Run({"import", mbox});
  EXPECT_NE(unsaid.code, 0);
  EXPECT_THAT(unsaid.err, HasSubstr("--my-email"));
  ASSERT_EQ(council.Run({"settings", "--my-email=me@x.org"}).code, 0);

  const nlohmann::json first = council.Json({"import", mbox})["files"][0];
  EXPECT_EQ(first["interactions"]["created"], 1) << first;
  ASSERT_THAT(talks(), SizeIs(1));
  EXPECT_EQ(talks()[0]["channel"], "CHANNEL_EMAIL");
  EXPECT_THAT(talks().dump(), Not(HasSubstr("secret")));
  EXPECT_EQ(council.Json({"import", mbox})["files"][0]["interactions"]["unchanged"], 1);

  // The same mail and more, in another shape.
  WriteFile(directory / "Mail" / "cur" / "1:2,S", Mail("ann@x.org", "me@x.org", 4));
  WriteFile(directory / "Mail" / "cur" / "2:2,S", Mail("me@x.org", "ann@x.org", 5));
  WriteFile(directory / "Mail" / "cur" / "3:2,S", Mail("ann@x.org", "me@x.org", 6, "List-Id: <l.x.org>\n"));
  WriteFile(directory / "Mail" / "new" / "4", Mail("unknown@x.org", "me@x.org", 6));
  const nlohmann::json grown = council.Json({"import", (directory / "Mail").string()})["files"][0];
  EXPECT_EQ(grown["format"], "mail") << grown;
  EXPECT_EQ(grown["interactions"]["created"], 1) << grown;
  EXPECT_EQ(grown["interactions"]["unchanged"], 1) << grown;
  EXPECT_THAT(grown["interactions"]["leftOut"].dump(),
              AllOf(HasSubstr("of mailing lists"), HasSubstr("without a contact")));
  EXPECT_THAT(talks(), SizeIs(2));

  EXPECT_EQ(council.Json({"undo", "import", "--yes"})["ledger"]["retracted"], 1);
  EXPECT_EQ(council.Json({"undo", "import", "--yes"})["ledger"]["retracted"], 1);
  EXPECT_THAT(talks(), IsEmpty());
}

using MailNotAllowedTest = CliTest;

TEST_F(MailNotAllowedTest, IsSaidWithWhoCanAllowIt) {
  ASSERT_NO_FATAL_FAILURE(Expect(0, {"settings", "--my-email", "me@x.org"}));
  const TempDir directory;
  const CommandResult refused =
      council_.Run({"import", WriteFile(directory / "Inbox", absl::StrCat(kFrom, Mail("ann@x.org", "me@x.org", 4)))});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("--mail-tenants"));
}

}  // namespace
}  // namespace council::test
