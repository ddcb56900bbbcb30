// Reads calendars (iCalendar, RFC 5545) with libical.
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_ICALENDAR_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_ICALENDAR_H_

#include <cstddef>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

// What an entry from a calendar names as its source.
inline constexpr char kCalendarSource[] = "calendar";
bool IsFromCalendar(const v1::Interaction& content);

// More attendees than these make an EXCHANGE: an all-hands is no talk with each.
inline constexpr std::size_t kMostInATalk = 8;

struct CalendarOptions {
  std::set<std::string> own_emails;                // In lower case.
  absl::TimeZone time_zone = absl::UTCTimeZone();  // For times that name none.
  absl::Time now;
  absl::Duration horizon = absl::Hours(90 * 24);  // How far ahead coming meetings are looked for.
  absl::Time deadline = absl::InfiniteFuture();
};

// The meetings of a file: events with a time of day, recurring ones expanded up to now (RRULE, RDATE, EXDATE, single
// recurrences that were changed), with those attendees and the organizer who are people, take part and are not the
// owner. A recurrence is named by its time in UTC; where the series' times name no zone, by the time as it is written.
//
// Left out are: cancelled events; all-day ones; those that the owner declined; those that Council itself wrote (UID
// ends in "@council"); tasks, journals and free/busy times; replies to invitations; what is over a limit of
// calendar_text.h.
//
// Fails with INVALID_ARGUMENT where the bytes are no calendar, and with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where they
// hold more than 100,000 meetings or 128 MiB of them, take more than a minute or the deadline to read, or are over
// another limit of calendar_text.h.
absl::StatusOr<ImportedFile> ReadCalendar(const std::string& bytes, const CalendarOptions& options);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_ICALENDAR_H_
