#include "clients/cli/review_text.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/advice_table.h"
#include "clients/cli/bars.h"
#include "clients/cli/discretion.h"
#include "clients/cli/review_words.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

using recommendations::v1::GetReviewResponse;
using recommendations::v1::ReviewMonth;

class ReviewText {
 public:
  explicit ReviewText(const Terminal& terminal) : terminal_(terminal) {}

  void AddSection(const std::string& title, const std::vector<std::string>& sentences) {
    absl::StrAppend(&text_, "\n", terminal_.Styled(Style::kBold, title), "\n");
    for (const std::string& sentence : sentences) AddLine(sentence);
  }

  void AddLine(const std::string& line, Style style = Style::kPlain) {
    for (const std::string& part : Wrap(line, terminal_.width)) {
      absl::StrAppend(&text_, terminal_.Styled(style, part), "\n");
    }
  }

  void AddTable(const Table& table) {
    if (!table.empty()) text_ += table.Render(terminal_);
  }

  std::string text() && { return std::move(text_); }

 private:
  const Terminal& terminal_;
  std::string text_;
};

Table MonthsTable(const GetReviewResponse& review, int width) {
  Table table({{"month"}, {""}, {"talks", Table::kRight}, {"people", Table::kRight}, {"hours", Table::kRight}});
  if (review.talks() == 0) return table;
  int most = 1;
  for (const ReviewMonth& month : review.months()) most = std::max(most, month.talks());
  const int bar_columns = std::clamp(width - 30, 10, 30);
  for (int i = 0; i < review.months_size(); ++i) {
    const ReviewMonth& month = review.months(i);
    table.Add({MonthName(i), Bar(static_cast<double>(month.talks()) / most, bar_columns), absl::StrCat(month.talks()),
               absl::StrCat(month.people()), absl::StrFormat("%.1f", month.hours())});
  }
  return table;
}

Table BenefitsTable(const GetReviewResponse& review) {
  Table table({{"kind"}, {"given", Table::kRight}, {"received", Table::kRight}});
  for (const BenefitCounts& counts : CountBenefits(review)) {
    table.Add({counts.kind, absl::StrCat(counts.given), absl::StrCat(counts.received)});
  }
  return table;
}

// Each component at the first and the last moment with a balance.
Table ComponentsTable(const GetReviewResponse& review) {
  Table table({{"side"}, {"before", Table::kRight}, {""}, {"after", Table::kRight}, {"change", Table::kRight}});
  std::vector<ReviewPoint> points = PointsOf(review);
  std::erase_if(points, [](const ReviewPoint& point) { return point.balance == nullptr; });
  if (points.empty()) return table;
  for (size_t i = 0; i < kComponentNames.size(); ++i) {
    const std::optional<double> before = points.size() > 1 ? ComponentOf(points.front(), i) : std::nullopt;
    const std::optional<double> after = ComponentOf(points.back(), i);
    table.Add({kComponentNames.at(i), FigureText(before), "→", FigureText(after),
               before && after ? SignedPoints(*after - *before) : ""});
  }
  return table;
}

}  // namespace

std::string RenderReviewText(const GetReviewResponse& review, const NameOf& name_of, const Terminal& terminal,
                             bool discreet, const words::Language& language) {
  const ReviewWords words = DescribeReview(review, name_of, language);
  ReviewText text(terminal);
  text.AddLine(words.title, Style::kBold);
  if (const std::optional<std::string> empty = DescribeEmptyReview(review)) {
    text.AddLine(*empty);
    return std::move(text).text();
  }

  text.AddSection("Talks", words.talks);
  text.AddTable(MonthsTable(review, terminal.width));
  if (!review.met_ids().empty() && review.met_ids_size() <= kMostNames) {
    text.AddLine(absl::StrCat("With: ", absl::StrJoin(SortedNames(review.met_ids(), name_of), ", ")));
  }
  text.AddSection("Seats", words.seats);
  text.AddSection("Faded", words.faded);
  text.AddSection("Given and received", words.benefits);
  text.AddTable(BenefitsTable(review));
  text.AddSection("Introductions", words.introductions);
  if (discreet) {
    text.AddSection("Balance", {ScoresHiddenText("review")});
  } else {
    text.AddSection("Balance", words.balance);
    text.AddTable(ComponentsTable(review));
  }
  text.AddSection("Advice", words.advice);
  text.AddTable(AdviceTable(review.advice(), discreet));
  if (!discreet && !review.advice().empty()) text.AddLine(kGainNote, Style::kDim);
  return std::move(text).text();
}

}  // namespace council::cli
