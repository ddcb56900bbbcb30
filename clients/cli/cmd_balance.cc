// council balance and council history: how balanced the council is, and why.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/balance_text.h"
#include "clients/cli/bars.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/steps.h"
#include "clients/cli/table.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using recommendations::v1::BalanceComponent;
using recommendations::v1::CouncilBalance;

// Of "+12.3".
constexpr int kChangeColumns = 6;
constexpr int kMaxHistoryRows = 40;

std::string Points(double value) {
  return absl::StrFormat("%.0f", value);
}

absl::Status PrintBalance(const CouncilBalance& balance, Session& session) {
  if (balance.seats() == 0) {
    session.out() << words::Say<"headline.nobody">() << '\n'
                  << words::Say<"headline.nobody.import">() << ' ' << words::Say<"headline.nobody.first">() << '\n';
    return absl::OkStatus();
  }
  const BalanceHeadline headline = DescribeBalance(balance);
  session.out() << session.terminal().Styled(Style::kBold, headline.title) << '\n' << headline.details << "\n\n";
  for (const BalanceComponent& component : balance.components()) {
    session.out() << RenderComponent(component, session.terminal());
  }
  if (!balance.practice_recorded()) {
    session.out() << '\n' << words::Say<"headline.not_recorded.next">() << '\n';
  }
  return absl::OkStatus();
}

// "#412 Rosa Lindqvist, 3 May: conversation; received advice:3", and what it does to the component in points.
void PrintEvidence(const recommendations::v1::ComponentEvidence& evidence, const ContactBook& book,
                   const Session& session) {
  const ledger::v1::Interaction& entry = evidence.interaction();
  const TalkText text = DescribeTalk(entry, book, session);
  std::vector<std::string> said = {text.how, text.duration, text.energy, text.domains, text.benefits};
  std::erase(said, "");
  const std::string change = SignedPoints(100 * evidence.change());
  const std::string line = absl::StrCat("#", entry.sequence(), " ", book.NamesOf(entry.contact_ids()), ", ", text.when,
                                        said.empty() ? "" : ": ", absl::StrJoin(said, "; "));
  std::string margin = Pad(change, kChangeColumns, /*right=*/true);
  for (const std::string& part : Wrap(OneLine(line), session.terminal().width - kChangeColumns - 2)) {
    session.out() << margin << "  " << part << '\n';
    margin.assign(kChangeColumns, ' ');
  }
}

absl::StatusOr<int> Explain(recommendations::v1::ExplainBalanceRequest request, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::ExplainBalanceResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  const BalanceComponent& component = response.component();
  session.out() << RenderComponent(component, session.terminal())
                << "\nShare in the score: " << absl::StrFormat("%g", component.weight())
                << "\u00a0%. Recorded: " << Points(100 * component.coverage()) << "\u00a0%, from "
                << (component.name() == "size" || component.name() == "roles" || component.name() == "diversity"
                        ? Count(component.evidence_count(), "seat")
                        : Count(component.evidence_count(), "entry", "entries"))
                << ".\n";
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  if (component.contact_ids_size() > 0) {
    std::vector<std::string> people;
    for (const std::string& id : component.contact_ids()) people.push_back(book.NameOf(id));
    const std::string about = OneLine(words::Say<"component.about">(words::As<"names">(people)));
    for (const std::string& line : Wrap(about, session.terminal().width)) session.out() << line << '\n';
  }
  if (response.evidence().empty()) {
    session.out() << "No entry of the ledger moves it.\n";
    return kExitOk;
  }
  session.out() << "\nThe entries that move it most, with what each does to its value, in points of 100";
  if (response.examined_entries() < response.total_entries()) {
    session.out() << " (of the newest " << response.examined_entries() << " of " << response.total_entries() << ")";
  }
  session.out() << ":\n";
  for (const recommendations::v1::ComponentEvidence& evidence : response.evidence()) {
    PrintEvidence(evidence, book, session);
  }
  return kExitOk;
}

absl::StatusOr<int> Balance(const std::optional<std::string>& as_of, const std::string& explain, Session& session) {
  if (session.SaysScoresAreHidden("balance")) return kExitOk;
  recommendations::v1::GetCouncilBalanceRequest request;
  if (as_of) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time when, ParseWhen(*as_of, session.Now(), session.zone()));
    *request.mutable_as_of() = base::ToProto(when);
  }
  if (!explain.empty()) {
    recommendations::v1::ExplainBalanceRequest explain_request;
    explain_request.set_component(absl::AsciiStrToLower(explain));
    if (request.has_as_of()) *explain_request.mutable_as_of() = request.as_of();
    return Explain(explain_request, session);
  }
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::GetCouncilBalanceResponse response,
                           session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  COUNCIL_RETURN_IF_ERROR(PrintBalance(response.balance(), session));
  return kExitOk;
}

struct HistoryOptions {
  std::optional<std::string> since;
  std::optional<std::string> until;
};

absl::StatusOr<int> History(const HistoryOptions& options, Session& session) {
  if (session.SaysScoresAreHidden("history")) return kExitOk;
  recommendations::v1::GetBalanceHistoryRequest request;
  if (options.since) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time since, ParseWhen(*options.since, session.Now(), session.zone()));
    *request.mutable_start_time() = base::ToProto(since);
    // A start without an end means up to now.
    *request.mutable_end_time() = base::ToProto(session.Now());
  }
  if (options.until) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time until, ParseWhen(*options.until, session.Now(), session.zone()));
    *request.mutable_end_time() = base::ToProto(until);
  }
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::GetBalanceHistoryResponse response,
                           session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  if (response.points().empty()) {
    session.out() << words::Say<"history.none">() << '\n';
    return kExitOk;
  }
  // A terminal shows at most so many days; each step keeps the newest.
  const int step = (response.points_size() + kMaxHistoryRows - 1) / kMaxHistoryRows;
  Table table({{"day"}, {""}, {"score", Table::kRight}, {"structure", Table::kRight}, {"practice", Table::kRight}});
  const int bar_columns = std::clamp(session.terminal().width - 45, 10, 40);
  for (int i = (response.points_size() - 1) % step; i < response.points_size(); i += step) {
    const recommendations::v1::BalancePoint& point = response.points(i);
    table.Add({point.day(), Bar(point.score() / 100, bar_columns), Points(point.score()), Points(point.structure()),
               Points(point.practice())});
  }
  session.out() << table.Render(session.terminal());
  if (step > 1) {
    session.out() << session.terminal().Styled(
                         Style::kDim, absl::StrCat("Every ", Count(step, "day"), "; --output=json has them all"))
                  << '\n';
  }
  return kExitOk;
}

}  // namespace

void AddBalanceCommands(CLI::App& app, Command& chosen) {
  const auto as_of = std::make_shared<std::optional<std::string>>();
  const auto explain = std::make_shared<std::string>();
  CLI::App* balance = app.add_subcommand("balance", "How balanced the council is, and why");
  balance->add_option(
      "--explain", *explain,
      "One component: size, roles, diversity, energy, reciprocity, depth, vitality, engagement or reach");
  balance->add_option("--as-of", *as_of, "At a past day: 12w, 2026-05-01");
  balance->footer("Example:\n  council balance\n  council balance --explain reciprocity");
  balance->callback([&chosen, as_of, explain] {
    chosen = [as_of, explain](Session& session) { return Balance(*as_of, *explain, session); };
  });

  const auto options = std::make_shared<HistoryOptions>();
  CLI::App* history = app.add_subcommand("history", "The balance day by day");
  history->add_option("--since", options->since, "From this day on: 12w, 2026-05-01 (default: the last 30 days)");
  history->add_option("--until", options->until, "Up to and with this day");
  history->footer("Example:\n  council history --since 12w");
  history->callback(
      [&chosen, options] { chosen = [options](Session& session) { return History(*options, session); }; });
}

}  // namespace council::cli
