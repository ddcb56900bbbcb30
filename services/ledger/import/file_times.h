// When what a file tells of happened.
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_FILE_TIMES_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_FILE_TIMES_H_

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace council::ledger {

struct FileTimes {
  absl::TimeZone time_zone = absl::UTCTimeZone();  // Of days, which name none.
  absl::Time now;
  absl::Time deadline = absl::InfiniteFuture();  // Of the reading.
};

// A time as programs write it into exports: RFC 3339, or "2024-03-12 18:30:00" for UTC; or a day in any form of
// libs/text/written_day.h. A day is taken at noon in `zone`, so that it stays that day in most zones; so is midnight in
// UTC, by which databases keep days. Nothing where it is neither, or not of the years 1 to 9999.
std::optional<absl::Time> ReadFileTime(const std::string& text, absl::TimeZone zone);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_FILE_TIMES_H_
