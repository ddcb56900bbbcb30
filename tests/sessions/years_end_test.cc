// What somebody sees who looks back on a year.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/sessions/session_fixture.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class YearsEndTest : public SessionTest {
 protected:
  void SetUp() override {
    for (const char* name :
         {"Rosa Lindqvist", "Tom Baker", "Amara Diallo", "Hana Satō", "Grace Wanjiru", "Lukas Weber"}) {
      Do({"contacts", "add", name});
    }
    for (const char* name : {"rosa", "tom", "amara", "hana"})
      Do({"seat", name, "--as", "mentor", "--every", "6w", "--since", "700d"});
    Do({"unseat", "hana"});
    // Two years: with Rosa and Tom all the time, with Grace of late, with Lukas at first.
    std::string lines;
    const auto talk = [&](const char* name, int ago, const std::string& more) {
      absl::StrAppend(&lines, "{\"contacts\": [\"", name, "\"], \"on\": \"", absl::FormatCivilTime(Today() - ago),
                      " 12:00\"", more, "}\n");
    };
    for (int ago = 10; ago < 720; ago += 24) {
      talk("Rosa Lindqvist", ago, R"(, "depth": "counsel", "received": ["advice:3"], "energy": 1, "duration": "1h")");
      talk("Tom Baker", ago + 3,
           R"(, "depth": "conversation", "given": ["support"], "energy": -1, "note": "the boat")");
    }
    for (int ago = 20; ago < 150; ago += 20) talk("Grace Wanjiru", ago, R"(, "depth": "update")");
    for (int ago = 400; ago < 700; ago += 20) talk("Lukas Weber", ago, R"(, "energy": 2, "domains": ["physical"])");
    Do({"log", "--from", WriteFile(person_.directory() / "talks.jsonl", lines)});
  }

  void Do(const std::vector<std::string>& command) {
    const CommandResult result = person_.Run(command);
    ASSERT_EQ(result.code, 0) << command[0] << ":\n" << result.out << result.err;
  }

  CouncilSuite suite_;
  CommandLine person_{suite_, "ada"};
};

TEST_F(YearsEndTest, LookingBackAndTakingItAlong) {
  const std::string last_year = absl::StrCat(Today().year() - 1);
  Open(person_, "years-end");
  Run("review", "council review");
  EXPECT_THAT(Run("review-last-year", "council review " + last_year),
              AllOf(HasSubstr(last_year), HasSubstr("Rosa Lindqvist")));
  EXPECT_THAT(Run("review-html", "council review " + last_year + " --html year.html"), HasSubstr("year.html"));
  EXPECT_TRUE(std::filesystem::exists(person_.directory() / "year.html"));
  Run("review-of-no-year", "council review next");
  Run("review-of-a-year-before", "council review 1999");
  Run("balance", "council balance");
  Run("hindsight", "council hindsight");
  Run("history", "council history --since 4w");
  Run("ties", "council ties");
  Run("export", "council export --all --out everything.jsonl");
  Run("export-contacts", "council export contacts --to contacts.vcf");
  Run("verify", "council verify");

  pane().Begin("council forget tom");
  pane().Press("Erase Tom Baker for good", "Enter");
  EXPECT_THAT(Finish("forget-not"), HasSubstr("nothing was erased"));
  pane().Begin("council forget tom");
  pane().Answer("Erase Tom Baker for good", "y", true);
  EXPECT_THAT(Finish("forget"), HasSubstr("Tom Baker is forgotten"));
  EXPECT_THAT(Run("forgotten", "council show tom"), HasSubstr("nobody among your contacts"));
  EXPECT_THAT(Run("verify-again", "council verify"), Not(HasSubstr("council:")));
  EXPECT_THAT(Run("review-after", "council review " + last_year), Not(HasSubstr("Tom Baker")));
  Run("talks-after", "council talks rosa");
}

}  // namespace
}  // namespace council::test
