#ifndef COUNCIL_LIBS_TEXT_WRITTEN_DAY_H_
#define COUNCIL_LIBS_TEXT_WRITTEN_DAY_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace council::text {

// A day as somebody wrote it.
struct WrittenDay {
  // Unset where what is written is no day, or could be two.
  std::optional<absl::CivilDay> day;
  // Why `day` is unset and what would be right, in plain English.
  std::string wrong;
  // How many bytes of the text it takes.
  size_t length = 0;
};

// The day that `text` begins with; nothing where it begins with something else. Years are 1 to 9999, with four digits.
// Read are
//
//   2026-03-14    2026/03/14    14.03.2026    14 March 2026    March 14, 2026
//
// with or without zeros before days and months; months by their English names or three letters or more of them, days
// with "st", "nd", "rd" or "th" where wanted. A day and a month parted by "/" or "-" before the year come in either
// order, by country, and are wrong. What goes on with letters, or with a digit behind a point or a stroke, is no day
// but for a time of day after "T".
std::optional<WrittenDay> ReadDay(absl::string_view text);

}  // namespace council::text

#endif  // COUNCIL_LIBS_TEXT_WRITTEN_DAY_H_
