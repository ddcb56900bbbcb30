// council alone: what today is about.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr size_t kMaxSuggestions = 3;
constexpr int kPromiseDays = 7;

// A seat whose talk is due.
struct Due {
  contacts::v1::CouncilSeat seat;
  // Unset where there was none.
  std::optional<absl::Time> last_talk;
  // How many cadences have gone by since.
  double cadences = 0;
};

// Seats whose cadence has gone by since any entry, the longest waiting first, without those who are met soon anyway.
absl::StatusOr<std::vector<Due>> DueSeats(const contacts::v1::GetCouncilResponse& council,
                                          const std::set<std::string>& met_soon, Session& session) {
  std::vector<contacts::v1::Contact> seated;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) seated.push_back(seat.contact());
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Tie> ties, ListTies(session.client(), seated));
  const std::string today = absl::FormatTime("%Y-%m-%d", session.Now(), session.zone());
  std::vector<Due> due;
  for (int i = 0; i < council.seats_size(); ++i) {
    const contacts::v1::CouncilSeat& seat = council.seats(i);
    const bool paused =
        seat.contact().status() == contacts::v1::CONTACT_STATUS_PAUSED && seat.contact().paused_until() > today;
    if (!seat.has_effective_cadence() || paused || met_soon.count(seat.contact().id()) > 0) continue;
    const ledger::v1::Tie& tie = ties.at(static_cast<size_t>(i));
    Due waiting = {seat, std::nullopt, 0};
    if (tie.has_last_time()) waiting.last_talk = base::FromProto(tie.last_time());
    const absl::Time since = waiting.last_talk.value_or(base::FromProto(seat.seat().first_seated_time()));
    waiting.cadences = absl::FDivDuration(session.Now() - since, base::FromProto(seat.effective_cadence()));
    if (waiting.cadences > 1) due.push_back(std::move(waiting));
  }
  std::stable_sort(due.begin(), due.end(), [](const Due& a, const Due& b) { return a.cadences > b.cadences; });
  if (due.size() > kMaxSuggestions) due.resize(kMaxSuggestions);
  return due;
}

}  // namespace

absl::StatusOr<int> RunOverview(Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  ledger::v1::ListPlansRequest plans_request;
  *plans_request.mutable_start_time() = base::ToProto(StartOfDay(session.Now(), session.zone()));
  *plans_request.mutable_end_time() = base::ToProto(StartOfDay(session.Now(), session.zone(), /*days_later=*/2));
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListPlansResponse plans, session.client().Call(plans_request));
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListPromisesResponse promises,
                           session.client().Call(ledger::v1::ListPromisesRequest()));
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  std::set<std::string> met_soon;
  for (const ledger::v1::Plan& plan : plans.plans())
    met_soon.insert(plan.contact_ids().begin(), plan.contact_ids().end());
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Due> due, DueSeats(council, met_soon, session));
  const std::string soon = absl::FormatTime("%Y-%m-%d", session.Now() + absl::Hours(24 * kPromiseDays), session.zone());
  std::vector<ledger::v1::PromiseRecord> due_promises;
  for (const ledger::v1::PromiseRecord& record : promises.promises()) {
    if (!record.promise().due_day().empty() && record.promise().due_day() <= soon) due_promises.push_back(record);
  }
  if (session.json()) {
    nlohmann::ordered_json reconnect = nlohmann::ordered_json::array();
    for (const Due& waiting : due) reconnect.push_back(ToJson(waiting.seat));
    session.Print({{"plans", ToJsonArray(plans.plans())}, {"promises", ToJsonArray(due_promises)}, {"due", reconnect}});
    return kExitOk;
  }
  std::ostream& out = session.out();
  if (book->contacts().empty()) {
    out << "Nothing is here yet. council import contacts.vcf calendar.ics brings your people and meetings;\n"
           "council --help shows what else there is.\n";
    return kExitOk;
  }
  for (const ledger::v1::Plan& plan : plans.plans()) {
    const absl::Time start = base::FromProto(plan.start_time());
    out << FormatDay(start, session.Now(), session.zone()) << absl::FormatTime(" %H:%M  ", start, session.zone())
        << OneLine(plan.title()) << " (" << OneLine(book->NamesOf(plan.contact_ids())) << ")\n";
  }
  if (plans.plans().empty()) out << "No meetings today or tomorrow.\n";
  for (const ledger::v1::PromiseRecord& record : due_promises) {
    out << (record.promise().by_me() ? "You promised " : "Promised to you by ")
        << OneLine(book->NamesOf(record.contact_ids())) << ": " << OneLine(record.promise().text()) << ", by "
        << record.promise().due_day() << '\n';
  }
  if (council.seats().empty()) {
    out << "Nobody has a seat on your council yet: council seat NAME --as mentor --every 6w\n";
  } else if (due.empty()) {
    out << "Nobody on your council is waiting.\n";
  } else {
    out << "You could write to\n";
    for (const Due& waiting : due) {
      out << "  " << OneLine(waiting.seat.contact().display_name()) << ": ";
      out << (waiting.last_talk ? "last talk " + FormatDay(*waiting.last_talk, session.Now(), session.zone())
                                : std::string("no talk yet"));
      out << ", you meant every " << FormatCadence(base::FromProto(waiting.seat.effective_cadence())) << '\n';
    }
  }
  return kExitOk;
}

}  // namespace council::cli
