#ifndef COUNCIL_CLIENTS_CLI_CHECK_IN_CALENDAR_H_
#define COUNCIL_CLIENTS_CLI_CHECK_IN_CALENDAR_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clients/cli/steps.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::cli {

// The first letters of the first and the last word of a name, upper case: "R. L." of "Rosa Lindqvist", "花." of "花".
// Words without a letter or digit don't count; empty where there is no other.
std::string Initials(const std::string& name);

// A check-in that takes place no more: its contact left the council, or was deleted or merged.
struct CancelledCheckIn {
  std::string contact_id;
  absl::CivilDay day;
};

// Check-ins as an iCalendar file (RFC 5545) for one's own calendar, which others may see over one's shoulder: all-day
// events that take no time (TRANSPARENT), CLASS:PRIVATE, named by initials only.
//
// A contact has one event, whose UID is `<contact id>@council`: imported again, it moves to the next date instead of
// standing there twice; `now` is its DTSTAMP and, in minutes, its SEQUENCE. One that is `cancelled` names nobody.
// `council import` passes such events over. There is no METHOD: one would need an ORGANIZER (RFC 5546), and nobody is
// invited. INTERNAL where a day is no day.
absl::StatusOr<std::string> CheckInCalendar(std::span<const recommendations::v1::CheckIn> check_ins,
                                            std::span<const CancelledCheckIn> cancelled, const NameOf& name_of,
                                            absl::Time now);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_CHECK_IN_CALENDAR_H_
