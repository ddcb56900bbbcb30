// council calendar: the proposed check-ins for one's own calendar.

#include <CLI/App.hpp>
#include <memory>
#include <ostream>
#include <vector>

#include "absl/strings/str_cat.h"
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

// Whose check-ins may still stand in a calendar that they were put into before their seat ended.
absl::StatusOr<std::vector<contacts::v1::FormerSeat>> WhoLeft(Session& session) {
  contacts::v1::GetCouncilRequest request;
  request.set_include_former(true);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council, session.client().Call(request));
  std::vector<contacts::v1::FormerSeat> left(council.former_seats().begin(), council.former_seats().end());
  const absl::Time first = session.Now() - kMostWeeks * kDaysAWeek * absl::Hours(24);
  std::erase_if(left, [first](const auto& seat) { return base::FromProto(seat.end_time()) < first; });
  return left;
}

absl::StatusOr<int> Calendar(const CalendarOptions& options, Session& session) {
  recommendations::v1::ListCheckInsRequest request;
  *request.mutable_end_time() =
      base::ToProto(StartOfDay(session.Now(), session.zone(), options.weeks * kDaysAWeek) - absl::Seconds(1));
  request.set_per_week(options.per_week);
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::ListCheckInsResponse response, session.client().Call(request));
  std::string file;
  if (session.json()) {
    file = session.JsonText(ToJson(response));
  } else {
    COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
    const std::vector<recommendations::v1::CheckIn> check_ins(response.check_ins().begin(), response.check_ins().end());
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<contacts::v1::FormerSeat> left, WhoLeft(session));
    COUNCIL_ASSIGN_OR_RETURN(file, CheckInCalendar(check_ins, left, NamesFrom(book), session.Now(), session.zone()));
  }
  if (options.out.empty() || options.out == "-") {
    session.data() << file;
    return kExitOk;
  }
  COUNCIL_RETURN_IF_ERROR(WriteFile(options.out, file));
  if (!session.json()) {
    session.out() << options.out << " is written, with " << Count(response.check_ins_size(), "check-in") << ".\n";
  }
  return kExitOk;
}

}  // namespace

void AddCalendarCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<CalendarOptions>();
  CLI::App* calendar = app.add_subcommand(
      "calendar",
      "The proposed check-ins as an iCalendar file; imported again, they move, and those with who left are cancelled");
  calendar->add_option("--weeks", options->weeks, "How far ahead")
      ->check(CLI::Range(1, kMostWeeks))
      ->capture_default_str();
  calendar->add_option("--per-week", options->per_week, "How many a week at most (default: as in the settings, else 3)")
      ->check(CLI::Range(1, kMostAWeek));
  calendar->add_option("--out", options->out, "File to write, readable by you alone (default: standard output)");
  calendar->footer("Example:\n  council calendar --out check-ins.ics\n  council calendar --weeks 8 --per-week 2");
  calendar->callback(
      [&chosen, options] { chosen = [options](Session& session) { return Calendar(*options, session); }; });
}

}  // namespace council::cli
