// council plans: coming meetings, and whether those that are over took place.

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/table.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

using ledger::v1::Plan;

constexpr int kUsualDays = 14;
// Calendars are read so far ahead, and plans forgotten so long after.
constexpr int kMostDays = 90;
constexpr int kKeptDays = 31;
constexpr int kDaysThatAwait = 14;

struct ListOptions {
  int days = kUsualDays;
};

struct AnswerOptions {
  std::string which;
  std::string request_id;
  TalkFlags flags;
};

void PrintPlans(const std::vector<Plan>& plans, const ContactBook& book, const Session& session) {
  Table table({{"#", Table::kRight}, {"when"}, {"meeting", Table::kFlexible}, {"with", Table::kFlexible}, {""}});
  bool awaits = false;
  for (size_t i = 0; i < plans.size(); ++i) {
    const absl::Time start = base::FromProto(plans[i].start_time());
    const bool over = IsOver(plans[i], session.Now());
    awaits |= over;
    table.Add({absl::StrCat(i + 1),
               absl::StrCat(FormatDay(start, session.Now(), session.zone(), session.language()),
                            absl::FormatTime(" %H:%M", start, session.zone())),
               plans[i].title(), book.SomeNamesOf(plans[i].contact_ids()), over ? Say<"plans.over">() : ""});
  }
  session.out() << table.Render(session.terminal());
  if (!awaits) return;
  session.out() << session.terminal().Styled(
                       Style::kDim,
                       "council plans happened 1 writes it down; council plans missed 1 says that "
                       "it did not take place.")
                << '\n';
}

absl::StatusOr<int> List(const ListOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Plan> plans,
                           ReadPlans(session, book, StartOfDay(session.Now(), session.zone(), -kDaysThatAwait),
                                     StartOfDay(session.Now(), session.zone(), options.days)));
  if (session.json()) {
    std::vector<Plan> unconfirmed;
    std::vector<Plan> coming;
    for (const Plan& plan : plans) (IsOver(plan, session.Now()) ? unconfirmed : coming).push_back(plan);
    session.Print({{"unconfirmedPlans", ToJsonArray(unconfirmed)}, {"plans", ToJsonArray(coming)}});
    return kExitOk;
  }
  session.memory().plans.clear();
  for (const Plan& plan : plans) session.memory().plans.push_back(plan.id());
  if (plans.empty()) {
    session.out() << Say<"plans.none">(As<"days">(options.days)) << '\n';
    return kExitOk;
  }
  PrintPlans(plans, book, session);
  return kExitOk;
}

// The id that a number from `council plans` names, or an id itself.
absl::StatusOr<std::string> IdOf(const std::string& which, const Memory& memory) {
  return IdOfListed(which, memory.plans, absl::StrCat("there is no meeting ", which, "; council plans numbers them"));
}

// The plan, as long as it is one: nothing where it is an entry already, or gone.
absl::StatusOr<std::optional<Plan>> FindPlan(const std::string& id, const ContactBook& book, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Plan> plans,
                           ReadPlans(session, book, StartOfDay(session.Now(), session.zone(), -kKeptDays),
                                     StartOfDay(session.Now(), session.zone(), kMostDays + 1)));
  for (const Plan& plan : plans) {
    if (plan.id() == id) return plan;
  }
  return std::nullopt;
}

absl::Status IsGone() {
  return absl::NotFoundError("that meeting is not on the list any more; council plans shows those that are");
}

absl::StatusOr<int> Happened(const AnswerOptions& options, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  ledger::v1::ConfirmPlanRequest request;
  COUNCIL_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(options.which, session.memory()));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<Plan> plan, FindPlan(request.id(), *book, session));
  TalkFlags flags = options.flags;
  const bool begun = plan.has_value() && base::FromProto(plan->start_time()) <= session.Now();
  if (begun && session.MayAsk()) AskForMore(session.terminal(), flags);
  COUNCIL_RETURN_IF_ERROR(ApplyTalkFlags(flags, session, finder, *request.mutable_interaction()));
  request.set_request_id(options.request_id.empty() ? session.NewRequestId() : options.request_id);
  const absl::StatusOr<ledger::v1::ConfirmPlanResponse> response = session.client().Call(request);
  if (absl::IsNotFound(response.status())) return IsGone();
  if (!response.ok()) return response.status();
  const ledger::v1::Interaction& interaction = response->interaction();
  if (plan.has_value()) RememberWritten(session, interaction);
  if (session.json()) {
    session.Print(ToJson(*response));
    return kExitOk;
  }
  if (plan.has_value()) {
    PrintWritten(interaction, *book, session);
  } else if (interaction.kind() == ledger::v1::INTERACTION_KIND_RETRACTION) {
    session.out() << Say<"plans.taken_back">(As<"entry">(absl::StrCat(interaction.corrects()))) << '\n';
  } else {
    session.out() << Say<"plans.known">(As<"talk">(ShortTalk(interaction, *book, session)),
                                        As<"entry">(absl::StrCat(interaction.sequence())))
                  << '\n';
  }
  return kExitOk;
}

absl::StatusOr<int> Missed(const AnswerOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  ledger::v1::RemovePlanRequest request;
  COUNCIL_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(options.which, session.memory()));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<Plan> plan, FindPlan(request.id(), book, session));
  const absl::StatusOr<ledger::v1::RemovePlanResponse> response = session.client().Call(request);
  if (absl::IsNotFound(response.status())) return IsGone();
  if (!response.ok()) return response.status();
  if (session.json()) {
    session.Print(ToJson(*response));
  } else if (!plan.has_value()) {
    session.out() << Say<"plans.answered">() << '\n';
  } else if (base::FromProto(plan->start_time()) > session.Now()) {
    session.out() << Say<"plans.off">(As<"plan">(PlanText(*plan, book, session))) << '\n';
  } else {
    session.out() << Say<"plans.missed">(As<"plan">(PlanText(*plan, book, session))) << '\n';
  }
  return kExitOk;
}

}  // namespace

void AddPlansCommands(CLI::App& app, Command& chosen) {
  const auto list = std::make_shared<ListOptions>();
  CLI::App* plans = app.add_subcommand("plans", "Coming meetings, and past ones that await whether they took place");
  plans->add_option("--days", list->days, "How far ahead")->check(CLI::Range(1, kMostDays))->capture_default_str();
  plans->footer(
      "Example:\n  council plans\n  council plans happened 1 --energy good --received advice\n  council plans missed "
      "2");
  plans->callback([&chosen, plans, list] {
    if (plans->get_subcommands().empty()) chosen = [list](Session& session) { return List(*list, session); };
  });

  const auto answer = std::make_shared<AnswerOptions>();
  CLI::App* happened = plans->add_subcommand("happened", "A meeting took place: write it down, as council log does");
  happened->add_option("N", answer->which, "A number that council plans shows, or a meeting's id")->required();
  AddTalkFlags(*happened, answer->flags, "as planned");
  happened->add_option("--request-id", answer->request_id, "Repeated with the same id, it is written once");
  happened->footer("Example:\n  council plans\n  council plans happened 1 --depth counsel --energy good");
  happened->callback([&chosen, answer] { chosen = [answer](Session& session) { return Happened(*answer, session); }; });

  CLI::App* missed = plans->add_subcommand("missed", "A meeting did not take place");
  missed->add_option("N", answer->which, "A number that council plans shows, or a meeting's id")->required();
  missed->footer("Example:\n  council plans\n  council plans missed 2");
  missed->callback([&chosen, answer] { chosen = [answer](Session& session) { return Missed(*answer, session); }; });
}

}  // namespace council::cli
