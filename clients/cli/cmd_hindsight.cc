// council hindsight: what was advised, what was done, and what came of it.

#include <CLI/App.hpp>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/advice_table.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/steps.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

using recommendations::v1::GetHindsightResponse;
using recommendations::v1::HindsightKind;
using recommendations::v1::HindsightRecord;

constexpr int kUsualRecords = 20;
constexpr int kMostRecords = 1000;

struct HindsightOptions {
  std::optional<std::string> since;
  std::optional<std::string> until;
  int limit = kUsualRecords;
};

// "accepted; done Tue 17 Nov".
std::string WhatWasDone(const HindsightRecord& record, const std::string& answer, const Session& session) {
  std::string text = answer;
  const auto add = [&text](const std::string& part) { absl::StrAppend(&text, text.empty() ? "" : "; ", part); };
  switch (record.outcome()) {
    case recommendations::v1::HINDSIGHT_OUTCOME_DONE:
      add(record.has_done_time() ? absl::StrCat("done ", FormatDay(base::FromProto(record.done_time()), session.Now(),
                                                                   session.zone(), session.language()))
                                 : "done");
      break;
    case recommendations::v1::HINDSIGHT_OUTCOME_NOT_DONE:
      add("not done");
      break;
    case recommendations::v1::HINDSIGHT_OUTCOME_OPEN:
      if (text.empty()) text = "open";
      break;
    default:
      break;
  }
  return text;
}

std::string Percent(double value) {
  return absl::StrFormat("%.0f\u00a0%%", 100 * value);
}

// "depth 40 % → 55 %".
std::string WhatTheComponentDid(const HindsightRecord& record) {
  if (!record.has_component_after()) return "";
  return absl::StrCat(OneLine(record.recommendation().component()), " ", Percent(record.component_before()), " → ",
                      Percent(record.component_after()));
}

void PrintRecords(const GetHindsightResponse& response, int limit, const ContactBook& book, Session& session) {
  Table table({{"given"},
               {"step", Table::kFlexible},
               {"what was done", Table::kFlexible},
               {"expected", Table::kRight},
               {"after 30 days", Table::kRight},
               {"", Table::kFlexible}});
  for (const HindsightRecord& record : response.records()) {
    if (limit-- == 0) break;
    const Step step = DescribeStep(record.recommendation(), book, session);
    table.Add({FormatDay(base::FromProto(record.given_time()), session.Now(), session.zone(), session.language()),
               step.what, WhatWasDone(record, step.answer, session), GainText(record.recommendation().expected_gain()),
               record.has_actual_gain() ? SignedPoints(record.actual_gain()) : "", WhatTheComponentDid(record)});
  }
  session.out() << table.Render(session.terminal());
}

// "Hana Satō seemed to be fading on Mon 2 Mar (35 % likely to be in touch within 90 days): not in touch since."
void PrintFading(const GetHindsightResponse& response, const ContactBook& book, Session& session) {
  for (const HindsightRecord& record : response.records()) {
    if (!record.has_strength()) continue;
    std::vector<std::string> names;
    for (const std::string& id : record.recommendation().contact_ids()) names.push_back(book.NameOf(id));
    session.out() << OneLine(Say<"hindsight.fading">(
                         As<"names">(names),
                         As<"day">(FormatDay(base::FromProto(record.given_time()), session.Now(), session.zone(),
                                             session.language())),
                         As<"percent">(std::lround(100 * record.strength())),
                         As<"came">(!record.has_in_touch() ? "open"
                                    : record.in_touch()    ? "yes"
                                                           : "no")))
                  << '\n';
  }
}

void PrintRest(const GetHindsightResponse& response, const ContactBook& book, Session& session) {
  session.out() << '\n';
  PrintFading(response, book, session);
  if (response.fading_ties() > 0) {
    session.out() << Say<"hindsight.faded">(As<"ties">(response.fading_ties()), As<"faded">(response.faded_ties()),
                                            As<"expected">(response.expected_faded_ties()))
                  << '\n';
  }
  for (const HindsightKind& kind : response.kinds()) {
    if (kind.answers().weight() < 1) session.out() << FewerText(kind.answers()) << '\n';
  }
  session.out() << session.terminal().Styled(Style::kDim, kGainNote) << '\n';
}

absl::StatusOr<int> Hindsight(const HindsightOptions& options, Session& session) {
  if (session.SaysScoresAreHidden("hindsight")) return kExitOk;
  recommendations::v1::GetHindsightRequest request;
  if (options.since) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time since, ParseWhen(*options.since, session.Now(), session.zone()));
    *request.mutable_start_time() = base::ToProto(StartOfDay(since, session.zone()));
  }
  if (options.until) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time until, ParseWhen(*options.until, session.Now(), session.zone()));
    // Up to the end of that day.
    *request.mutable_end_time() =
        base::ToProto(StartOfDay(until, session.zone(), /*days_later=*/1) - absl::Microseconds(1));
  }
  COUNCIL_ASSIGN_OR_RETURN(const GetHindsightResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  if (response.records().empty()) {
    session.out() << Say<"hindsight.none">() << '\n';
    return kExitOk;
  }
  session.out() << session.terminal().Styled(Style::kBold, FollowedText(response.kinds())) << "\n\n";
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  PrintRecords(response, options.limit, book, session);
  if (response.records_size() > options.limit) {
    session.out() << session.terminal().Styled(Style::kDim,
                                               absl::StrCat("The newest ", options.limit, "; --limit shows more"))
                  << '\n';
  }
  session.out() << '\n' << AdviceTable(response.kinds(), /*discreet=*/false).Render(session.terminal());
  PrintRest(response, book, session);
  return kExitOk;
}

}  // namespace

void AddHindsightCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<HindsightOptions>();
  CLI::App* command = app.add_subcommand("hindsight", "What was advised, what was done, and what came of it");
  command->add_option("--since", options->since,
                      "Steps given from this day on: 2026-05-01, 12w (default: 180 days ago)");
  command->add_option("--until", options->until, "Steps given up to this day (default: now)");
  command->add_option("--limit", options->limit, "How many steps to list at most")
      ->check(CLI::Range(1, kMostRecords))
      ->capture_default_str();
  command->footer("Example:\n  council hindsight\n  council hindsight --since 8w");
  command->callback(
      [&chosen, options] { chosen = [options](Session& session) { return Hindsight(*options, session); }; });
}

}  // namespace council::cli
