#include "clients/cli/steps.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/dates.h"
#include "clients/cli/discretion.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

using recommendations::v1::Recommendation;

// Of "+12.3", right-aligned.
constexpr int kGainColumns = 5;
constexpr int kMinutesColumns = 7;
constexpr int kGap = 2;
constexpr double kLeastShown = 0.05;

std::vector<std::string> NamesOf(const google::protobuf::RepeatedPtrField<std::string>& ids, const NameOf& name_of) {
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(name_of(id));
  return names;
}

std::string What(const Recommendation& recommendation, const NameOf& name_of) {
  const auto& ids = recommendation.contact_ids();
  const std::string who = ids.empty() ? "" : name_of(ids[0]);
  switch (recommendation.kind()) {
    case recommendations::v1::RECOMMENDATION_KIND_RECONNECT:
      return Say<"step.reconnect">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_GIVE_BACK:
      return Say<"step.give_back">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_ASK:
      return Say<"step.ask">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_DEEPEN:
      return Say<"step.deepen">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_INVITE:
      return Say<"step.invite">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_REST:
      return Say<"step.rest">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_INTRODUCE:
      return Say<"step.introduce">(As<"names">(NamesOf(ids, name_of)));
    case recommendations::v1::RECOMMENDATION_KIND_BROADEN:
      return Say<"step.broaden">(As<"name">(who));
    case recommendations::v1::RECOMMENDATION_KIND_REBALANCE:
      return ids.empty() ? Say<"step.rebalance.time">() : Say<"step.rebalance">(As<"names">(NamesOf(ids, name_of)));
    default:
      return Say<"step.other">(As<"name">(who));
  }
}

std::string Answer(const Recommendation& recommendation, absl::Time now, absl::TimeZone zone,
                   const words::Language& language) {
  switch (recommendation.response()) {
    case recommendations::v1::RECOMMENDATION_RESPONSE_ACCEPT:
      return "accepted";
    case recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS:
      return "dismissed";
    case recommendations::v1::RECOMMENDATION_RESPONSE_SNOOZE:
      return Say<"step.snoozed">(
          As<"day">(FormatDay(base::FromProto(recommendation.snooze_until()), now, zone, language)));
    default:
      return "";
  }
}

}  // namespace

Step DescribeStep(const Recommendation& recommendation, const NameOf& name_of, absl::Time now, absl::TimeZone zone,
                  const words::Language& language) {
  return {OneLine(What(recommendation, name_of)), OneLine(recommendation.reason()), recommendation.effort_minutes(),
          recommendation.expected_gain(), Answer(recommendation, now, zone, language)};
}

std::string FewerText(const recommendations::v1::KindAnswers& kind) {
  const int answered = kind.accepted() + kind.dismissed();
  return Say<"step.fewer">(As<"dismissed">(kind.dismissed()), As<"answered">(answered), As<"kind">(Word(kind.kind())));
}

std::vector<std::string> FewerTexts(const google::protobuf::RepeatedPtrField<recommendations::v1::KindAnswers>& kinds,
                                    bool discreet) {
  std::vector<std::string> texts;
  for (const recommendations::v1::KindAnswers& kind : kinds) {
    if (!discreet || !IsAboutEnergy(kind.kind())) texts.push_back(FewerText(kind));
  }
  return texts;
}

std::string SignedPoints(double points) {
  const double rounded = std::round(points * 10) / 10;
  if (rounded == 0) return "0.0";
  return absl::StrFormat("%s%.1f", rounded > 0 ? "+" : "−", std::fabs(rounded));
}

std::string GainText(double points) {
  return points > 0 && points < kLeastShown ? "<0.1" : SignedPoints(points);
}

std::string RenderSteps(const std::vector<Step>& steps, const Terminal& terminal) {
  const int number_columns = static_cast<int>(std::to_string(steps.size()).size());
  const int indent = number_columns + kGap;
  const int what_columns = terminal.width - indent - kMinutesColumns - kGainColumns - 2 * kGap;
  std::string text;
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    // What is too long goes on below; minutes and gain stand beside the first line.
    std::vector<std::string> lines = Wrap(step.what, what_columns);
    absl::StrAppend(&text, Pad(std::to_string(i + 1), number_columns, /*right=*/true), std::string(kGap, ' '),
                    terminal.Styled(Style::kBold, Pad(lines[0], what_columns)), std::string(kGap, ' '),
                    Pad(absl::StrCat(step.minutes, " min"), kMinutesColumns, /*right=*/true));
    if (step.gain) {
      absl::StrAppend(&text, std::string(kGap, ' '), Pad(GainText(*step.gain), kGainColumns, /*right=*/true));
    }
    text += '\n';
    const std::string margin(static_cast<size_t>(indent), ' ');
    for (size_t line = 1; line < lines.size(); ++line) {
      absl::StrAppend(&text, margin, terminal.Styled(Style::kBold, lines[line]), "\n");
    }
    if (!step.reason.empty()) {
      for (const std::string& line : Wrap(step.reason, terminal.width - indent)) {
        absl::StrAppend(&text, margin, line, "\n");
      }
    }
    if (!step.answer.empty()) {
      absl::StrAppend(&text, margin, terminal.Styled(Style::kDim, absl::StrCat("(", step.answer, ")")), "\n");
    }
  }
  return text;
}

}  // namespace council::cli
