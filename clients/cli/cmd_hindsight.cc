// council hindsight: what was advised, what was done, and what came of it.

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/discretion.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/steps.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

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
      add(record.has_done_time()
              ? absl::StrCat("done ", FormatDay(base::FromProto(record.done_time()), session.Now(), session.zone()))
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
  return absl::StrFormat("%.0f %%", 100 * value);
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
    const Step step = DescribeStep(record.recommendation(), NamesFrom(book), session.Now(), session.zone());
    table.Add({FormatDay(base::FromProto(record.given_time()), session.Now(), session.zone()), step.what,
               WhatWasDone(record, step.answer, session), GainText(record.recommendation().expected_gain()),
               record.has_actual_gain() ? SignedPoints(record.actual_gain()) : "", WhatTheComponentDid(record)});
  }
  session.out() << table.Render(session.terminal());
}

void PrintKinds(const GetHindsightResponse& response, Session& session) {
  Table table({{"kind"},
               {"given", Table::kRight},
               {"followed", Table::kRight},
               {"expected", Table::kRight},
               {"came", Table::kRight},
               {"came where not followed", Table::kRight}});
  for (const HindsightKind& kind : response.kinds()) {
    const bool measured = kind.measured() > 0;
    table.Add({Word(kind.answers().kind()), absl::StrCat(kind.given()), absl::StrCat(kind.followed()),
               measured ? GainText(kind.mean_expected_gain()) : "",
               measured ? SignedPoints(kind.mean_actual_gain()) : "",
               kind.measured_not_followed() > 0 ? SignedPoints(kind.mean_gain_not_followed()) : ""});
  }
  session.out() << '\n' << table.Render(session.terminal());
}

// "Hana Satō seemed to be fading on Mon 2 Mar (35 % likely to be in touch within 90 days): not in touch since."
void PrintFading(const GetHindsightResponse& response, const ContactBook& book, Session& session) {
  for (const HindsightRecord& record : response.records()) {
    if (!record.has_strength()) continue;
    const char* came = !record.has_in_touch() ? "the 90 days are not over"
                       : record.in_touch()    ? "you were in touch"
                                              : "you were not";
    session.out() << book.NamesOf(record.recommendation().contact_ids()) << " seemed to be fading on "
                  << FormatDay(base::FromProto(record.given_time()), session.Now(), session.zone()) << " ("
                  << Percent(record.strength()) << " likely to be in touch within 90 days): " << came << ".\n";
  }
}

void PrintRest(const GetHindsightResponse& response, const ContactBook& book, Session& session) {
  session.out() << '\n';
  PrintFading(response, book, session);
  if (response.fading_ties() > 0) {
    session.out() << absl::StrFormat(
        "Of %s that seemed to be fading 90 days ago or more, %d %s not in touch within 90 days; %.1f were expected.\n",
        Count(response.fading_ties(), "tie"), response.faded_ties(), response.faded_ties() == 1 ? "was" : "were",
        response.expected_faded_ties());
  }
  for (const HindsightKind& kind : response.kinds()) {
    if (kind.answers().weight() < 1) session.out() << FewerText(kind.answers()) << '\n';
  }
  session.out() << session.terminal().Styled(
                       Style::kDim,
                       "Points of your balance: what was expected of a step, and what the 30 days after it brought, by "
                       "whatever cause.")
                << '\n';
}

absl::StatusOr<int> Hindsight(const HindsightOptions& options, Session& session) {
  if (SaysScoresAreHidden("hindsight", session)) return kExitOk;
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
    session.out() << "No step was advised in this time. council advice gives some; a month later this shows what came "
                     "of them.\n";
    return kExitOk;
  }
  int followed = 0;
  for (const HindsightKind& kind : response.kinds()) followed += kind.followed();
  session.out() << session.terminal().Styled(Style::kBold,
                                             absl::StrCat("Of ", Count(response.records_size(), "step"),
                                                          " that Council advised you followed ", followed, "."))
                << "\n\n";
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  PrintRecords(response, options.limit, book, session);
  if (response.records_size() > options.limit) {
    session.out() << session.terminal().Styled(Style::kDim,
                                               absl::StrCat("The newest ", options.limit, "; --limit shows more"))
                  << '\n';
  }
  PrintKinds(response, session);
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
