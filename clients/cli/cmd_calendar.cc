// council calendar: the proposed check-ins for one's own calendar.

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/cli/check_in_calendar.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/output_file.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr int kDaysAWeek = 7;
constexpr int kMostWeeks = 52;
constexpr int kMostAWeek = 50;

struct CalendarOptions {
  int weeks = 4;
  // 0: as in the settings.
  int per_week = 0;
  std::string out;
};

// Check-ins that may still stand in a calendar, of those whose seat has ended since, and of those put into one from
// here who were deleted or merged since, of whom the suite knows nothing any more.
absl::StatusOr<std::vector<CancelledCheckIn>> Cancelled(Session& session, const ContactBook& book) {
  contacts::v1::GetCouncilRequest request;
  request.set_include_former(true);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council, session.client().Call(request));
  const absl::Time first = session.Now() - kMostWeeks * kDaysAWeek * absl::Hours(24);
  std::vector<CancelledCheckIn> cancelled;
  for (const contacts::v1::FormerSeat& seat : council.former_seats()) {
    const absl::Time end = base::FromProto(seat.end_time());
    if (end >= first) cancelled.push_back({seat.contact_id(), absl::ToCivilDay(end, session.zone())});
  }
  for (const auto& [contact_id, day_text] : session.memory().check_in_days) {
    const contacts::v1::Contact* const contact = book.Find(contact_id);
    absl::CivilDay day;
    if ((contact == nullptr || contact->id() != contact_id) && absl::ParseCivilTime(day_text, &day)) {
      cancelled.push_back({contact_id, day});
    }
  }
  return cancelled;
}

// Remembers which events a file has that was written. Those of days gone by need not be cancelled any more.
void Remember(const std::vector<recommendations::v1::CheckIn>& check_ins, Session& session) {
  std::map<std::string, std::string>& days = session.memory().check_in_days;
  for (const recommendations::v1::CheckIn& check_in : check_ins) days[check_in.contact_id()] = check_in.day();
  const std::string today = absl::FormatCivilTime(absl::ToCivilDay(session.Now(), session.zone()));
  std::erase_if(days, [&today](const auto& known) { return known.second < today; });
}

absl::StatusOr<int> Calendar(const CalendarOptions& options, Session& session) {
  recommendations::v1::ListCheckInsRequest request;
  *request.mutable_end_time() =
      base::ToProto(StartOfDay(session.Now(), session.zone(), options.weeks * kDaysAWeek) - absl::Seconds(1));
  request.set_per_week(options.per_week);
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::ListCheckInsResponse response, session.client().Call(request));
  const std::vector<recommendations::v1::CheckIn> check_ins(response.check_ins().begin(), response.check_ins().end());
  std::string file;
  if (session.json()) {
    file = session.JsonText(ToJson(response));
  } else {
    COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<CancelledCheckIn> cancelled, Cancelled(session, book));
    COUNCIL_ASSIGN_OR_RETURN(file, CheckInCalendar(check_ins, cancelled, NamesFrom(book), session.Now()));
  }
  if (options.out.empty() || options.out == "-") {
    session.data() << file;
  } else {
    COUNCIL_RETURN_IF_ERROR(WriteFile(options.out, file));
    if (!session.json()) {
      session.out() << options.out << " is written, with " << Count(response.check_ins_size(), "check-in") << ".\n";
    }
  }
  if (!session.json()) Remember(check_ins, session);
  return kExitOk;
}

}  // namespace

void AddCalendarCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<CalendarOptions>();
  CLI::App* calendar = app.add_subcommand(
      "calendar",
      "The proposed check-ins as an iCalendar file; imported again, they move, and those of who left, was deleted or "
      "merged are cancelled");
  calendar->add_option("--weeks", options->weeks, "How far ahead")
      ->check(CLI::Range(1, kMostWeeks))
      ->capture_default_str();
  calendar->add_option("--per-week", options->per_week, "How many a week at most (default: as in the settings, else 3)")
      ->check(CLI::Range(1, kMostAWeek));
  calendar->add_option("--out", options->out, "File to write, readable by you alone (default: standard output)");
  calendar->footer(
      "Check-ins of contacts deleted or merged since are cancelled where they were written from here.\n"
      "Example:\n  council calendar --out check-ins.ics\n  council calendar --weeks 8 --per-week 2");
  calendar->callback(
      [&chosen, options] { chosen = [options](Session& session) { return Calendar(*options, session); }; });
}

}  // namespace council::cli
