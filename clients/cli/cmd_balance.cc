// council balance and council history: how balanced the council is, and why.

#include <CLI/App.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/bars.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

using recommendations::v1::BalanceComponent;
using recommendations::v1::CouncilBalance;

constexpr double kRecorded = 0.25;
constexpr int kNameColumns = 11;
constexpr int kValueColumns = 4;
constexpr int kMinTextColumns = 30;
constexpr int kMaxHistoryRows = 40;

std::string Points(double value) {
  return absl::StrFormat("%.0f", value);
}

bool IsRecorded(const BalanceComponent& component) {
  return component.coverage() >= kRecorded;
}

void PrintHeadline(const CouncilBalance& balance, const Session& session) {
  const Terminal& terminal = session.terminal();
  std::ostream& out = session.out();
  if (balance.practice_recorded()) {
    out << terminal.Styled(Style::kBold, absl::StrCat("Your council: ", Points(balance.score()), " of 100")) << '\n'
        << Count(balance.seats(), "seat") << ". Who sits there (structure): " << Points(balance.structure())
        << ". How it is lived (practice): " << Points(balance.practice())
        << ". Recorded: " << Points(100 * balance.confidence()) << " %.\n";
    return;
  }
  out << terminal.Styled(Style::kBold,
                         absl::StrCat("Who sits on your council: ", Points(balance.structure()), " of 100"))
      << '\n'
      << Count(balance.seats(), "seat") << ". How it is lived is not recorded yet.\n";
}

// One component: name, bar, value, reason; the reason beside the bar where there is room, else below.
void PrintComponent(const BalanceComponent& component, const Session& session) {
  const Terminal& terminal = session.terminal();
  const int bar_columns = terminal.width >= 100 ? 20 : 12;
  const int indent = kNameColumns + 1 + bar_columns + 1 + kValueColumns + 2;
  const bool beside = terminal.width - indent >= kMinTextColumns;
  const bool recorded = IsRecorded(component);
  std::string reason = OneLine(component.explanation());
  if (!recorded && !absl::StartsWithIgnoreCase(reason, "not recorded"))
    reason = absl::StrCat("Not recorded yet. ", reason);
  const std::vector<std::string> lines = Wrap(reason, beside ? terminal.width - indent : terminal.width - 2);
  session.out() << Pad(component.name(), kNameColumns) << ' '
                << terminal.Styled(recorded ? Style::kGood : Style::kDim,
                                   Bar(recorded ? component.value() : 0, bar_columns))
                << ' ' << Pad(recorded ? Points(100 * component.value()) : "–", kValueColumns, /*right=*/true);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 && beside) {
      session.out() << "  " << lines[i] << '\n';
    } else {
      if (i == 0) session.out() << '\n';
      session.out() << std::string(static_cast<size_t>(beside ? indent : 2), ' ') << lines[i] << '\n';
    }
  }
}

absl::Status PrintBalance(const CouncilBalance& balance, Session& session) {
  if (balance.seats() == 0) {
    session.out() << "Nobody has a seat on your council yet.\n"
                     "council import brings your contacts, council seat NAME --as mentor takes the first seat.\n";
    return absl::OkStatus();
  }
  PrintHeadline(balance, session);
  session.out() << '\n';
  for (const BalanceComponent& component : balance.components()) PrintComponent(component, session);
  if (!balance.practice_recorded()) {
    session.out() << "\nNext: council log NAME --on yesterday writes down your last talk.\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Explain(const CouncilBalance& balance, const std::string& name, Session& session) {
  const std::string wanted = absl::AsciiStrToLower(name);
  std::vector<std::string> names;
  for (const BalanceComponent& component : balance.components()) {
    names.push_back(component.name());
    if (component.name() != wanted) continue;
    if (session.json()) {
      session.Print(ToJson(component));
      return kExitOk;
    }
    PrintComponent(component, session);
    session.out() << "\nShare in the score: " << absl::StrFormat("%g", component.weight())
                  << " %. Recorded: " << Points(100 * component.coverage()) << " %, from " << component.evidence_count()
                  << (component.name() == "size" || component.name() == "roles" || component.name() == "diversity"
                          ? " seats.\n"
                          : " entries.\n");
    if (component.contact_ids_size() > 0) {
      COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
      std::vector<std::string> people;
      for (const std::string& id : component.contact_ids()) people.push_back(book.NameOf(id));
      session.out() << "It is about " << OneLine(JoinWords(people)) << ".\n";
    }
    return kExitOk;
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" is none of ", absl::StrJoin(names, ", ")));
}

absl::StatusOr<int> Balance(const std::optional<std::string>& as_of, const std::string& explain, Session& session) {
  recommendations::v1::GetCouncilBalanceRequest request;
  if (as_of) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time when, ParseWhen(*as_of, session.Now(), session.zone()));
    *request.mutable_as_of() = base::ToProto(when);
  }
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::GetCouncilBalanceResponse response,
                           session.client().Call(request));
  if (!explain.empty()) return Explain(response.balance(), explain, session);
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
    session.out() << "No day in this time had a council.\n";
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
