#include "clients/cli/svg_plots.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/html.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

constexpr double kWidth = 640;
constexpr double kMargin = 10;
// Of a line of text.
constexpr double kLine = 18;

double Drawn(double value) {
  return std::isfinite(value) ? std::max(value, 0.0) : 0;
}

std::string Text(double x, double y, const char* anchor, const std::string& text) {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
                         EscapeHtml(OneLine(text)));
}

std::string Line(double x1, double y1, double x2, double y2) {
  return absl::StrFormat(
      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" stroke-opacity=\"0.4\"/>\n", x1,
      y1, x2, y2);
}

std::string Rect(double x, double y, double width, double height, const std::string& fill) {
  return absl::StrFormat(
      "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" stroke=\"currentColor\"/>\n", x, y, width,
      height, fill);
}

constexpr char kSolid[] = "currentColor";

std::string Plot(const PlotHead& head, double width, double height, const std::string& content) {
  return absl::StrFormat(
      "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n<title "
      "id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n%s</svg>\n",
      width, height, head.id, head.id, head.id, EscapeHtml(OneLine(head.title)), head.id,
      EscapeHtml(OneLine(head.description)), content);
}

}  // namespace

std::string BarPlot(const PlotHead& head, const std::vector<PlotBar>& bars) {
  constexpr double kHeight = 180;
  constexpr double kBarShare = 0.6;
  constexpr double kBottom = kHeight - kLine - 4;
  const double slot = (kWidth - 2 * kMargin) / static_cast<double>(std::max<size_t>(bars.size(), 1));
  double highest = 0;
  for (const PlotBar& bar : bars) highest = std::max(highest, Drawn(bar.value));
  std::string content = Line(kMargin, kBottom, kWidth - kMargin, kBottom);
  for (size_t i = 0; i < bars.size(); ++i) {
    const double middle = kMargin + (static_cast<double>(i) + 0.5) * slot;
    const double value = Drawn(bars[i].value);
    const double height = highest > 0 ? value / highest * (kBottom - kLine) : 0;
    if (value > 0) {
      content += Rect(middle - kBarShare / 2 * slot, kBottom - height, kBarShare * slot, height, kSolid);
    }
    content += Text(middle, kBottom - height - 4, "middle", bars[i].text);
    content += Text(middle, kHeight - 4, "middle", bars[i].label);
  }
  return Plot(head, kWidth, kHeight, content);
}

std::string PairPlot(const PlotHead& head, const std::string& first_name, const std::string& second_name,
                     const std::vector<PlotPair>& pairs) {
  constexpr double kLabels = 120;
  constexpr double kMostBar = kWidth - kLabels - 60;
  constexpr double kBar = 14;
  constexpr double kRow = 2 * kBar + 14;
  constexpr double kKey = 2 * kLine;
  const std::string hatched = absl::StrCat("url(#", head.id, "-hatch)");
  std::string content = absl::StrCat("<defs>\n<pattern id=\"", head.id,
                                     "-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                                     "patternTransform=\"rotate(45)\">\n<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" "
                                     "stroke=\"currentColor\" stroke-width=\"3\"/>\n</pattern>\n</defs>\n");
  int most = 1;
  for (const PlotPair& pair : pairs) most = std::max({most, pair.first, pair.second});
  double key = kLabels;
  for (const auto& [name, fill] : {std::pair(first_name, hatched), std::pair(second_name, std::string(kSolid))}) {
    content += Rect(key, 4, kBar, kBar, fill);
    content += Text(key + kBar + 6, 4 + kBar - 2, "start", name);
    key += 160;
  }
  double top = kKey;
  for (const PlotPair& pair : pairs) {
    content += Text(kLabels - 8, top + kBar + 4, "end", pair.label);
    double y = top;
    for (const auto& [count, fill] : {std::pair(pair.first, hatched), std::pair(pair.second, std::string(kSolid))}) {
      const double width = static_cast<double>(std::max(count, 0)) / most * kMostBar;
      if (width > 0) content += Rect(kLabels, y, width, kBar, fill);
      content += Text(kLabels + width + 6, y + kBar - 2, "start", absl::StrCat(count));
      y += kBar;
    }
    top += kRow;
  }
  return Plot(head, kWidth, std::max(top, kKey), content);
}

std::string LinePlot(const PlotHead& head, const std::vector<PlotPoint>& points, PlotSize size) {
  const bool full = size == PlotSize::kFull;
  const double width = full ? kWidth : 220;
  const double height = full ? 220 : 120;
  constexpr double kLeft = 34;
  constexpr double kRight = 18;
  constexpr double kTop = kLine;
  constexpr double kRadius = 3;
  const double bottom = height - kLine - 4;
  const double step = points.size() < 2 ? 0 : (width - kLeft - kRight) / static_cast<double>(points.size() - 1);
  const auto x_of = [&](size_t i) { return kLeft + static_cast<double>(i) * step; };
  const auto y_of = [&](double value) { return bottom - std::min(Drawn(value), 100.0) / 100 * (bottom - kTop); };

  std::string content;
  for (const int grid : {0, 100}) {
    content += Line(kLeft, y_of(grid), width - kRight, y_of(grid));
    content += Text(kLeft - 6, y_of(grid) + 4, "end", absl::StrCat(grid));
  }
  std::vector<size_t> known;
  for (size_t i = 0; i < points.size(); ++i) {
    if (points[i].value.has_value()) known.push_back(i);
  }
  for (size_t k = 0; k + 1 < known.size(); ++k) {
    if (known[k] + 1 != known[k + 1]) continue;
    content += absl::StrFormat(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" stroke-width=\"2\"/>\n",
        x_of(known[k]), y_of(*points[known[k]].value), x_of(known[k + 1]), y_of(*points[known[k + 1]].value));
  }
  for (const size_t i : known) {
    const double value = *points[i].value;
    content += absl::StrFormat("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\" fill=\"currentColor\"/>\n", x_of(i),
                               y_of(value), kRadius);
    if (!full && i != known.front() && i != known.back()) continue;
    content += Text(x_of(i), y_of(value) - 2 * kRadius, "middle", absl::StrFormat("%.0f", Drawn(value)));
  }
  for (size_t i = 0; i < points.size(); ++i) {
    if (full || i == 0 || i + 1 == points.size()) content += Text(x_of(i), height - 4, "middle", points[i].label);
  }
  return Plot(head, width, height, content);
}

}  // namespace council::cli
