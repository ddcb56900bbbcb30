// What libical is given of a calendar.
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_CALENDAR_TEXT_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_CALENDAR_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace council::ledger {

struct CalendarText {
  // Unfolded content lines, each ended by "\r\n".
  std::string text;
  // What is not in it though it says something of a meeting: lines of more than 32 KiB or a hundred parameters,
  int lines_left_out = 0;
  // and events with more than a thousand attendees or single dates, or ten rules.
  int events_left_out = 0;
};

// The content lines of a calendar file (RFC 5545) that say something of its meetings: calendars, events, tasks and time
// zones with the properties that are looked at, of those that count once the first; without alarms, attachments and
// what programs add of their own.
//
// What libical takes is in no proportion to a file's length: some 400 bytes for each line, a stack frame for each
// component within a component, a time that grows with the square of a line's parameters and of a component's broken
// lines, seconds for a rule that no day meets. Hence the limits above, and these: more than 500,000 lines, or 500 rules
// of time zones, get RESOURCE_EXHAUSTED (LIMIT_EXCEEDED), components more than ten deep INVALID_ARGUMENT.
absl::StatusOr<CalendarText> TrimCalendar(std::string_view file);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_CALENDAR_TEXT_H_
