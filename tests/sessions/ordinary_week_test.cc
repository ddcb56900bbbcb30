// What the sample person sees in a week as it comes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/sessions/session_fixture.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kOwner[] = "ines";
constexpr char kSelf[] = "Ines Marchetti";

class OrdinaryWeekTest : public SessionTest {
 protected:
  void SetUp() override {
    const std::string sample = (person_.directory() / "sample").string();
    int code = 0;
    const auto rendered =
        RunToEnd({.command = {absl::StrCat(std::getenv("COUNCIL_SOURCE_DIR"), "/samples/render"), sample}}, code);
    ASSERT_TRUE(rendered.ok() && code == 0) << rendered.status();
    Do({"settings", "--my-email", Address(kSelf), "--time-zone", "Europe/Berlin", "--hours", "4"});
    Do({"import", sample + "/contacts.vcf"});
    Do({"contacts", "add", "Ida Holm", "--email", Address("Ida Holm")});
    const absl::Status made = MakePlans(
        suite_, kOwner, person_.Json({"contacts", "rosa"})["contacts"][0]["id"],
        {{.title = "Walk by the river", .start = absl::FromCivil(absl::CivilHour(Today() - 1) + 12, Zone())}});
    ASSERT_TRUE(made.ok()) << made;
    Do({"seat", "--from", sample + "/council.jsonl"});
    Do({"log", "--from", sample + "/log.jsonl"});
    WriteCalendar(/*moved=*/false);
    Do({"import", (person_.directory() / "calendar.ics").string()});
  }

  // What is done before the session begins.
  void Do(const std::vector<std::string>& command) {
    const CommandResult result = person_.Run(command);
    ASSERT_EQ(result.code, 0) << command[0] << ":\n" << result.out << result.err;
  }

  void WriteCalendar(bool moved) {
    Calendar calendar(Address(kSelf));
    calendar.Add(Today() + 1, moved ? 16 : 10, moved ? "Pricing, at last" : "Pricing", {"Ida Holm"});
    calendar.Add(Today() + 3, 11, "Choir", {"Ida Holm"});
    calendar.Add(Today() - 20, 11, moved ? "Walk in the park" : "Walk", {"Ida Holm"});
    WriteFile(person_.directory() / "calendar.ics", calendar.Text());
  }

  CouncilSuite suite_;
  CommandLine person_{suite_, kOwner};
};

TEST_F(OrdinaryWeekTest, FromYesterdaysMeetingToNextWeeksPlans) {
  Open(person_, "ordinary-week");
  pane().Begin("council");
  pane().Answer("Walk by the river.*Did it take place\\?", "y");
  EXPECT_THAT(Finish("did-it-take-place"), AllOf(HasSubstr("Rosa Lindqvist"), HasSubstr("You could")));
  EXPECT_THAT(Run("asked-once", "council"), Not(HasSubstr("Did it take place")));
  EXPECT_THAT(Run("prep", "council prep"), HasSubstr("Ida Holm"));
  EXPECT_THAT(Run("show", "council show rosa"), HasSubstr("Walk by the river"));

  pane().Begin("council log tomasz,priya \"the launch\" --on yesterday");
  pane().Answer("How deep\\?", "c");
  pane().Press("And after\\?", "Enter");
  pane().Answer("Who helped\\?", "b");
  EXPECT_THAT(Finish("log"), AllOf(HasSubstr("Tomasz Zieliński, Priya Raghunathan"), HasSubstr("undo")));
  Run("correct", "council correct last --depth counsel --energy good");
  EXPECT_THAT(Run("talks", "council talks --since 2w"), HasSubstr("the launch"));
  Run("undo", "council undo");
  Run("undo-again", "council undo");

  EXPECT_THAT(Run("promise", "council promise rosa \"the paper on tides\" --by friday"),
              HasSubstr("the paper on tides"));
  Run("promise-theirs", "council promise amara \"a word with Elif\" --theirs");
  Run("promises", "council promises");
  EXPECT_THAT(Run("done", "council done 1"), HasSubstr("Done"));
  EXPECT_THAT(Run("done-again", "council done 7"), HasSubstr("7"));

  EXPECT_THAT(Run("advice", "council advice"), HasSubstr("1 "));
  Run("advice-why", "council advice why 1");
  Run("advice-accept", "council advice accept 1");
  Run("advice-dismiss", "council advice dismiss 2");
  Run("advice-snooze", "council advice snooze 3 2w");
  Run("advice-left", "council advice");
  Run("advice-all", "council advice --all");

  EXPECT_THAT(Run("plans", "council plans"), AllOf(HasSubstr("Pricing"), HasSubstr("Choir")));
  EXPECT_THAT(Run("digest", "council digest"), HasSubstr("Ida Holm"));
  WriteCalendar(/*moved=*/true);
  EXPECT_THAT(Run("import-changed", "council import calendar.ics"), HasSubstr("updated"));
  EXPECT_THAT(Run("plans-moved", "council plans"), HasSubstr("Pricing, at last"));
  pane().Begin("council undo import");
  pane().Answer("\\[y/N\\]", "y", true);
  EXPECT_THAT(Finish("undo-import"), HasSubstr("calendar.ics"));
  EXPECT_THAT(Run("discreet", "council --discreet talks --since 4w"), Not(HasSubstr("Walk by the river")));
  EXPECT_THAT(Run("discreet-export", "council --discreet export --all"), HasSubstr("others may see the screen"));
  Run("propose", "council propose");
  Run("try", "council try --add 'ida holm' --drop jonas");
  Run("introductions", "council introductions");
  Run("settings", "council settings");
}

// The same on a narrow terminal: nothing is cut or broken inside a word.
TEST_F(OrdinaryWeekTest, OnANarrowTerminal) {
  Open(person_, "narrow", 60);
  pane().Begin("council");
  pane().Press("Did it\\s+take place\\?[^]*later", "Enter");
  Finish("today");
  for (const char* command : {"show rosa",
                              "prep rosa,tomasz",
                              "seat",
                              "talks --since 4w",
                              "promises",
                              "plans",
                              "advice",
                              "advice why 1",
                              "balance",
                              "balance --explain energy",
                              "history",
                              "hindsight",
                              "review",
                              "introductions",
                              "digest",
                              "propose",
                              "try --drop rosa",
                              "settings",
                              "verify",
                              "access",
                              "show nobody-such",
                              "balnce",
                              "--help"}) {
    Run(absl::StrReplaceAll(command, {{" ", "-"}, {",", "-"}}), absl::StrCat("council ", command));
  }
  for (const char* list : {"contacts", "ties"}) {
    EXPECT_THAT(Run(list, absl::StrCat("council ", list)), Not(HasSubstr("…")));
  }
  pane().Begin("council log rosa");
  pane().Press("How deep\\?", "Enter");
  pane().Press("And after\\?", "Enter");
  pane().Press("Who helped\\?", "Enter");
  Finish("log");
}

}  // namespace
}  // namespace council::test
