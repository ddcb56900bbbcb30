// council alone: what today is about.

#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/steps.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

// Today and tomorrow.
constexpr int kDays = 2;
constexpr int kIndent = 4;

void PrintSteps(const Agenda& agenda, const ContactBook& book, const Session& session) {
  session.out() << "You could\n";
  for (const recommendations::v1::Recommendation& recommendation : agenda.steps) {
    const Step step = DescribeStep(recommendation, NamesFrom(book), session.Now(), session.zone());
    session.out() << "  " << session.terminal().Styled(Style::kBold, step.what) << '\n';
    for (const std::string& line : Wrap(step.reason, session.terminal().width - kIndent)) {
      session.out() << std::string(kIndent, ' ') << line << '\n';
    }
  }
  session.out() << session.terminal().Styled(Style::kDim, "council advice has more of it.") << '\n';
}

}  // namespace

absl::StatusOr<int> RunOverview(Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  COUNCIL_ASSIGN_OR_RETURN(const Agenda agenda, ReadAgenda(session, *book, kDays));
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  if (session.json()) {
    session.Print({{"plans", ToJsonArray(agenda.plans)},
                   {"promises", ToJsonArray(agenda.promises)},
                   {"recommendations", ToJsonArray(agenda.steps)}});
    return kExitOk;
  }
  std::ostream& out = session.out();
  if (book->contacts().empty()) {
    out << "Nothing is here yet. council import contacts.vcf calendar.ics brings your people and meetings;\n"
           "council --help shows what else there is.\n";
    return kExitOk;
  }
  for (const ledger::v1::Plan& plan : agenda.plans) {
    const absl::Time start = base::FromProto(plan.start_time());
    out << FormatDay(start, session.Now(), session.zone()) << absl::FormatTime(" %H:%M  ", start, session.zone())
        << OneLine(plan.title()) << " (" << OneLine(book->SomeNamesOf(plan.contact_ids())) << ")\n";
  }
  if (agenda.plans.empty()) out << "No meetings today or tomorrow.\n";
  for (const ledger::v1::PromiseRecord& record : agenda.promises) {
    out << (record.promise().by_me() ? "You promised " : "Promised to you by ")
        << OneLine(book->NamesOf(record.contact_ids())) << ": " << OneLine(record.promise().text()) << ", by "
        << record.promise().due_day() << '\n';
  }
  if (council.seats().empty()) {
    out << "Nobody has a seat on your council yet. council propose shows who could;\n"
           "council seat NAME --as mentor --every 6w takes the first.\n";
  }
  if (!agenda.steps.empty()) {
    PrintSteps(agenda, *book, session);
  } else if (!council.seats().empty()) {
    out << "No step stands out today.\n";
  }
  return kExitOk;
}

}  // namespace council::cli
