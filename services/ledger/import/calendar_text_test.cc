#include "services/ledger/import/calendar_text.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::ledger {
namespace {

std::string Trimmed(const std::string& file) {
  const auto text = TrimCalendar(file);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? text->text : "";
}

constexpr char kBegin[] = "BEGIN:VEVENT\r\n";
constexpr char kEnd[] = "END:VEVENT\r\n";

std::string Event(const std::string& lines) {
  return absl::StrCat(kBegin, lines, kEnd);
}

std::string Times(int times, const std::string& text) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(CalendarTextTest, LinesAreUnfoldedAndOfAnyLineEnd) {
  EXPECT_EQ(Trimmed("BEGIN:VEVENT\nSUMM\r\n ARY:a\n\tb\rUID:1\nEND:VEVENT"), Event("SUMMARY:ab\r\nUID:1\r\n"));
}

TEST(CalendarTextTest, WhatSaysNothingOfAMeetingIsLeftOut) {
  EXPECT_EQ(Trimmed("UID:outside\n" + Event("X-A:1\nUid;X=1:7\nATTACH:data\nBEGIN:VALARM\nUID:9\nBEGIN:X\nEND:X\n"
                                            "END:VALARM\nSUMMARY:s\nSUMMARY:second\n")),
            Event("Uid;X=1:7\r\nSUMMARY:s\r\n"));
}

TEST(CalendarTextTest, PartWithoutItsEndHidesNoLaterEvent) {
  EXPECT_EQ(Trimmed("BEGIN:VEVENT\nBEGIN:VALARM\nUID:9\nEND:VEVENT\nEND:VALARM\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\n"),
            Event("") + Event("UID:2\r\n"));
}

TEST(CalendarTextTest, LongLinesAreCountedAndLongDescriptionsCut) {
  const std::string text(40'000, 'x');
  const auto trimmed = TrimCalendar(Event(absl::StrCat("SUMMARY:", text, "\nUID:1\n ", text, "\nATTENDEE",
                                                       Times(101, ";A=\":\""), ":x\nDESCRIPTION:", text, "\n")));
  ASSERT_TRUE(trimmed.ok()) << trimmed.status();
  EXPECT_EQ(trimmed->lines_left_out, 3);
  EXPECT_EQ(trimmed->text.size(), Event("").size() + (32u << 10) + 2);
}

TEST(CalendarTextTest, EventsThatAreTooLargeAreLeftOutWhole) {
  const std::string date = "RDATE:20260101T000000Z";
  const std::string event = Event("UID:1\r\nSUMMARY:s\r\n");
  for (const std::string& lines : {Times(1001, "ATTENDEE:a\n"), Times(11, "RRULE:FREQ=DAILY\n"),
                                   date + Times(1000, ",20260101T000000Z") + "\n", Times(1001, "EXDATE:x\n")}) {
    const auto trimmed = TrimCalendar(event + Event(lines) + event);
    ASSERT_TRUE(trimmed.ok()) << trimmed.status();
    EXPECT_EQ(trimmed->events_left_out, 1);
    EXPECT_EQ(trimmed->text, event + event);
    // Cut off in the middle it is too large as well.
    EXPECT_EQ(Trimmed(event + kBegin + lines), event);
  }
}

TEST(CalendarTextTest, ComponentsTooDeepAreRefused) {
  const absl::Status refused = TrimCalendar(Times(1'000'000, "BEGIN:VCALENDAR\n")).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::BadRequestOf(refused).field_violations(0).field(), "chunk");
}

TEST(CalendarTextTest, TooManyLinesAreRefusedHoweverTheyAreWritten) {
  const std::string dates = Event("RDATE:1" + Times(999, ",1") + "\n");
  const std::string zone = "BEGIN:VTIMEZONE\nBEGIN:STANDARD\nRRULE:FREQ=YEARLY\nEND:STANDARD\nEND:VTIMEZONE\n";
  for (const std::string& file : {Times(250'001, Event("")), Times(500, dates), Times(501, zone)}) {
    const absl::Status refused = TrimCalendar(file).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  }
}

}  // namespace
}  // namespace council::ledger
