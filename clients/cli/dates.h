#ifndef COUNCIL_CLIENTS_CLI_DATES_H_
#define COUNCIL_CLIENTS_CLI_DATES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/words/language.h"

namespace council::cli {

// Times as people write and read them. Days are those of `zone`.

// A past moment (or one later today) from
//   now, today, yesterday, 3d or 2w (days or weeks ago), monday or mon (the latest before today), 2026-05-01,
//   each but "now" with a time behind it if wanted: "yesterday 18:30", "2026-05-01 9:00", "2026-05-01T09:00";
//   18:30 alone (today); an RFC 3339 time with its offset.
// A day without a time is its noon, today without a time is `now` at most. INVALID_ARGUMENT shows what is understood.
absl::StatusOr<absl::Time> ParseWhen(const std::string& text, absl::Time now, absl::TimeZone zone);

// A day to come, YYYY-MM-DD of `zone`, from today, tomorrow, friday or fri (the next one after today), 3d or 2w (days
// or weeks ahead), 2026-05-01. INVALID_ARGUMENT shows what is understood.
absl::StatusOr<std::string> ParseDueDay(const std::string& text, absl::Time now, absl::TimeZone zone);

// A length of a talk: 30m, 1h, 1h30, 1h30m, 1:30, 90 (minutes), "30 min". Above 0, at most 31 days.
absl::StatusOr<absl::Duration> ParseDuration(const std::string& text);

// A rhythm in whole days, 1 to 730: 10d, 6w, 2m (of 30 days), "6 weeks", 1y, 30 (days).
absl::StatusOr<absl::Duration> ParseCadence(const std::string& text);

// The beginning of the day on which `time` lies, `days_later` days later.
absl::Time StartOfDay(absl::Time time, absl::TimeZone zone, int days_later = 0);

// "today", "yesterday", "Tue 17 Nov", and "3 Mar 2025" for other years.
std::string FormatDay(absl::Time time, absl::Time now, absl::TimeZone zone,
                      const words::Language& language = words::Language::Plain());
std::string FormatDay(absl::CivilDay day, absl::Time now, absl::TimeZone zone,
                      const words::Language& language = words::Language::Plain());
// The same of a day as the contract writes it, YYYY-MM-DD; empty where it is none.
std::string FormatIsoDay(const std::string& day, absl::Time now, absl::TimeZone zone,
                         const words::Language& language = words::Language::Plain());

// "30 min", "1 h", "1 h 15 min".
std::string DurationText(absl::Duration duration);

// "once", "twice", "3 times".
std::string TimesText(int times);

// "6 weeks", "10 days", "1 day".
std::string FormatCadence(absl::Duration cadence);

// The IANA name of `zone`, that of this machine where it is the machine's own; "UTC" where it has none.
std::string ZoneName(absl::TimeZone zone);

// Whole days of `zone` from `time` to `now`; negative for what is to come.
int DaysBetween(absl::Time time, absl::Time now, absl::TimeZone zone);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_DATES_H_
