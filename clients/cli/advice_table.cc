#include "clients/cli/advice_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/discretion.h"
#include "clients/cli/steps.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/words/language.h"

namespace council::cli {

std::string FollowedText(const AdviceKinds& kinds) {
  int given = 0;
  int followed = 0;
  for (const recommendations::v1::HindsightKind& kind : kinds) {
    given += kind.given();
    followed += kind.followed();
  }
  if (given == 0) return "";
  return words::Say<"hindsight.followed">(words::As<"given">(given), words::As<"followed">(followed));
}

std::vector<std::vector<std::string>> AdviceRows(const AdviceKinds& kinds, bool discreet) {
  std::vector<std::vector<std::string>> rows;
  for (const recommendations::v1::HindsightKind& kind : kinds) {
    if (discreet && IsAboutEnergy(kind.answers().kind())) continue;
    std::vector<std::string>& row = rows.emplace_back();
    row = {Word(kind.answers().kind()), absl::StrCat(kind.given()), absl::StrCat(kind.followed())};
    if (discreet) continue;
    const bool measured = kind.measured() > 0;
    row.push_back(measured ? GainText(kind.mean_expected_gain()) : "");
    row.push_back(measured ? SignedPoints(kind.mean_actual_gain()) : "");
    row.push_back(kind.measured_not_followed() > 0 ? SignedPoints(kind.mean_gain_not_followed()) : "");
  }
  return rows;
}

Table AdviceTable(const AdviceKinds& kinds, bool discreet) {
  Table table({{"kind"},
               {"given", Table::kRight},
               {"followed", Table::kRight},
               {"expected", Table::kRight},
               {"came", Table::kRight},
               {"came where not followed", Table::kRight}});
  for (std::vector<std::string>& row : AdviceRows(kinds, discreet)) table.Add(std::move(row));
  return table;
}

}  // namespace council::cli
