// Meetings that were planned, on the command line: what is to come, and whether what is over took place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class PlansTest : public CliTest {
 protected:
  struct Meeting {
    std::string title;
    int hours_from_now = 0;
  };

  void SetUp() override { Add("Rosa Lindqvist", "rosa@lindqvist.example"); }

  absl::Time StartOf(const Meeting& meeting) const { return start_ + absl::Hours(meeting.hours_from_now); }

  // Makes plans with Rosa, the soonest first.
  void Plan(const std::vector<Meeting>& meetings) {
    std::vector<PlannedMeeting> plans;
    for (const Meeting& meeting : meetings) plans.push_back({.title = meeting.title, .start = StartOf(meeting)});
    const std::string rosa = council_.Json({"contacts", "rosa"})["contacts"][0]["id"];
    const absl::Status made =
        MakePlans(*suite, ::testing::UnitTest::GetInstance()->current_test_info()->name(), rosa, plans);
    ASSERT_TRUE(made.ok()) << made;
  }

  const absl::Time start_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
};

TEST_F(PlansTest, WhatIsOverAwaitsAWordAndWhatTookPlaceIsWrittenDown) {
  ASSERT_NO_FATAL_FAILURE(Plan({{"Coffee", -30}, {"Walk", -3}, {"Planning", 20}}));
  const nlohmann::json overview = council_.Json({});
  EXPECT_THAT(overview["unconfirmedPlans"], SizeIs(2));
  EXPECT_THAT(overview["plans"], SizeIs(1));
  EXPECT_THAT(council_.Run({}).out,
              HasSubstr("Walk (Rosa Lindqvist) and 1 other. Did they take place? council plans\n"));
  EXPECT_THAT(council_.Run({"digest"}).out,
              AllOf(HasSubstr("Did they take place?"), HasSubstr("Coffee (Rosa Lindqvist)")));
  const CommandResult plans = council_.Run({"plans"});
  EXPECT_EQ(plans.code, 0) << plans.err;
  EXPECT_THAT(plans.out, AllOf(ContainsRegex("1 .* Coffee .* did it take place"),
                               ContainsRegex("2 .* Walk .* did it take place"), ContainsRegex("3 .* Planning")));

  const CommandResult happened = council_.Run({"plans", "happened", "1", "--depth=counsel", "--energy=good"});
  EXPECT_EQ(happened.code, 0) << happened.err;
  EXPECT_THAT(happened.out,
              AllOf(StartsWith("#1 Rosa Lindqvist, "), HasSubstr(", 30 min"), HasSubstr("council undo takes it back")));
  ASSERT_THAT(Talks(), SizeIs(1));
  EXPECT_EQ(Talks()[0]["note"], "Coffee");
  EXPECT_EQ(Talks()[0]["energy"], 1);
  EXPECT_EQ(Talks()[0]["source"], "calendar");
  EXPECT_THAT(council_.Run({"plans", "happened", "1", "--energy=tired"}).out,
              HasSubstr("is written down already; council correct 1 changes it"));

  EXPECT_THAT(council_.Run({"plans", "missed", "2"}).out, HasSubstr("Walk (Rosa Lindqvist) did not take place"));
  const nlohmann::json left = council_.Json({"plans"});
  EXPECT_THAT(left["unconfirmedPlans"], IsEmpty());
  ASSERT_THAT(left["plans"], SizeIs(1));
  EXPECT_EQ(left["plans"][0]["title"], "Planning");
  EXPECT_THAT(Talks(), SizeIs(1));
  Expect(0, {"undo"});
  EXPECT_THAT(Talks(), IsEmpty());
}

TEST_F(PlansTest, WhatCannotBeAnsweredSaysWhy) {
  ASSERT_NO_FATAL_FAILURE(Plan({{"Coffee", -30}, {"Planning", 20}}));
  Expect(3, {"plans", "happened", "1"});  // Nothing is numbered yet.
  Expect(0, {"plans"});
  const CommandResult early = council_.Run({"plans", "happened", "2"});
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("not begun"));
  Expect(3, {"plans", "missed", "3"});
  Expect(2, {"plans", "happened", "1", "--depth=abyss"});
  Expect(2, {"plans", "happened"});
  Expect(0, {"plans", "missed", "1"});
  Expect(3, {"plans", "missed", "1"});
  EXPECT_THAT(Talks(), IsEmpty());
}

TEST_F(PlansTest, ACalendarFindsAgainWhatWasAnswered) {
  const Meeting coffee = {"Coffee", -30};
  const Meeting walk = {"Walk", -3};
  ASSERT_NO_FATAL_FAILURE(Plan({coffee, walk}));
  Expect(0, {"plans"});
  Expect(0, {"plans", "happened", "1"});
  Expect(0, {"plans", "missed", "2"});
  std::string calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n";
  for (const Meeting& meeting : {coffee, walk}) {
    absl::StrAppend(&calendar, "BEGIN:VEVENT\r\nUID:", meeting.title, "\r\nSUMMARY:", meeting.title,
                    "\r\nDTSTART:", absl::FormatTime("%Y%m%dT%H%M%SZ", StartOf(meeting), absl::UTCTimeZone()),
                    "\r\nDURATION:PT30M\r\nATTENDEE:mailto:rosa@lindqvist.example\r\nEND:VEVENT\r\n");
  }
  const std::string path = Write("calendar.ics", calendar + "END:VCALENDAR\r\n");
  const nlohmann::json imported = council_.Json({"import", path})["files"][0]["interactions"];
  EXPECT_EQ(imported["created"], 0) << imported;
  EXPECT_EQ(imported["unchanged"], 2) << imported;
  EXPECT_THAT(Talks(), SizeIs(1));
}

TEST_F(PlansTest, WithWhomNoContactIsWantedNothingIsAsked) {
  ASSERT_NO_FATAL_FAILURE(Plan({{"Coffee", -30}, {"Planning", 20}}));
  Expect(0, {"contacts", "edit", "rosa", "--status=no-contact"});
  EXPECT_THAT(council_.Run({"plans"}).out, AllOf(Not(HasSubstr("Coffee")), Not(HasSubstr("Planning"))));
  EXPECT_THAT(council_.Json({})["unconfirmedPlans"], IsEmpty());
}

}  // namespace
}  // namespace council::test
