#include "clients/cli/review_html.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/advice_table.h"
#include "clients/cli/discretion.h"
#include "clients/cli/html.h"
#include "clients/cli/review_words.h"
#include "clients/cli/svg_plots.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using recommendations::v1::GetReviewResponse;
using recommendations::v1::ReviewMonth;

constexpr char kStyle[] =
    ":root{color-scheme:light dark}\n"
    "body{margin:0 auto;padding:16px;max-width:46em;font-family:sans-serif;line-height:1.5}\n"
    "h1{font-size:1.6em}\nh2{font-size:1.2em;margin-top:2em}\n"
    "figure{margin:1em 0;break-inside:avoid}\nfigcaption{font-weight:bold}\n"
    "svg{width:100%;height:auto}\nsvg text{fill:currentColor;font:12px sans-serif}\n"
    ".many{display:grid;grid-template-columns:repeat(auto-fill,minmax(13em,1fr));gap:1em}\n.many figure{margin:0}\n"
    ".wide{overflow-x:auto}\ntable{border-collapse:collapse;font-size:.9em}\n"
    "th,td{padding:2px 10px 2px 0;text-align:right;font-variant-numeric:tabular-nums}\n"
    "th:first-child{text-align:left}\n"
    "@media print{body{max-width:none}}\n";

std::string Element(const std::string& tag, const std::string& text) {
  return absl::StrCat("<", tag, ">", EscapeHtml(text), "</", tag, ">\n");
}

std::string Section(const std::string& title, const std::vector<std::string>& sentences,
                    const std::string& content = "") {
  std::string section = absl::StrCat("<section>\n", Element("h2", title));
  for (const std::string& sentence : sentences) section += Element("p", sentence);
  return absl::StrCat(section, content, "</section>\n");
}

std::string Figure(const std::string& caption, const std::string& plot) {
  return absl::StrCat("<figure>\n", Element("figcaption", caption), plot, "</figure>\n");
}

using Row = std::vector<std::string>;

// The first cell of each row says what the row is about.
std::string HtmlTable(const Row& head, const std::vector<Row>& rows) {
  std::string table = "<div class=\"wide\"><table>\n<thead><tr>";
  for (const std::string& cell : head) absl::StrAppend(&table, "<th scope=\"col\">", EscapeHtml(cell), "</th>");
  table += "</tr></thead>\n<tbody>\n";
  for (const Row& row : rows) {
    table += "<tr>";
    for (size_t i = 0; i < head.size(); ++i) {
      const std::string cell = i < row.size() ? EscapeHtml(row[i]) : "";
      absl::StrAppend(&table, i == 0 ? "<th scope=\"row\">" : "<td>", cell, i == 0 ? "</th>" : "</td>");
    }
    table += "</tr>\n";
  }
  return absl::StrCat(table, "</tbody>\n</table></div>\n");
}

// "January 3, February 12".
template <typename Values, typename TextOf>
std::string Listed(const Values& values, const TextOf& text_of) {
  return absl::StrJoin(values, ", ", [&text_of](std::string* out, const auto& value) { out->append(text_of(value)); });
}

std::string BarFigure(const std::string& id, const std::string& title, const std::vector<PlotBar>& bars) {
  const std::string figures = Listed(bars, [](const PlotBar& bar) { return absl::StrCat(bar.label, " ", bar.text); });
  return Figure(title, BarPlot({.id = id, .title = title, .description = figures}, bars));
}

std::string TalksFigures(const GetReviewResponse& review) {
  if (review.talks() == 0) return "";
  std::vector<PlotBar> talks;
  std::vector<PlotBar> hours;
  std::vector<Row> rows;
  for (int i = 0; i < review.months_size(); ++i) {
    const ReviewMonth& month = review.months(i);
    const std::string hours_text = absl::StrFormat("%.1f", month.hours());
    talks.push_back({MonthName(i), static_cast<double>(month.talks()), absl::StrCat(month.talks())});
    hours.push_back({MonthName(i), month.hours(), hours_text});
    rows.push_back(
        {MonthName(i, /*whole=*/true), absl::StrCat(month.talks()), absl::StrCat(month.people()), hours_text});
  }
  return absl::StrCat(BarFigure("talks", "Talks by month", talks), BarFigure("hours", "Hours by month", hours),
                      HtmlTable({"month", "talks", "people", "hours"}, rows));
}

std::string PeopleList(const GetReviewResponse& review, const NameOf& name_of) {
  if (review.met_ids().empty()) return "";
  return Element("p", absl::StrCat("With: ", absl::StrJoin(SortedNames(review.met_ids(), name_of), ", ")));
}

std::string BenefitsFigure(const GetReviewResponse& review) {
  std::vector<PlotPair> pairs;
  std::vector<Row> rows;
  for (const BenefitCounts& counts : CountBenefits(review)) {
    pairs.push_back({counts.kind, counts.given, counts.received});
    rows.push_back({counts.kind, absl::StrCat(counts.given), absl::StrCat(counts.received)});
  }
  if (pairs.empty()) return "";
  const std::string title = "Given and received by kind";
  const std::string figures = Listed(pairs, [](const PlotPair& pair) {
    return absl::StrCat(pair.label, " given ", pair.first, " received ", pair.second);
  });
  return absl::StrCat(
      Figure(title, PairPlot({.id = "benefits", .title = title, .description = figures}, "given", "received", pairs)),
      HtmlTable({"kind", "given", "received"}, rows));
}

std::string LineFigure(const std::string& id, const std::string& caption, const std::vector<PlotPoint>& points,
                       PlotSize size) {
  const std::string figures =
      Listed(points, [](const PlotPoint& point) { return absl::StrCat(point.label, " ", FigureText(point.value)); });
  return Figure(caption, LinePlot({.id = id, .title = caption, .description = figures}, points, size));
}

std::string ScoreFigure(const std::vector<ReviewPoint>& points) {
  std::vector<PlotPoint> scores;
  std::vector<Row> rows;
  for (const ReviewPoint& point : points) {
    const std::optional<double> score = ScoreOf(point);
    scores.push_back({point.label, score});
    if (point.balance == nullptr) continue;
    const auto practice = score.has_value() ? std::optional(point.balance->practice()) : std::nullopt;
    rows.push_back({point.label, FigureText(score), FigureText(point.balance->structure()), FigureText(practice)});
  }
  return absl::StrCat(LineFigure("score", "Score by month", scores, PlotSize::kFull),
                      HtmlTable({"at the end of", "score", "structure", "practice"}, rows));
}

std::string ComponentFigures(const std::vector<ReviewPoint>& points) {
  std::string figures;
  std::vector<Row> rows;
  Row head = {"side"};
  for (const ReviewPoint& point : points) head.push_back(point.label);
  for (size_t i = 0; i < kComponentNames.size(); ++i) {
    std::vector<PlotPoint> values;
    Row row = {kComponentNames.at(i)};
    for (const ReviewPoint& point : points) {
      values.push_back({point.label, ComponentOf(point, i)});
      row.push_back(FigureText(values.back().value));
    }
    figures +=
        LineFigure(absl::StrCat("side-", kComponentNames.at(i)), kComponentNames.at(i), values, PlotSize::kSmall);
    rows.push_back(std::move(row));
  }
  return absl::StrCat(Element("h3", "The nine sides by month"), "<div class=\"many\">\n", figures, "</div>\n",
                      HtmlTable(head, rows), Element("p", words::Say<"review.balance.gaps">()));
}

std::string BalanceSection(const GetReviewResponse& review, const std::vector<std::string>& sentences, bool discreet) {
  constexpr char kTitle[] = "Balance";
  if (discreet) return Section(kTitle, {ScoresHiddenText("review")});
  const std::vector<ReviewPoint> points = PointsOf(review);
  for (const ReviewPoint& point : points) {
    if (point.balance != nullptr) {
      return Section(kTitle, sentences, absl::StrCat(ScoreFigure(points), ComponentFigures(points)));
    }
  }
  return Section(kTitle, sentences);
}

std::string AdviceHtml(const GetReviewResponse& review, bool discreet) {
  const std::vector<Row> rows = AdviceRows(review.advice(), discreet);
  if (rows.empty()) return "";
  if (discreet) return HtmlTable({"kind", "given", "followed"}, rows);
  return absl::StrCat(HtmlTable({"kind", "given", "followed", "expected", "came", "came where not followed"}, rows),
                      Element("p", kGainNote));
}

}  // namespace

std::string RenderReviewHtml(const GetReviewResponse& review, const NameOf& name_of, bool discreet,
                             const words::Language& language) {
  const ReviewWords words = DescribeReview(review, name_of, language);
  std::string body = Element("h1", words.title);
  if (const std::optional<std::string> empty = DescribeEmptyReview(review)) {
    body += Element("p", *empty);
  } else {
    absl::StrAppend(&body,
                    Section("Talks", words.talks, absl::StrCat(TalksFigures(review), PeopleList(review, name_of))),
                    Section("Seats", words.seats), Section("Faded", words.faded),
                    Section("Given and received", words.benefits, BenefitsFigure(review)),
                    Section("Introductions", words.introductions), BalanceSection(review, words.balance, discreet),
                    Section("Advice", words.advice, AdviceHtml(review, discreet)));
  }
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
      Element("title", words.title), "<style>\n", kStyle, "</style>\n</head>\n<body>\n", body, "</body>\n</html>\n");
}

}  // namespace council::cli
