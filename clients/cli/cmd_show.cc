// council show and prep: what matters about a person before a talk.

#include <CLI/App.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/discretion.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/promises.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

using contacts::v1::Contact;
using recommendations::v1::GetPersonSummaryResponse;

constexpr int kIndent = 2;
constexpr int kPrepInteractions = 20;
// How far ahead `prep --next` looks.
constexpr int kNextDays = 31;

struct ShowOptions {
  std::string name;
  int talks = 5;
};

struct PrepOptions {
  std::string names;
  bool next = false;
};

absl::StatusOr<GetPersonSummaryResponse> Summarize(const std::string& contact_id, int interactions, Session& session) {
  recommendations::v1::GetPersonSummaryRequest request;
  request.set_contact_id(contact_id);
  request.set_interactions(interactions);
  return session.client().Call(request);
}

// Prints lines wrapped and set in by so many columns.
void PrintIn(const std::string& text, int indent, const Session& session) {
  for (const std::string& line : Wrap(OneLine(text), session.terminal().width - indent)) {
    session.out() << std::string(static_cast<size_t>(indent), ' ') << line << '\n';
  }
}

void PrintHeading(const std::string& text, const Session& session) {
  session.out() << '\n' << session.terminal().Styled(Style::kBold, text) << '\n';
}

// "mentor, informant · every 6 weeks · next about Tue 2 Dec"
std::string SeatText(const GetPersonSummaryResponse& summary, const Session& session) {
  if (!summary.has_seat()) return "";
  const std::vector<std::string> roles = WordsOf<common::v1::CouncilRole>(summary.seat().roles());
  std::vector<std::string> parts = {roles.empty() ? Say<"show.no_roles">() : absl::StrJoin(roles, ", ")};
  if (summary.has_check_in()) {
    const recommendations::v1::CheckIn& check_in = summary.check_in();
    parts.push_back(Say<"show.rhythm">(As<"inferred">(check_in.cadence_inferred()),
                                       As<"rhythm">(FormatCadence(base::FromProto(check_in.cadence())))));
    const std::string day = FormatIsoDay(check_in.day(), session.Now(), session.zone(), session.language());
    if (!day.empty()) parts.push_back(Say<"show.next">(As<"day">(day)));
  }
  return absl::StrJoin(parts, " · ");
}

// "23 talks, in touch since March 2024, last Tue 17 Nov; 87 % likely to be in touch again within 90 days"; of whoever
// is left out "23 talks, the first in March 2024, the last Tue 17 Nov".
std::string TieText(const GetPersonSummaryResponse& summary, const Session& session) {
  const ledger::v1::Tie& tie = summary.tie();
  const bool is_over = IsLeftOut(summary.contact());
  if (tie.entries() == 0) return Say<"show.nothing">(As<"left">(is_over));
  return session.language().Say<"show.tie">(
      As<"talks">(tie.touches()), As<"left">(is_over),
      As<"first">(absl::ToCivilDay(base::FromProto(tie.first_time()), session.zone())),
      As<"last">(FormatDay(base::FromProto(tie.last_time()), session.Now(), session.zone(), session.language())),
      As<"known">(tie.has_strength() && !session.discreet()), As<"percent">(std::lround(100 * tie.strength())));
}

// "advice 3 times, feedback once"
std::string PassedText(const GetPersonSummaryResponse& summary, ledger::v1::BenefitDirection direction) {
  std::vector<std::string> parts;
  for (const recommendations::v1::BenefitTimes& times : summary.benefits()) {
    if (times.direction() != direction) continue;
    parts.push_back(absl::StrCat(Word(times.kind()), " ", TimesText(times.times())));
  }
  return absl::StrJoin(parts, ", ");
}

void PrintPlan(const ledger::v1::Plan& plan, const ContactBook& book, const Session& session) {
  PrintIn(PlanText(plan, book, session), kIndent, session);
}

void PrintPoints(const GetPersonSummaryResponse& summary, int indent, const Session& session) {
  for (const recommendations::v1::TalkingPoint& point : summary.talking_points()) {
    // What a note says stays hidden where notes do.
    if (session.discreet() && point.kind() == recommendations::v1::TALKING_POINT_KIND_LAST_TIME) continue;
    PrintIn(absl::StrCat("· ", point.text()), indent, session);
  }
}

void PrintDetails(const Contact& contact, const Session& session) {
  std::vector<std::string> ways(contact.emails().begin(), contact.emails().end());
  ways.insert(ways.end(), contact.phones().begin(), contact.phones().end());
  if (!ways.empty()) PrintIn(absl::StrJoin(ways, " · "), 0, session);
  std::vector<std::string> known;
  if (!contact.how_met().empty()) known.push_back(absl::StrCat("met: ", contact.how_met()));
  if (!contact.birthday().empty()) known.push_back(absl::StrCat("birthday ", contact.birthday()));
  if (!contact.tags().empty()) known.push_back(absl::StrJoin(contact.tags(), ", "));
  if (!known.empty()) PrintIn(absl::StrJoin(known, " · "), 0, session);
}

void PrintPassed(const GetPersonSummaryResponse& summary, const Session& session) {
  const std::string received = PassedText(summary, ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  const std::string given = PassedText(summary, ledger::v1::BENEFIT_DIRECTION_GIVEN);
  if (received.empty() && given.empty()) return;
  PrintHeading("In the last year", session);
  if (!received.empty()) PrintIn(Say<"show.passed">(As<"way">("received"), As<"what">(received)), kIndent, session);
  if (!given.empty()) PrintIn(Say<"show.passed">(As<"way">("given"), As<"what">(given)), kIndent, session);
}

void PrintSummary(const GetPersonSummaryResponse& summary, const ContactBook& book, const Session& session) {
  const Contact& contact = summary.contact();
  session.out() << session.terminal().Styled(Style::kBold, OneLine(contact.display_name()));
  std::vector<std::string> is = {contact.title(), contact.organization(), contact.location(),
                                 StatusText(contact, session)};
  std::erase(is, "");
  session.out() << (is.empty() ? "" : " · ") << OneLine(absl::StrJoin(is, " · ")) << '\n';
  PrintDetails(contact, session);
  if (const std::string seat = SeatText(summary, session); !seat.empty()) {
    PrintIn(absl::StrCat("Seat: ", seat), 0, session);
  }
  PrintIn(absl::StrCat("Together: ", TieText(summary, session)), 0, session);

  if (!summary.plans().empty()) {
    PrintHeading(summary.plans_size() == 1 ? "Next meeting" : "Next meetings", session);
    for (const ledger::v1::Plan& plan : summary.plans()) PrintPlan(plan, book, session);
  }
  if (!summary.talking_points().empty()) {
    PrintHeading("Worth a word", session);
    PrintPoints(summary, kIndent, session);
  }
  if (!summary.promises().empty()) {
    PrintHeading("Promises", session);
    for (const ledger::v1::PromiseRecord& record : summary.promises()) {
      PrintIn(PromiseText(record, book, session), kIndent, session);
    }
  }
  PrintPassed(summary, session);
  if (!summary.last_interactions().empty()) {
    PrintHeading("Last talks", session);
    session.out() << RenderTalks({summary.last_interactions().begin(), summary.last_interactions().end()}, book,
                                 session);
  }
  if (!contact.notes().empty()) {
    PrintHeading("Notes", session);
    if (session.discreet()) {
      PrintIn(kHiddenText, kIndent, session);
    } else {
      for (const absl::string_view line : absl::StrSplit(contact.notes(), '\n')) {
        PrintIn(std::string(line), kIndent, session);
      }
    }
  }
}

// A few lines: enough to read on the way.
void PrintBrief(const GetPersonSummaryResponse& summary, const ContactBook& book, const Session& session) {
  const Contact& contact = summary.contact();
  session.out() << session.terminal().Styled(Style::kBold, OneLine(contact.display_name()));
  std::vector<std::string> is = {contact.title(), contact.organization(), StatusText(contact, session)};
  std::erase(is, "");
  session.out() << (is.empty() ? "" : " · ") << OneLine(absl::StrJoin(is, ", ")) << '\n';
  // A greeting, or a promise alone, is not what one wants to remember; where there is nothing else it is.
  const auto& entries = summary.last_interactions();
  auto newest = std::find_if(entries.begin(), entries.end(), [](const ledger::v1::Interaction& entry) {
    return entry.depth() != ledger::v1::INTERACTION_DEPTH_EXCHANGE;
  });
  if (newest == entries.end()) newest = entries.begin();
  if (newest == entries.end()) {
    PrintIn(Say<"show.nothing.sentence">(As<"left">(IsLeftOut(contact))), kIndent, session);
  } else {
    const TalkText last = DescribeTalk(*newest, book, session);
    std::vector<std::string> said = {absl::StrCat("Last: ", last.when), last.how, last.benefits, last.note};
    std::erase(said, "");
    PrintIn(absl::StrJoin(said, "; "), kIndent, session);
  }
  for (const ledger::v1::PromiseRecord& record : summary.promises()) {
    PrintIn(PromiseText(record, book, session), kIndent, session);
  }
  // Promises stand above, all of them.
  GetPersonSummaryResponse rest;
  for (const recommendations::v1::TalkingPoint& point : summary.talking_points()) {
    if (point.kind() != recommendations::v1::TALKING_POINT_KIND_OWN_PROMISE &&
        point.kind() != recommendations::v1::TALKING_POINT_KIND_THEIR_PROMISE &&
        point.kind() != recommendations::v1::TALKING_POINT_KIND_LAST_TIME) {
      *rest.add_talking_points() = point;
    }
  }
  PrintPoints(rest, kIndent, session);
}

absl::StatusOr<int> Show(const ShowOptions& options, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const Contact contact, finder.Find(options.name));
  COUNCIL_ASSIGN_OR_RETURN(const GetPersonSummaryResponse summary, Summarize(contact.id(), options.talks, session));
  if (session.json()) {
    session.Print(ToJson(summary));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  PrintSummary(summary, *book, session);
  return kExitOk;
}

// The next meeting with anybody; nothing where none is planned.
absl::StatusOr<std::optional<ledger::v1::Plan>> NextPlan(Session& session, const ContactBook& book) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Plan> plans,
                           ReadPlans(session, book, session.Now(), session.Now() + absl::Hours(24 * kNextDays)));
  if (plans.empty()) return std::nullopt;
  return plans.front();
}

absl::StatusOr<int> Prep(const PrepOptions& options, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  std::vector<std::string> ids;
  std::optional<ledger::v1::Plan> plan;
  if (options.next || options.names.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(plan, NextPlan(session, *book));
    if (!plan.has_value()) {
      return absl::NotFoundError(absl::StrCat("no meeting is planned within ", kNextDays,
                                              " days; council prep NAME prepares for a person, and council import "
                                              "calendar.ics brings your meetings"));
    }
    ids.assign(plan->contact_ids().begin(), plan->contact_ids().end());
  } else {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<Contact> met, finder.FindAll(options.names));
    for (const Contact& contact : met) ids.push_back(contact.id());
  }
  std::vector<GetPersonSummaryResponse> people;
  for (const std::string& id : ids) {
    absl::StatusOr<GetPersonSummaryResponse> summary = Summarize(id, kPrepInteractions, session);
    // Somebody who was removed since the meeting was planned.
    if (absl::IsNotFound(summary.status()) && plan.has_value()) continue;
    if (!summary.ok()) return summary.status();
    people.push_back(*std::move(summary));
  }
  if (session.json()) {
    session.Print(
        {{"plan", plan.has_value() ? ToJson(*plan) : nlohmann::ordered_json()}, {"people", ToJsonArray(people)}});
    return kExitOk;
  }
  if (plan.has_value()) session.out() << OneLine(PlanText(*plan, *book, session)) << "\n\n";
  for (size_t i = 0; i < people.size(); ++i) {
    if (i > 0) session.out() << '\n';
    PrintBrief(people[i], *book, session);
  }
  return kExitOk;
}

}  // namespace

void AddShowCommands(CLI::App& app, Command& chosen) {
  const auto show_options = std::make_shared<ShowOptions>();
  CLI::App* show = app.add_subcommand("show", "A person: last talks, promises, given and received, what to ask");
  show->add_option("NAME", show_options->name, "A part of a name or an e-mail address")->required();
  show->add_option("--talks", show_options->talks, "How many of the last talks")
      ->check(CLI::Range(1, 50))
      ->capture_default_str();
  show->footer("Example:\n  council show rosa");
  show->callback(
      [&chosen, show_options] { chosen = [show_options](Session& session) { return Show(*show_options, session); }; });

  const auto prep_options = std::make_shared<PrepOptions>();
  CLI::App* prep = app.add_subcommand("prep", "The same, short, for everyone in the next meeting");
  CLI::Option* names = prep->add_option("NAMES", prep_options->names, "Or for these, parted by commas");
  prep->add_flag("--next", prep_options->next, "The next meeting from your calendar (as without NAMES)")
      ->excludes(names);
  prep->footer("Example:\n  council prep\n  council prep rosa,tom");
  prep->callback(
      [&chosen, prep_options] { chosen = [prep_options](Session& session) { return Prep(*prep_options, session); }; });
}

}  // namespace council::cli
