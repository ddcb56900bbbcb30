#include "clients/cli/balance_text.h"

#include <cmath>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/bars.h"
#include "clients/cli/steps.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

using recommendations::v1::BalanceComponent;
using recommendations::v1::CouncilBalance;

constexpr double kRecorded = 0.25;
constexpr int kNameColumns = 11;
constexpr int kValueColumns = 4;
constexpr int kMinTextColumns = 30;
// Half of what is shown: a tenth of a point.
constexpr double kMoves = 0.05;

std::string Points(double value) {
  return absl::StrFormat("%.0f", value);
}

std::optional<double> PracticeOf(const CouncilBalance& balance) {
  return balance.practice_recorded() ? std::optional<double>(balance.practice()) : std::nullopt;
}

std::optional<double> ValueOf(const BalanceComponent& component) {
  return IsRecorded(component) ? std::optional<double>(100 * component.value()) : std::nullopt;
}

void AddChange(const std::string& name, std::optional<double> before, std::optional<double> after, Table& table) {
  const auto text = [](const std::optional<double>& value) {
    return value ? absl::StrFormat("%.1f", *value) : std::string("–");
  };
  table.Add({name, text(before), "→", text(after), before && after ? SignedPoints(*after - *before) : ""});
}

}  // namespace

BalanceHeadline DescribeBalance(const CouncilBalance& balance) {
  if (balance.practice_recorded()) {
    return {Say<"headline.council">(As<"score">(Points(balance.score()))),
            Say<"headline.lived">(As<"seats">(balance.seats()), As<"structure">(Points(balance.structure())),
                                  As<"practice">(Points(balance.practice())),
                                  As<"recorded">(Points(100 * balance.confidence())))};
  }
  return {Say<"headline.structure">(As<"structure">(Points(balance.structure()))),
          Say<"headline.not_recorded">(As<"seats">(balance.seats()))};
}

bool IsRecorded(const BalanceComponent& component) {
  return component.coverage() >= kRecorded;
}

std::string RenderComponent(const BalanceComponent& component, const Terminal& terminal) {
  const int bar_columns = terminal.width >= 100 ? 20 : 12;
  const int indent = kNameColumns + 1 + bar_columns + 1 + kValueColumns + 2;
  const bool beside = terminal.width - indent >= kMinTextColumns;
  const bool recorded = IsRecorded(component);
  std::string reason = OneLine(component.explanation());
  if (!recorded && !absl::StartsWithIgnoreCase(reason, "not recorded")) {
    reason = Say<"component.not_recorded">(As<"reason">(reason));
  }
  const std::vector<std::string> lines = Wrap(reason, beside ? terminal.width - indent : terminal.width - 2);
  std::string text = absl::StrCat(
      Pad(component.name(), kNameColumns), " ",
      terminal.Styled(recorded ? Style::kGood : Style::kDim, Bar(recorded ? component.value() : 0, bar_columns)), " ",
      Pad(recorded ? Points(100 * component.value()) : "–", kValueColumns, /*right=*/true));
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 && beside) {
      absl::StrAppend(&text, "  ", lines[i], "\n");
    } else {
      if (i == 0) text += '\n';
      absl::StrAppend(&text, std::string(static_cast<size_t>(beside ? indent : 2), ' '), lines[i], "\n");
    }
  }
  return text;
}

std::string RenderChange(const CouncilBalance& before, const CouncilBalance& after, const Terminal& terminal) {
  Table table({{""}, {"before", Table::kRight}, {""}, {"after", Table::kRight}, {"", Table::kRight}});
  const bool recorded = before.practice_recorded() && after.practice_recorded();
  if (recorded) AddChange("score", before.score(), after.score(), table);
  AddChange("structure", before.structure(), after.structure(), table);
  AddChange("practice", PracticeOf(before), PracticeOf(after), table);
  if (!recorded) AddChange("score", before.score(), after.score(), table);
  for (int i = 0; i < std::min(before.components_size(), after.components_size()); ++i) {
    const std::optional<double> was = ValueOf(before.components(i));
    const std::optional<double> is = ValueOf(after.components(i));
    const bool moves = was && is ? std::fabs(*is - *was) >= kMoves : was.has_value() != is.has_value();
    if (moves) AddChange(absl::StrCat("  ", before.components(i).name()), was, is, table);
  }
  return table.Render(terminal);
}

}  // namespace council::cli
