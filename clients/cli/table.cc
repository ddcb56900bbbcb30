#include "clients/cli/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

constexpr int kGap = 2;
constexpr int kMinFlexible = 6;
constexpr int kDetailIndent = 6;
// So much of a flexible column that may go below, and of a name, is to stand beside the others.
constexpr int kMinBeside = 12;
constexpr int kLongName = 30;

}  // namespace

void Table::Add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = OneLine(cell);
  rows_.push_back({std::move(cells), ""});
}

void Table::AddDetail(const std::string& text) {
  rows_.back().detail = OneLine(text);
}

std::string Table::Render(const Terminal& terminal) const {
  std::vector<size_t> shown;
  std::vector<int> widths(columns_.size(), 0);
  int gap = kGap;
  int total = -gap;
  int needed = -gap;
  for (size_t c = 0; c < columns_.size(); ++c) {
    bool filled = false;
    for (const Row& row : rows_) {
      filled |= !row.cells[c].empty();
      widths[c] = std::max(widths[c], DisplayWidth(row.cells[c]));
    }
    if (!filled && !rows_.empty()) continue;
    widths[c] = std::max(widths[c], DisplayWidth(columns_[c].title));
    shown.push_back(c);
    total += widths[c] + gap;
    int most = widths[c];
    if (columns_[c].kind == kName) most = kLongName;
    if (columns_[c].kind == kFlexible) most = columns_[c].place == kBeside ? kMinFlexible : kMinBeside;
    needed += std::min(widths[c], most) + gap;
  }
  std::vector<size_t> below;
  if (needed > terminal.width) {
    const auto moved =
        std::stable_partition(shown.begin(), shown.end(), [this](size_t c) { return columns_[c].place == kBeside; });
    below.assign(moved, shown.end());
    shown.erase(moved, shown.end());
    for (const size_t c : below) total -= widths[c] + gap;
  }
  for (const Kind kind : {kFlexible, kName}) {
    while (total > terminal.width) {
      size_t widest = columns_.size();
      for (const size_t c : shown) {
        if (columns_[c].kind == kind && widths[c] > kMinFlexible &&
            (widest == columns_.size() || widths[c] > widths[widest])) {
          widest = c;
        }
      }
      if (widest == columns_.size()) break;
      --widths[widest];
      --total;
    }
  }
  if (total > terminal.width) gap = 1;
  const auto line = [&](const auto& cell_of, Style style) {
    std::string text;
    for (const size_t c : shown) {
      const bool last = c == shown.back();
      const std::string cell = Truncate(cell_of(c), widths[c]);
      text += last && columns_[c].kind != kRight ? cell : Pad(cell, widths[c], columns_[c].kind == kRight);
      if (!last) text += std::string(static_cast<size_t>(gap), ' ');
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return terminal.Styled(style, text) + "\n";
  };
  std::string result = line([&](size_t c) { return columns_[c].title; }, Style::kDim);
  for (const Row& row : rows_) {
    result += line([&](size_t c) { return row.cells[c]; }, Style::kPlain);
    std::string moved;
    for (const size_t c : below) {
      const std::string& cell = row.cells[c];
      if (cell.empty() || cell == "–") continue;
      absl::StrAppend(&moved, moved.empty() ? "" : " · ", cell);
      if (columns_[c].kind == kRight) absl::StrAppend(&moved, " ", columns_[c].title);
    }
    for (const std::string& detail : {moved, row.detail}) {
      if (detail.empty()) continue;
      for (const std::string& text : Wrap(detail, terminal.width - kDetailIndent)) {
        result += std::string(kDetailIndent, ' ') + terminal.Styled(Style::kDim, text) + "\n";
      }
    }
  }
  return result;
}

}  // namespace council::cli
