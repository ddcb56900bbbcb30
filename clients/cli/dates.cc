#include "clients/cli/dates.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <regex>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

constexpr std::array<const char*, 7> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};

// Monday is 0.
std::optional<int> ParseWeekday(const std::string& word) {
  if (word.size() < 3) return std::nullopt;
  for (size_t i = 0; i < kWeekdays.size(); ++i) {
    if (absl::StartsWith(kWeekdays[i], word)) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::optional<absl::CivilDay> ParseIsoDay(const std::string& word) {
  static const std::regex iso("(\\d{4})-(\\d{2})-(\\d{2})");
  std::smatch match;
  if (!std::regex_match(word, match, iso)) return std::nullopt;
  const int month = std::stoi(match[2]);
  const int day = std::stoi(match[3]);
  const absl::CivilDay civil(std::stoi(match[1]), month, day);
  // Civil days put 30 February into March: here it is a slip.
  if (civil.month() != month || civil.day() != day) return std::nullopt;
  return civil;
}

std::optional<absl::CivilDay> ParseDayWord(const std::string& word, absl::CivilDay today) {
  if (word == "today") return today;
  if (word == "yesterday") return today - 1;
  std::smatch match;
  static const std::regex ago("(\\d{1,5})\\s*(d|days?|w|weeks?)(\\s+ago)?");
  if (std::regex_match(word, match, ago)) {
    return today - std::stoll(match[1]) * (match[2].str()[0] == 'w' ? 7 : 1);
  }
  if (const std::optional<int> weekday = ParseWeekday(word)) {
    const int since = (static_cast<int>(absl::GetWeekday(today)) - *weekday + 7) % 7;
    return today - (since == 0 ? 7 : since);
  }
  return ParseIsoDay(word);
}

absl::Status NotADate(const std::string& text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text,
      "\" is not a date; say for example today, yesterday, monday, 3d, 2w, 2026-05-01, or one of them with "
      "a time, as in \"yesterday 18:30\""));
}

}  // namespace

absl::StatusOr<absl::Time> ParseWhen(const std::string& text, absl::Time now, absl::TimeZone zone) {
  const std::string trimmed(absl::StripAsciiWhitespace(text));
  absl::Time instant;
  std::string error;
  if (trimmed.size() > 16 && absl::ParseTime(absl::RFC3339_full, trimmed, &instant, &error)) return instant;
  std::string words = absl::AsciiStrToLower(trimmed);
  if (words == "now") return now;

  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  std::optional<absl::CivilSecond> time_of_day;
  std::smatch match;
  static const std::regex with_time("(?:(.*?)(?:\\s+|t))?(\\d{1,2}):(\\d{2})(?::(\\d{2}))?");
  std::string day_word = words;
  if (std::regex_match(words, match, with_time)) {
    const int hour = std::stoi(match[2]);
    const int minute = std::stoi(match[3]);
    const int second = match[4].matched ? std::stoi(match[4]) : 0;
    if (hour > 23 || minute > 59 || second > 59) return NotADate(text);
    time_of_day = absl::CivilSecond(1970, 1, 1, hour, minute, second);
    day_word = match[1].matched ? match[1].str() : "today";
  }
  const std::optional<absl::CivilDay> day = ParseDayWord(day_word, today);
  if (!day) return NotADate(text);
  if (time_of_day) {
    return absl::FromCivil(absl::CivilSecond(day->year(), day->month(), day->day(), time_of_day->hour(),
                                             time_of_day->minute(), time_of_day->second()),
                           zone);
  }
  const absl::Time noon = absl::FromCivil(absl::CivilHour(day->year(), day->month(), day->day(), 12), zone);
  return *day == today ? std::min(noon, now) : noon;
}

absl::StatusOr<std::string> ParseDueDay(const std::string& text, absl::Time now, absl::TimeZone zone) {
  const std::string word = absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(text)));
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  std::optional<absl::CivilDay> day = ParseIsoDay(word);
  std::smatch match;
  static const std::regex ahead("(?:in\\s+)?(\\d{1,4})\\s*(d|days?|w|weeks?)");
  if (word == "today") day = today;
  if (word == "tomorrow") day = today + 1;
  if (std::regex_match(word, match, ahead)) day = today + std::stoll(match[1]) * (match[2].str()[0] == 'w' ? 7 : 1);
  if (const std::optional<int> weekday = ParseWeekday(word)) {
    const int until = (*weekday - static_cast<int>(absl::GetWeekday(today)) + 7) % 7;
    day = today + (until == 0 ? 7 : until);
  }
  if (!day || *day < today) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is not a day to come; say for example today, tomorrow, friday, 3d, 2w or 2026-05-01"));
  }
  return absl::FormatCivilTime(*day);
}

absl::StatusOr<absl::Duration> ParseDuration(const std::string& text) {
  const std::string word = absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(text)));
  static const std::regex minutes_only("(\\d{1,5})\\s*(?:m|min|mins|minutes?)?");
  static const std::regex hours("(\\d{1,3})\\s*(?:h|hours?|:)\\s*(?:(\\d{1,2})\\s*(?:m|min|mins|minutes?)?)?");
  std::smatch match;
  absl::Duration duration;
  if (std::regex_match(word, match, minutes_only)) {
    duration = absl::Minutes(std::stoi(match[1]));
  } else if (std::regex_match(word, match, hours)) {
    duration = absl::Hours(std::stoi(match[1]));
    if (match[2].matched) duration += absl::Minutes(std::stoi(match[2]));
  }
  if (duration <= absl::ZeroDuration() || duration > absl::Hours(31 * 24)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a duration; say for example 30m, 1h or 1h30 (at most 31 days)"));
  }
  return duration;
}

absl::StatusOr<absl::Duration> ParseCadence(const std::string& text) {
  const std::string word = absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(text)));
  static const std::regex pattern("(\\d{1,4})\\s*(d|days?|w|weeks?|m|mo|months?|y|years?)?");
  std::smatch match;
  int days = 0;
  if (std::regex_match(word, match, pattern)) {
    const char unit = match[2].matched ? match[2].str()[0] : 'd';
    days = std::stoi(match[1]) * (unit == 'w' ? 7 : unit == 'm' ? 30 : unit == 'y' ? 365 : 1);
  }
  if (days < 1 || days > 730) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a rhythm; say for example 10d, 6w or 2m (1 to 730 days)"));
  }
  return absl::Hours(24 * days);
}

absl::Time StartOfDay(absl::Time time, absl::TimeZone zone, int days_later) {
  return absl::FromCivil(absl::ToCivilDay(time, zone) + days_later, zone);
}

std::string FormatDay(absl::Time time, absl::Time now, absl::TimeZone zone, const words::Language& language) {
  return FormatDay(absl::ToCivilDay(time, zone), now, zone, language);
}

std::string FormatDay(absl::CivilDay day, absl::Time now, absl::TimeZone zone, const words::Language& language) {
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  if (day == today) return Say<"day.near">(As<"day">("today"));
  if (day == today - 1) return Say<"day.near">(As<"day">("yesterday"));
  if (day == today + 1) return Say<"day.near">(As<"day">("tomorrow"));
  // Within half a year the weekday and month say enough, across a turn of the year too.
  const bool near = day > today - 183 && day < today + 183;
  return near || day.year() == today.year() ? language.Say<"day.weekday">(As<"day">(day))
                                            : language.Say<"day.short">(As<"day">(day));
}

std::string FormatIsoDay(const std::string& day, absl::Time now, absl::TimeZone zone, const words::Language& language) {
  absl::CivilDay civil;
  return absl::ParseCivilTime(day, &civil) ? FormatDay(civil, now, zone, language) : "";
}

std::string DurationText(absl::Duration duration) {
  const int64_t minutes = absl::ToInt64Minutes(duration + absl::Seconds(30));
  if (minutes < 60) return absl::StrCat(minutes, " min");
  if (minutes % 60 == 0) return absl::StrCat(minutes / 60, " h");
  return absl::StrCat(minutes / 60, " h ", minutes % 60, " min");
}

std::string TimesText(int times) {
  return Say<"review.times">(As<"count">(times));
}

std::string FormatCadence(absl::Duration cadence) {
  const int64_t days = absl::ToInt64Hours(cadence + absl::Hours(12)) / 24;
  if (days >= 7 && days % 7 == 0) return Count(days / 7, "week");
  return Count(days, "day");
}

std::string ZoneName(absl::TimeZone zone) {
  absl::TimeZone loaded;
  if (zone.name() != "localtime" && absl::LoadTimeZone(zone.name(), &loaded)) return zone.name();
  std::error_code error;
  const std::string target = std::filesystem::canonical("/etc/localtime", error).string();
  const size_t at = target.find("zoneinfo/");
  return error || at == std::string::npos ? "UTC" : target.substr(at + std::string("zoneinfo/").size());
}

int DaysBetween(absl::Time time, absl::Time now, absl::TimeZone zone) {
  return static_cast<int>(absl::ToCivilDay(now, zone) - absl::ToCivilDay(time, zone));
}

}  // namespace council::cli
