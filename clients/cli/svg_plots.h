#ifndef COUNCIL_CLIENTS_CLI_SVG_PLOTS_H_
#define COUNCIL_CLIENTS_CLI_SVG_PLOTS_H_

#include <optional>
#include <string>
#include <vector>

namespace council::cli {

// Plots as <svg> elements that stand in an HTML page. They are drawn in the colour of the text around them, and tell
// things apart by length, place, hatching and words. Each has a title and a description for those who hear it. Texts
// are escaped, nothing is loaded, and any figures make a plot: those below 0, and those that are no number, are drawn
// as 0.

struct PlotHead {
  // Of its own within the page: letters, digits and "-".
  std::string id;
  std::string title;
  // What the plot shows, with its figures.
  std::string description;
};

// A column and what is written at it: "Jan", 12, "12".
struct PlotBar {
  std::string label;
  double value = 0;
  std::string text;
};
// Columns from left to right, as high as their share in the highest.
std::string BarPlot(const PlotHead& head, const std::vector<PlotBar>& bars);

// Two counts of one kind.
struct PlotPair {
  std::string label;
  int first = 0;
  int second = 0;
};
// Two bars for each pair below one another, the first hatched, the second solid, with a key of what the two are.
std::string PairPlot(const PlotHead& head, const std::string& first_name, const std::string& second_name,
                     const std::vector<PlotPair>& pairs);

// A value from 0 to 100; nothing where it is not known.
struct PlotPoint {
  std::string label;
  std::optional<double> value;
};
enum class PlotSize {
  // Every value and every label is written.
  kFull,
  // The first and the last value and label: for many plots side by side.
  kSmall,
};
// A line from left to right on a scale of 0 to 100, broken where a value is not known.
std::string LinePlot(const PlotHead& head, const std::vector<PlotPoint>& points, PlotSize size);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_SVG_PLOTS_H_
