#include "libs/text/written_day.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace council::text {
namespace {

constexpr absl::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
constexpr size_t kShortestMonth = 3;
constexpr size_t kLongestMonth = 9;

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}

// What is read so far of a text: each function takes what it names from the rest, or nothing.
class Cursor {
 public:
  explicit Cursor(absl::string_view rest) : rest_(rest) {}

  // A number of `least` to `most` digits, and no more of them.
  std::optional<int> Number(size_t least, size_t most) {
    size_t digits = 0;
    while (digits < rest_.size() && digits <= most && IsDigit(rest_[digits])) ++digits;
    int number = 0;
    if (digits < least || digits > most || !absl::SimpleAtoi(rest_.substr(0, digits), &number)) return std::nullopt;
    rest_.remove_prefix(digits);
    return number;
  }

  // A month's name, with a point behind a shortened one.
  std::optional<int> Month() {
    size_t letters = 0;
    while (letters < rest_.size() && letters <= kLongestMonth && IsLetter(rest_[letters])) ++letters;
    const absl::string_view word = rest_.substr(0, letters);
    if (letters < kShortestMonth) return std::nullopt;
    for (int month = 0; month < 12; ++month) {
      if (!absl::StartsWithIgnoreCase(kMonths[month], word)) continue;
      rest_.remove_prefix(letters);
      if (letters < kMonths[month].size()) Take(".");
      return month + 1;
    }
    return std::nullopt;
  }

  bool Take(absl::string_view expected) { return absl::ConsumePrefix(&rest_, expected); }

  void TakeOrdinal() {
    for (const char* ending : {"st", "nd", "rd", "th"}) {
      if (Take(ending)) return;
    }
  }

  // Whether a day may end here.
  bool AtEnd() const {
    if (rest_.empty()) return true;
    const bool digit_next = rest_.size() > 1 && IsDigit(rest_[1]);
    if (rest_[0] == 'T') return digit_next;
    if (absl::StrContains("-/.", rest_.substr(0, 1))) return !digit_next;
    return !IsDigit(rest_[0]) && !IsLetter(rest_[0]);
  }

  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
};

// The numbers of a day, each unset until it was read.
struct Numbers {
  std::optional<int> year;
  std::optional<int> month;
  std::optional<int> day;
  bool either_order = false;

  bool all() const { return year.has_value() && month.has_value() && day.has_value(); }
};

// 2026-03-14, 2026/03/14
Numbers YearFirst(Cursor& cursor) {
  Numbers numbers;
  numbers.year = cursor.Number(4, 4);
  const absl::string_view stroke = absl::StartsWith(cursor.rest(), "/") ? "/" : "-";
  if (!cursor.Take(stroke)) return numbers;
  numbers.month = cursor.Number(1, 2);
  if (cursor.Take(stroke)) numbers.day = cursor.Number(1, 2);
  return numbers;
}

// 14.03.2026, 14 March 2026, and what may be either: 03/04/2026, 03-04-2026
Numbers DayFirst(Cursor& cursor) {
  Numbers numbers;
  numbers.day = cursor.Number(1, 2);
  for (const absl::string_view stroke : {".", "/", "-"}) {
    if (!cursor.Take(stroke)) continue;
    numbers.either_order = stroke != ".";
    numbers.month = cursor.Number(1, 2);
    if (cursor.Take(stroke)) numbers.year = cursor.Number(4, 4);
    return numbers;
  }
  cursor.TakeOrdinal();
  if (!cursor.Take(" ")) return numbers;
  numbers.month = cursor.Month();
  cursor.Take(",");
  if (cursor.Take(" ")) numbers.year = cursor.Number(4, 4);
  return numbers;
}

// March 14, 2026
Numbers MonthFirst(Cursor& cursor) {
  Numbers numbers;
  numbers.month = cursor.Month();
  if (!cursor.Take(" ")) return numbers;
  numbers.day = cursor.Number(1, 2);
  cursor.TakeOrdinal();
  cursor.Take(",");
  if (cursor.Take(" ")) numbers.year = cursor.Number(4, 4);
  return numbers;
}

}  // namespace

std::optional<WrittenDay> ReadDay(absl::string_view text) {
  for (Numbers (*read)(Cursor&) : {&YearFirst, &DayFirst, &MonthFirst}) {
    Cursor cursor(text);
    const Numbers numbers = read(cursor);
    if (!numbers.all() || !cursor.AtEnd()) continue;
    WrittenDay written;
    written.length = text.size() - cursor.rest().size();
    const absl::CivilDay day(*numbers.year, *numbers.month, *numbers.day);
    if (numbers.either_order) {
      written.wrong = "day and month may stand in either order: write the day as YYYY-MM-DD";
    } else if (*numbers.year < 1 || day.month() != *numbers.month || day.day() != *numbers.day) {
      written.wrong = "there is no such day: write it as YYYY-MM-DD";
    } else {
      written.day = day;
    }
    return written;
  }
  return std::nullopt;
}

}  // namespace council::text
