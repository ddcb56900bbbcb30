// council alone: what today is about.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/promises.h"
#include "clients/cli/steps.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

// Today and tomorrow.
constexpr int kDays = 2;
constexpr int kIndent = 4;
constexpr size_t kQuestions = 3;

void PrintSteps(const Agenda& agenda, const ContactBook& book, const Session& session) {
  session.out() << "You could\n";
  for (const recommendations::v1::Recommendation& recommendation : agenda.steps) {
    const Step step = DescribeStep(recommendation, book, session);
    session.out() << "  " << session.terminal().Styled(Style::kBold, step.what) << '\n';
    if (step.reason.empty()) continue;
    for (const std::string& line : Wrap(step.reason, session.terminal().width - kIndent)) {
      session.out() << std::string(kIndent, ' ') << line << '\n';
    }
  }
  session.out() << session.terminal().Styled(Style::kDim, "council advice has more of it.") << '\n';
}

absl::Status SayItTookPlace(const ledger::v1::Plan& plan, const ContactBook& book, Session& session) {
  ledger::v1::ConfirmPlanRequest request;
  request.set_id(plan.id());
  request.set_request_id(session.NewRequestId());
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ConfirmPlanResponse response, session.client().Call(request));
  RememberWritten(session, response.interaction());
  PrintWritten(response.interaction(), book, session);
  return absl::OkStatus();
}

absl::Status SayItDidNot(const ledger::v1::Plan& plan, Session& session) {
  ledger::v1::RemovePlanRequest request;
  request.set_id(plan.id());
  return session.client().Call(request).status();
}

// Asks about the latest meetings that are over whether they took place. Returns whether anything was answered.
absl::StatusOr<bool> AskAboutMeetings(const Agenda& agenda, const ContactBook& book, Session& session) {
  bool answered = false;
  const size_t questions = std::min(agenda.unconfirmed.size(), kQuestions);
  for (size_t i = 0; i < questions; ++i) {
    const ledger::v1::Plan& plan = agenda.unconfirmed[agenda.unconfirmed.size() - 1 - i];
    session.out().flush();
    const char key = session.terminal().Key(
        absl::StrCat(Say<"plans.ask">(As<"plan">(PlanText(plan, book, session))), " y yes · n no · Enter later "));
    if (key == 'y') COUNCIL_RETURN_IF_ERROR(SayItTookPlace(plan, book, session));
    if (key == 'n') COUNCIL_RETURN_IF_ERROR(SayItDidNot(plan, session));
    answered |= key == 'y' || key == 'n';
  }
  return answered;
}

// The same for whoever can't be asked.
void PrintMeetingsToAnswer(const Agenda& agenda, const ContactBook& book, const Session& session) {
  if (agenda.unconfirmed.empty()) return;
  const size_t others = agenda.unconfirmed.size() - 1;
  session.out() << Say<"plans.unconfirmed">(As<"plan">(PlanText(agenda.unconfirmed.back(), book, session)),
                                            As<"others">(others))
                << " council plans\n";
}

}  // namespace

absl::StatusOr<int> RunOverview(Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  COUNCIL_ASSIGN_OR_RETURN(Agenda agenda, ReadAgenda(session, *book, kDays));
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  if (session.json()) {
    session.Print({{"plans", ToJsonArray(agenda.plans)},
                   {"unconfirmedPlans", ToJsonArray(agenda.unconfirmed)},
                   {"promises", ToJsonArray(agenda.promises)},
                   {"recommendations", ToJsonArray(agenda.steps)}});
    return kExitOk;
  }
  std::ostream& out = session.out();
  if (book->contacts().empty()) {
    out << "Nothing is here yet. council start asks its way to a first council;\n"
           "council import contacts.vcf calendar.ics brings your people and meetings,\n"
           "council --help shows what else there is.\n";
    return kExitOk;
  }
  for (const ledger::v1::Plan& plan : agenda.plans) out << PlanText(plan, *book, session) << '\n';
  if (agenda.plans.empty()) out << Say<"plans.today.none">() << '\n';
  if (session.MayAsk()) {
    COUNCIL_ASSIGN_OR_RETURN(const bool answered, AskAboutMeetings(agenda, *book, session));
    // What was answered changes what is worth doing.
    if (answered) {
      COUNCIL_ASSIGN_OR_RETURN(agenda, ReadAgenda(session, *book, kDays));
    }
  } else {
    PrintMeetingsToAnswer(agenda, *book, session);
  }
  for (const ledger::v1::PromiseRecord& record : agenda.promises) {
    out << PromiseText(record, *book, session) << '\n';
  }
  if (council.seats().empty()) {
    out << Say<"headline.nobody">() << ' ' << Say<"headline.nobody.next">() << '\n'
        << Say<"headline.nobody.first">() << '\n';
  }
  if (!agenda.steps.empty()) {
    PrintSteps(agenda, *book, session);
  } else if (!council.seats().empty()) {
    out << Say<"step.none">() << '\n';
  }
  return kExitOk;
}

}  // namespace council::cli
