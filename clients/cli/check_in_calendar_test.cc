#include "clients/cli/check_in_calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>
#include <rapidcheck/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace council::cli {
namespace {

using recommendations::v1::CheckIn;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 9, 30, 0), absl::UTCTimeZone());

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

CheckIn On(const std::string& contact_id, const std::string& day) {
  CheckIn check_in;
  check_in.set_contact_id(contact_id);
  check_in.set_day(day);
  return check_in;
}

std::vector<icalcomponent*> EventsOf(const Component& calendar) {
  std::vector<icalcomponent*> events;
  for (icalcomponent* event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
       event != nullptr; event = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)) {
    events.push_back(event);
  }
  return events;
}

TEST(Initials, AreOfTheFirstAndTheLastWord) {
  EXPECT_EQ(Initials("Rosa Lindqvist"), "R. L.");
  EXPECT_EQ(Initials("Miguel Ferreira da costa"), "M. C.");
  EXPECT_EQ(Initials("élodie"), "É.");
  EXPECT_EQ(Initials("佐藤 花"), "佐. 花.");
  EXPECT_EQ(Initials("(Tom) \"the\" <b>"), "T. B.");
  EXPECT_EQ(Initials("\xff"), "");
  EXPECT_EQ(Initials(" - 🙂 "), "");
}

TEST(CheckInCalendar, IsWhatCalendarsAccept) {
  const auto file = CheckInCalendar(
      std::vector{On("id-1", "2026-05-31"), On("id-2", "2026-06-02")}, {},
      [](const std::string& id) { return id == "id-1" ? "Rosa Lindqvist" : "Hana"; }, kNow);
  ASSERT_TRUE(file.ok()) << file.status();
  const Component calendar(icalparser_parse_string(file->c_str()));
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
  EXPECT_NE(icalrestriction_check(calendar.get()), 0) << *file;
  const std::vector<icalcomponent*> events = EventsOf(calendar);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_STREQ(icalcomponent_get_uid(events[0]), "id-1@council");
  EXPECT_STREQ(icalcomponent_get_summary(events[0]), "Talk with R. L.");
  EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtstart(events[0])), "20260531");
  EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtend(events[0])), "20260601");
  EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtstamp(events[0])), "20260504T093000Z");
  for (const char* line : {"CLASS:PRIVATE\r\n", "TRANSP:TRANSPARENT\r\n", "DTSTART;VALUE=DATE:20260531\r\n"}) {
    EXPECT_THAT(*file, HasSubstr(line));
  }
  EXPECT_THAT(*file, Not(HasSubstr("VALARM")));
}

TEST(CheckInCalendar, ALaterOneMovesTheEventOfAContact) {
  const NameOf rosa = [](const std::string&) { return "Rosa"; };
  const auto first = CheckInCalendar(std::vector{On("id-1", "2026-05-31")}, {}, rosa, kNow);
  const auto second = CheckInCalendar(std::vector{On("id-1", "2026-07-12")}, {}, rosa, kNow + absl::Minutes(1));
  const Component before(icalparser_parse_string(first->c_str()));
  const Component after(icalparser_parse_string(second->c_str()));
  EXPECT_STREQ(icalcomponent_get_uid(EventsOf(before)[0]), icalcomponent_get_uid(EventsOf(after)[0]));
  EXPECT_LT(icalcomponent_get_sequence(EventsOf(before)[0]), icalcomponent_get_sequence(EventsOf(after)[0]));
}

TEST(CheckInCalendar, ACancelledOneNamesNobody) {
  const NameOf rosa = [](const std::string&) { return "Rosa"; };
  const CancelledCheckIn cancelled{.contact_id = "id-1", .day = absl::CivilDay(2026, 5, 31)};
  const auto before = CheckInCalendar(std::vector{On("id-1", "2026-05-31")}, {}, rosa, kNow - absl::Hours(48));
  const auto file = CheckInCalendar({}, std::vector{cancelled}, rosa, kNow);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(*file, Not(HasSubstr("R.")));
  const Component earlier(icalparser_parse_string(before->c_str()));
  const Component calendar(icalparser_parse_string(file->c_str()));
  EXPECT_NE(icalrestriction_check(calendar.get()), 0) << *file;
  const std::vector<icalcomponent*> events = EventsOf(calendar);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_STREQ(icalcomponent_get_uid(events[0]), icalcomponent_get_uid(EventsOf(earlier)[0]));
  EXPECT_GT(icalcomponent_get_sequence(events[0]), icalcomponent_get_sequence(EventsOf(earlier)[0]));
  EXPECT_EQ(icalcomponent_get_status(events[0]), ICAL_STATUS_CANCELLED);
  EXPECT_STREQ(icaltime_as_ical_string(icalcomponent_get_dtstart(events[0])), "20260531");
}

TEST(CheckInCalendar, WithoutCheckInsIsStillACalendar) {
  const auto file = CheckInCalendar(
      {}, {}, [](const std::string&) { return "Rosa"; }, kNow);
  ASSERT_TRUE(file.ok());
  const Component calendar(icalparser_parse_string(file->c_str()));
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(icalcomponent_isa(calendar.get()), ICAL_VCALENDAR_COMPONENT);
}

TEST(CheckInCalendar, ADayThatIsNoneFails) {
  EXPECT_EQ(CheckInCalendar(
                std::vector{On("id", "someday")}, {}, [](const std::string&) { return ""; }, kNow)
                .status()
                .code(),
            absl::StatusCode::kInternal);
}

RC_GTEST_PROP(CheckInCalendar, NoNameBreaksALineOrEntersTheFile, ()) {
  const std::string name = absl::StrCat("qqq", *rc::gen::arbitrary<std::string>(), " rest\r\nSUMMARY:other");
  std::vector<CheckIn> check_ins;
  for (int i = 0; i < *rc::gen::inRange(1, 5); ++i) {
    check_ins.push_back(On(absl::StrCat("0195f3a2-7c1e-7b1a-9d3e-5f6a7b8c9d0", i), "2026-05-31"));
  }
  const auto file = CheckInCalendar(
      check_ins, {}, [&](const std::string&) { return name; }, kNow);
  RC_ASSERT(file.ok());
  RC_ASSERT(file->find("qqq") == std::string::npos);
  const Component calendar(icalparser_parse_string(file->c_str()));
  const bool parsed = calendar != nullptr && icalcomponent_count_errors(calendar.get()) == 0;
  RC_ASSERT(parsed);
  RC_ASSERT(EventsOf(calendar).size() == check_ins.size());
  for (const absl::string_view line : absl::StrSplit(*file, "\r\n")) {
    RC_ASSERT(line.size() <= 75u);
    RC_ASSERT(line.find_first_of("\r\n") == absl::string_view::npos);
  }
}

}  // namespace
}  // namespace council::cli
