#ifndef COUNCIL_LIBS_WORDS_SENTENCE_H_
#define COUNCIL_LIBS_WORDS_SENTENCE_H_

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

#include "absl/strings/string_view.h"

// What the catalogue is made of.
namespace council::words {

// What stands for a value in a sentence, and what it is given as.
enum class Kind {
  // Somebody's name, as it is; "someone" where it is empty.
  kName,
  // Names or words, of which an empty one reads as a name does: "Ann, Bob and Cho"; "nobody" where there are none.
  kNames,
  // Other text, as it is; "–" where it is empty.
  kText,
  // Which of the pattern's alternatives it is, by its word, or a bool as yes and no.
  kChoice,
  // A whole number.
  kNumber,
  // A number with the places that its pattern says.
  kDecimal,
  // Days, as absl::CivilDay, of the years 1 to 9999.
  kWeekday,       // "Mon 7 Dec"
  kDayOfMonth,    // "7 December"
  kDate,          // "7 December 2026"
  kShortDate,     // "7 Dec 2026"
  kMonth,         // "December"
  kMonthAndYear,  // "December 2026"
  // An absl::Duration in whole minutes: "30 minutes".
  kMinutes,
};

struct Parameter {
  absl::string_view name;
  Kind kind = Kind::kText;
};

// Most parameters that a sentence takes.
inline constexpr size_t kMostParameters = 8;

// A sentence, or a part that stands by itself, as the catalogue has it.
struct Sentence {
  constexpr Sentence() = default;
  // `pattern` is one of ICU's MessageFormat: https://unicode-org.github.io/icu/userguide/format_parse/messages. A value
  // of the kinds kName, kNames, kText, days and minutes stands there as {name} alone.
  constexpr Sentence(absl::string_view its_id, absl::string_view its_pattern, std::same_as<Parameter> auto... takes)
      : id(its_id), pattern(its_pattern), parameters{takes...}, parameter_count(sizeof...(takes)) {}

  constexpr const Parameter* Find(absl::string_view name) const {
    const auto* const end = parameters.data() + parameter_count;
    const auto* const found =
        std::find_if(parameters.data(), end, [name](const Parameter& one) { return one.name == name; });
    return found == end ? nullptr : found;
  }

  // Which part of the program says it, and what: "advice.tiring".
  absl::string_view id;
  absl::string_view pattern;
  std::array<Parameter, kMostParameters> parameters;
  size_t parameter_count = 0;
};

// Parameters, as the catalogue's files write them.
constexpr Parameter Name(absl::string_view name) {
  return {name, Kind::kName};
}
constexpr Parameter Names(absl::string_view name) {
  return {name, Kind::kNames};
}
constexpr Parameter Text(absl::string_view name) {
  return {name, Kind::kText};
}
constexpr Parameter Choice(absl::string_view name) {
  return {name, Kind::kChoice};
}
constexpr Parameter Number(absl::string_view name) {
  return {name, Kind::kNumber};
}
constexpr Parameter Decimal(absl::string_view name) {
  return {name, Kind::kDecimal};
}
constexpr Parameter Weekday(absl::string_view name) {
  return {name, Kind::kWeekday};
}
constexpr Parameter DayOfMonth(absl::string_view name) {
  return {name, Kind::kDayOfMonth};
}
constexpr Parameter Date(absl::string_view name) {
  return {name, Kind::kDate};
}
constexpr Parameter ShortDate(absl::string_view name) {
  return {name, Kind::kShortDate};
}
constexpr Parameter Month(absl::string_view name) {
  return {name, Kind::kMonth};
}
constexpr Parameter MonthAndYear(absl::string_view name) {
  return {name, Kind::kMonthAndYear};
}
constexpr Parameter Minutes(absl::string_view name) {
  return {name, Kind::kMinutes};
}

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_SENTENCE_H_
