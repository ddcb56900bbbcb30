#include "services/ledger/import/icalendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, absl::UTCTimeZone(), &time, &error)) << error;
  return time;
}

const absl::Time kNow = At("2026-06-15 12:00");

std::string Calendar(const std::string& events) {
  return absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n", events, "END:VCALENDAR\r\n");
}

// A VEVENT with Ann as attendee and further lines.
std::string Event(const std::string& lines, const std::string& uid = "u") {
  return absl::StrCat("BEGIN:VEVENT\r\nUID:", uid,
                      "\r\nDTSTAMP:20260101T000000Z\r\nATTENDEE;CN=Ann:mailto:Ann@x.org\r\n", lines, "END:VEVENT\r\n");
}

ImportedFile Read(const std::string& text, absl::TimeZone zone = absl::UTCTimeZone()) {
  CalendarOptions options;
  options.own_emails = {"me@x.org"};
  options.time_zone = zone;
  options.now = kNow;
  auto file = ReadCalendar(text, options);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : ImportedFile();
}

std::vector<std::string> Starts(const std::vector<ImportedRecord>& records) {
  std::vector<std::string> starts;
  for (const ImportedRecord& record : records) {
    starts.push_back(
        absl::FormatTime("%m-%d %H:%M", base::FromProto(record.content.occur_time()), absl::UTCTimeZone()));
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

TEST(ICalendarTest, AMeetingHasItsTimeLengthTitleAndPeople) {
  const ImportedFile file = Read(Calendar(
      Event("DTSTART:20260601T090000Z\r\nDTEND:20260601T093000Z\r\nSUMMARY:Coffee\\, long\r\n talk\r\nLOCATION:Cafe\r\n"
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@x.org\r\nORGANIZER;CN=\"Bob, B.\":MAILTO:bob@x.org\r\n")));
  ASSERT_THAT(file.happened, SizeIs(1));
  const ImportedRecord& record = file.happened[0];
  EXPECT_EQ(base::FromProto(record.content.occur_time()), At("2026-06-01 09:00"));
  EXPECT_EQ(base::FromProto(record.content.duration()), absl::Minutes(30));
  EXPECT_EQ(record.content.note(), "Coffee, longtalk");
  EXPECT_EQ(record.content.channel(), v1::CHANNEL_IN_PERSON);
  EXPECT_EQ(record.content.depth(), v1::INTERACTION_DEPTH_UNSPECIFIED);
  ASSERT_THAT(record.people, SizeIs(2));
  EXPECT_EQ(record.people[0].address, "ann@x.org");
  EXPECT_EQ(record.people[1].address, "bob@x.org");
  EXPECT_EQ(record.people[1].name, "Bob, B.");
  EXPECT_THAT(file.complete_uids, ElementsAre("u"));
}

TEST(ICalendarTest, WhatIsNoMeetingIsLeftOutByReason) {
  const ImportedFile file = Read(Calendar(absl::StrCat(
      Event("DTSTART:20260601T090000Z\r\nSTATUS:CANCELLED\r\n", "a"), Event("DTSTART;VALUE=DATE:20260601\r\n", "b"),
      Event("DTSTART:20260601T090000Z\r\nATTENDEE;PARTSTAT=DECLINED:mailto:ME@x.org\r\n", "c"),
      Event("DTSTART:20260601T090000Z\r\n", "d@council"), "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:do\r\nEND:VTODO\r\n")));
  EXPECT_THAT(file.happened, IsEmpty());
  EXPECT_THAT(file.left_out, UnorderedElementsAre(Pair("cancelled", 1), Pair("all-day", 1), Pair("declined by me", 1),
                                                  Pair("written by Council itself", 1),
                                                  Pair("a task, a journal or free/busy time", 1)));
}

TEST(ICalendarTest, RoomsAndThoseWhoDeclinedTakeNoPart) {
  const ImportedFile file = Read(Calendar(
      Event("DTSTART:20260601T090000Z\r\nATTENDEE;CUTYPE=ROOM:mailto:room@x.org\r\n"
            "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@x.org\r\nATTENDEE;ROLE=NON-PARTICIPANT:mailto:cc@x.org\r\n")));
  ASSERT_THAT(file.happened, SizeIs(1));
  ASSERT_THAT(file.happened[0].people, SizeIs(1));
}

TEST(ICalendarTest, MoreThanEightAttendeesMakeAnExchange) {
  std::string seven;
  for (int i = 0; i < 7; ++i) absl::StrAppend(&seven, "ATTENDEE:mailto:p", i, "@x.org\r\n");
  EXPECT_EQ(Read(Calendar(Event("DTSTART:20260601T090000Z\r\n" + seven))).happened[0].content.depth(),
            v1::INTERACTION_DEPTH_UNSPECIFIED);
  EXPECT_EQ(Read(Calendar(Event("DTSTART:20260601T090000Z\r\n" + seven + "ATTENDEE:mailto:p8@x.org\r\n")))
                .happened[0]
                .content.depth(),
            v1::INTERACTION_DEPTH_EXCHANGE);
}

TEST(ICalendarTest, ASeriesIsExpandedUpToNowWithItsExceptions) {
  const ImportedFile file = Read(Calendar(
      absl::StrCat(Event("DTSTART:20260520T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nEXDATE:20260527T090000Z\r\n"
                         "RDATE:20260601T150000Z\r\n"),
                   Event("RECURRENCE-ID:20260603T090000Z\r\nDTSTART:20260604T100000Z\r\nSEQUENCE:1\r\n"),
                   Event("RECURRENCE-ID:20260610T090000Z\r\nDTSTART:20260610T090000Z\r\nSTATUS:CANCELLED\r\n"))));
  EXPECT_THAT(Starts(file.happened), ElementsAre("05-20 09:00", "06-01 15:00", "06-04 10:00"));
  EXPECT_THAT(file.withdrawn, ElementsAre(Pair("u", "20260610T090000Z")));
  // Wednesdays from 17 June on, 90 days ahead.
  EXPECT_THAT(file.coming, SizeIs(13));
}

TEST(ICalendarTest, ASeriesKeepsItsLocalTimeOverTheChangeOfClocks) {
  const std::string zone =
      "BEGIN:VTIMEZONE\r\nTZID:Central\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\n"
      "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
      "DTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
      "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
  const ImportedFile file =
      Read(Calendar(zone + Event("DTSTART;TZID=Central:20260325T090000\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n")));
  EXPECT_THAT(Starts(file.happened), ElementsAre("03-25 08:00", "04-01 07:00"));
}

TEST(ICalendarTest, ATimeWithoutAZoneIsInTheOwners) {
  absl::TimeZone berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
  EXPECT_THAT(Starts(Read(Calendar(Event("DTSTART:20260601T090000\r\n")), berlin).happened),
              ElementsAre("06-01 07:00"));
  EXPECT_THAT(Starts(Read(Calendar(Event("DTSTART;TZID=America/New_York:20260601T090000\r\n")), berlin).happened),
              ElementsAre("06-01 13:00"));
}

TEST(ICalendarTest, ARecurrenceIsKnownInWhicheverZoneItIsNamed) {
  absl::TimeZone berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
  for (const auto& [start, recurrence] :
       {std::pair("DTSTART;TZID=Europe/Berlin:20260601T090000", "RECURRENCE-ID:20260608T090000"),
        std::pair("DTSTART:20260601T090000", "RECURRENCE-ID:20260608T070000Z"),
        std::pair("DTSTART:20260601T070000Z", "RECURRENCE-ID;TZID=Europe/Berlin:20260608T090000")}) {
    const ImportedFile file =
        Read(Calendar(absl::StrCat(Event(absl::StrCat(start, "\r\nRRULE:FREQ=WEEKLY\r\n")),
                                   Event(absl::StrCat(recurrence, "\r\nDTSTART:20260609T070000Z\r\n")))),
             berlin);
    EXPECT_THAT(Starts(file.happened), ElementsAre("06-01 07:00", "06-09 07:00", "06-15 07:00")) << start;
  }
}

TEST(ICalendarTest, ARecurrenceWithoutAZoneIsNamedAsItIsWritten) {
  for (const char* name : {"Europe/Berlin", "America/New_York"}) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    const ImportedFile file =
        Read(Calendar(absl::StrCat(Event("DTSTART:20260601T090000\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n"),
                                   Event("RECURRENCE-ID:20260608T090000\r\nSTATUS:CANCELLED\r\n"))),
             zone);
    ASSERT_THAT(file.happened, SizeIs(1)) << name;
    EXPECT_EQ(file.happened[0].recurrence_id, "20260601T090000") << name;
    EXPECT_THAT(file.withdrawn, ElementsAre(Pair("u", "20260608T090000"))) << name;
  }
}

TEST(ICalendarTest, OfSeveralVersionsOfAnEventTheLastHolds) {
  const ImportedFile file = Read(Calendar(Event("DTSTART:20260601T090000Z\r\nSEQUENCE:2\r\n") +
                                          Event("DTSTART:20260601T100000Z\r\nSEQUENCE:1\r\n")));
  EXPECT_THAT(Starts(file.happened), ElementsAre("06-01 09:00"));
}

TEST(ICalendarTest, EndlessAndSenselessRulesDoNotHang) {
  const ImportedFile file = Read(
      Calendar(absl::StrCat(Event("DTSTART:19000101T090000Z\r\nRRULE:FREQ=SECONDLY\r\n", "a"),
                            Event("DTSTART:19000101T090000Z\r\nRRULE:FREQ=DAILY\r\n", "b"),
                            Event("DTSTART:20260101T090000Z\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n", "c"))));
  EXPECT_THAT(file.skipped, SizeIs(2));
}

TEST(ICalendarTest, WhatIsNoCalendarIsRefused) {
  CalendarOptions options;
  options.now = kNow;
  for (const char* text : {"", "hello", "BEGIN:VCARD\r\nEND:VCARD\r\n"}) {
    EXPECT_EQ(ReadCalendar(text, options).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

RC_GTEST_PROP(ICalendarProperty, AnyBytesAreReadOrRefused, ()) {
  std::string text = Calendar(Event("DTSTART:20260601T090000Z\r\nRRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:x\r\n"));
  for (int i = *rc::gen::inRange(0, 10); i > 0; --i) {
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  }
  CalendarOptions options;
  options.now = kNow;
  const auto file = ReadCalendar(text, options);
  if (!file.ok()) RC_ASSERT(file.status().code() == absl::StatusCode::kInvalidArgument);
}

struct RealFile {
  const char* name;
  std::size_t happened;
  std::size_t left_out;
  std::size_t skipped;
};

class RealCalendars : public ::testing::TestWithParam<RealFile> {};

TEST_P(RealCalendars, AreReadWithWhatALookAtThemShows) {
  const char* source = std::getenv("COUNCIL_SOURCE_DIR");
  const std::filesystem::path path =
      std::filesystem::path(source == nullptr ? "." : source) / ".." / "shared" / "data" / "import" / GetParam().name;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  const ImportedFile file = Read(text.str());
  std::size_t left_out = 0;
  for (const auto& [reason, count] : file.left_out) left_out += static_cast<std::size_t>(count);
  EXPECT_EQ(file.happened.size(), GetParam().happened);
  EXPECT_EQ(left_out, GetParam().left_out);
  EXPECT_EQ(file.skipped.size(), GetParam().skipped);
  for (const ImportedRecord& record : file.happened) {
    EXPECT_FALSE(record.uid.empty());
    EXPECT_TRUE(base::IsValid(record.content.occur_time()));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, RealCalendars,
                         ::testing::Values(RealFile{"libical-calendar.ics", 3, 0, 0},
                                           RealFile{"libical-classify.ics", 0, 1, 0},
                                           RealFile{"libical-2446.ics", 4473, 24, 0}),
                         [](const auto& file) {
                           std::string name = file.param.name;
                           std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
                           return name;
                         });

}  // namespace
}  // namespace council::ledger
