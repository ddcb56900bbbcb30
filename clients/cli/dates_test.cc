#include "clients/cli/dates.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "absl/time/civil_time.h"

namespace council::cli {
namespace {

// A Wednesday afternoon.
class DatesTest : public testing::Test {
 protected:
  static absl::TimeZone Berlin() {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Berlin", &zone));
    return zone;
  }
  std::string When(const std::string& text) const {
    const absl::StatusOr<absl::Time> when = ParseWhen(text, now_, zone_);
    return when.ok() ? absl::FormatTime("%Y-%m-%d %H:%M", *when, zone_) : "refused";
  }

  const absl::TimeZone zone_ = Berlin();
  const absl::Time now_ = absl::FromCivil(absl::CivilMinute(2026, 5, 6, 15, 20), zone_);
};

TEST_F(DatesTest, UnderstandsTheWordsThatPeopleSay) {
  EXPECT_EQ(When("now"), "2026-05-06 15:20");
  EXPECT_EQ(When("today"), "2026-05-06 12:00");
  EXPECT_EQ(When("Yesterday"), "2026-05-05 12:00");
  EXPECT_EQ(When("3d"), "2026-05-03 12:00");
  EXPECT_EQ(When("2w"), "2026-04-22 12:00");
  EXPECT_EQ(When("10 days ago"), "2026-04-26 12:00");
  EXPECT_EQ(When("2026-05-01"), "2026-05-01 12:00");
}

TEST_F(DatesTest, TakesATimeBehindADay) {
  EXPECT_EQ(When("yesterday 18:30"), "2026-05-05 18:30");
  EXPECT_EQ(When("2026-05-01 9:00"), "2026-05-01 09:00");
  EXPECT_EQ(When("2026-05-01T09:00"), "2026-05-01 09:00");
  EXPECT_EQ(When("tuesday 7:15"), "2026-05-05 07:15");
  EXPECT_EQ(When("8:05"), "2026-05-06 08:05");
  EXPECT_EQ(When("2026-05-01T09:00:00Z"), "2026-05-01 11:00");
}

TEST_F(DatesTest, AWeekdayIsTheLatestBeforeToday) {
  EXPECT_EQ(When("monday"), "2026-05-04 12:00");
  EXPECT_EQ(When("thu"), "2026-04-30 12:00");
  EXPECT_EQ(When("wednesday"), "2026-04-29 12:00");
}

TEST_F(DatesTest, TodayIsNeverLaterThanNow) {
  const absl::Time morning = absl::FromCivil(absl::CivilMinute(2026, 5, 6, 8, 0), zone_);
  EXPECT_EQ(*ParseWhen("today", morning, zone_), morning);
}

TEST_F(DatesTest, RefusesWhatIsNoDate) {
  for (const char* text : {"", "soon", "2026-02-30", "2026-13-01", "25:00", "monday 12:61", "d", "5x", "mo", "1e9d"}) {
    EXPECT_EQ(When(text), "refused") << text;
  }
}

TEST_F(DatesTest, WritesDaysAsPeopleSayThem) {
  const auto day = [&](int year, int month, int d) {
    return FormatDay(absl::FromCivil(absl::CivilHour(year, month, d, 9), zone_), now_, zone_);
  };
  EXPECT_EQ(day(2026, 5, 6), "today");
  EXPECT_EQ(day(2026, 5, 5), "yesterday");
  EXPECT_EQ(day(2026, 5, 7), "tomorrow");
  EXPECT_EQ(day(2026, 5, 1), "Fri 1 May");
  EXPECT_EQ(day(2025, 12, 24), "Wed 24 Dec");
  EXPECT_EQ(day(2025, 3, 3), "3 Mar 2025");
}

RC_GTEST_FIXTURE_PROP(DatesTest, EveryDayToComeReadsBackAsItself, ()) {
  const absl::CivilDay day = absl::CivilDay(2026, 5, 6) + *rc::gen::inRange(0, 20000);
  const std::string text = absl::FormatCivilTime(day);
  RC_ASSERT(*ParseDueDay(text, now_, zone_) == text);
}

RC_GTEST_FIXTURE_PROP(DatesTest, AnyTextIsReadOrRefusedWithoutHarm, ()) {
  const auto text = *rc::gen::string<std::string>();
  static_cast<void>(ParseWhen(text, now_, zone_));
  static_cast<void>(ParseDuration(text));
  static_cast<void>(ParseCadence(text));
}

TEST(Duration, ReadsTheUsualSpellings) {
  EXPECT_EQ(*ParseDuration("30m"), absl::Minutes(30));
  EXPECT_EQ(*ParseDuration("90"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("45 min"), absl::Minutes(45));
  EXPECT_EQ(*ParseDuration("1h"), absl::Hours(1));
  EXPECT_EQ(*ParseDuration("1h30"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("1h 30m"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("1:05"), absl::Minutes(65));
  for (const char* text : {"", "0m", "-5", "h", "1d", "745h"}) EXPECT_FALSE(ParseDuration(text).ok()) << text;
}

TEST(Duration, WritesHoursAndMinutes) {
  EXPECT_EQ(DurationText(absl::Minutes(30)), "30 min");
  EXPECT_EQ(DurationText(absl::Hours(2)), "2 h");
  EXPECT_EQ(DurationText(absl::Minutes(75)), "1 h 15 min");
}

RC_GTEST_PROP(Duration, WhatIsWrittenReadsBack, ()) {
  const absl::Duration duration = absl::Minutes(*rc::gen::inRange(1, 31 * 24 * 60));
  RC_ASSERT(*ParseDuration(DurationText(duration)) == duration);
}

TEST(Cadence, ReadsDaysWeeksAndMonths) {
  EXPECT_EQ(*ParseCadence("10d"), absl::Hours(240));
  EXPECT_EQ(*ParseCadence("6w"), absl::Hours(24 * 42));
  EXPECT_EQ(*ParseCadence("2m"), absl::Hours(24 * 60));
  EXPECT_EQ(*ParseCadence("30"), absl::Hours(24 * 30));
  for (const char* text : {"", "0d", "731d", "weekly", "3y"}) EXPECT_FALSE(ParseCadence(text).ok()) << text;
}

RC_GTEST_PROP(Cadence, WhatIsWrittenReadsBack, ()) {
  const absl::Duration cadence = absl::Hours(24 * *rc::gen::inRange(1, 731));
  RC_ASSERT(*ParseCadence(FormatCadence(cadence)) == cadence);
}

}  // namespace
}  // namespace council::cli
