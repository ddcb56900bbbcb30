#include "libs/text/written_day.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace council::text {
namespace {

using ::testing::HasSubstr;

constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};

// `day` in every form that is read.
std::vector<std::string> FormsOf(absl::CivilDay day) {
  const auto year = day.year();
  const int month = day.month();
  const int number = day.day();
  const std::string name = kMonths[month - 1];
  return {absl::StrFormat("%04d-%02d-%02d", year, month, number),
          absl::StrFormat("%04d/%02d/%02d", year, month, number),
          absl::StrFormat("%04d-%d-%d", year, month, number),
          absl::StrFormat("%02d.%02d.%04d", number, month, year),
          absl::StrFormat("%d.%d.%04d", number, month, year),
          absl::StrFormat("%d %s %04d", number, name, year),
          absl::StrFormat("%dth %s, %04d", number, name.substr(0, 3), year),
          absl::StrFormat("%s %d, %04d", name, number, year),
          absl::StrFormat("%s %dst %04d", name, number, year)};
}

RC_GTEST_PROP(WrittenDayTest, EveryDayIsReadInEveryForm, ()) {
  const absl::CivilDay day = absl::CivilDay(1, 1, 1) + *rc::gen::inRange(0, 3'652'059);
  for (const std::string& form : FormsOf(day)) {
    for (const char* behind : {"", " lunch", ": lunch", "–", "T10:00", ".", "**"}) {
      const auto written = ReadDay(form + behind);
      RC_ASSERT(written.has_value());
      RC_ASSERT(written->day == day);
      RC_ASSERT(written->length == form.size());
    }
  }
}

RC_GTEST_PROP(WrittenDayTest, AnyTextIsReadWithinItsEnd, ()) {
  const std::string text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789./- ,TMarchth\n")));
  const auto written = ReadDay(text);
  if (!written.has_value()) return;
  RC_ASSERT(written->length > 0);
  RC_ASSERT(written->length <= text.size());
  RC_ASSERT(written->day.has_value() == written->wrong.empty());
}

TEST(WrittenDayTest, WhatCouldBeTwoDaysOrIsNoneIsWrong) {
  for (const char* either : {"03/04/2026", "14/03/2026 lunch", "3-4-2026"}) {
    const auto written = ReadDay(either);
    ASSERT_TRUE(written.has_value()) << either;
    EXPECT_FALSE(written->day.has_value()) << either;
    EXPECT_THAT(written->wrong, HasSubstr("either order")) << either;
  }
  for (const char* none : {"2026-02-30", "2026-13-01", "0000-01-01", "31.04.2026", "29 February 2026", "May 0, 2026"}) {
    const auto written = ReadDay(none);
    ASSERT_TRUE(written.has_value()) << none;
    EXPECT_THAT(written->wrong, HasSubstr("no such day")) << none;
  }
}

TEST(WrittenDayTest, OtherTextIsNoDay) {
  for (const char* other : {"", "2026", "2026-03", "12026-03-14", "2026-03-145", "2026-03-14-2", "2026-03-14a",
                            "2026-03-14Tea", "1.2.3", "192.168.2026", "14.03.2026.1", "14 Marchy 2026", "14 Ma 2026",
                            "March 14", "March, 14 2026", "lunch 2026-03-14", "10/10/10"}) {
    EXPECT_FALSE(ReadDay(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace council::text
