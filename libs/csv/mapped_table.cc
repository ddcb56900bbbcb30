#include "libs/csv/mapped_table.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace council::csv {
namespace {

// Some programs write notes before the header.
constexpr std::size_t kHeaderWithinRows = 20;
constexpr std::size_t kMostTargets = 200;
constexpr char kDelimiters[] = {',', ';', '\t'};

MappedHeader HeaderOf(std::vector<std::string> names, const ColumnTargets& targets) {
  ColumnTargets by_key;
  for (const auto& [name, target] : targets) by_key[HeaderKey(name)] = target;
  MappedHeader header;
  header.names = std::move(names);
  for (std::size_t i = 0; i < header.names.size(); ++i) {
    const auto found = by_key.find(HeaderKey(header.names[i]));
    if (found != by_key.end()) header.columns.push_back({.index = i, .target = found->second});
  }
  return header;
}

// The headers of `targets` that are not among `names`.
std::vector<std::string> Missing(const std::vector<std::string>& names, const ColumnTargets& targets) {
  std::set<std::string> keys;
  for (const std::string& name : names) keys.insert(HeaderKey(name));
  std::vector<std::string> missing;
  for (const auto& [name, target] : targets) {
    if (!keys.contains(HeaderKey(name))) missing.push_back(name);
  }
  return missing;
}

// Says what `names` lack of `targets`.
absl::Status NoHeader(const std::vector<std::string>& names, const ColumnTargets& targets) {
  const std::string what =
      absl::StrCat("the file has no such column; its columns are \"", absl::StrJoin(names, "\", \""), "\"");
  base::FieldViolations violations;
  for (const std::string& name : Missing(names, targets)) violations.Add(ColumnPath(name), what);
  return violations.ToStatus();
}

// Whether one of the first rows has all of `targets`, where fields are parted by `delimiter`. Else the row of most
// fields is put into `widest`, if it has more than that.
bool HasHeader(absl::string_view bytes, char delimiter, const ColumnTargets& targets,
               std::vector<std::string>& widest) {
  bool found = false;
  std::size_t rows = 0;
  ForEachCsvRow(
      bytes,
      [&](CsvRow row) {
        found = Missing(row.fields, targets).empty();
        if (row.fields.size() > widest.size()) widest = std::move(row.fields);
        return !found && ++rows < kHeaderWithinRows;
      },
      delimiter);
  return found;
}

}  // namespace

std::string ColumnPath(absl::string_view header) {
  return absl::StrCat("options.columns[\"", header, "\"]");
}

std::string HeaderKey(absl::string_view header) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(header));
}

void ValidateHeaders(const ColumnTargets& targets, base::FieldViolations& violations) {
  if (targets.size() > kMostTargets) {
    return violations.Add("options.columns", absl::StrCat("must be at most ", kMostTargets));
  }
  std::set<std::string> keys;
  for (const auto& [name, target] : targets) {
    if (!keys.insert(HeaderKey(name)).second) violations.Add(ColumnPath(name), "names a column twice");
  }
}

absl::Status ForEachMappedRow(absl::string_view bytes, const ColumnTargets& targets,
                              absl::FunctionRef<bool(const MappedHeader& header, CsvRow row)> take) {
  std::vector<std::string> widest;  // What came nearest to a header.
  const auto* const delimiter = std::find_if(std::begin(kDelimiters), std::end(kDelimiters), [&](char candidate) {
    return HasHeader(bytes, candidate, targets, widest);
  });
  if (delimiter == std::end(kDelimiters)) return NoHeader(widest, targets);
  std::optional<MappedHeader> header;
  const auto take_row = [&](CsvRow row) {
    if (!header.has_value()) {
      if (Missing(row.fields, targets).empty()) header = HeaderOf(std::move(row.fields), targets);
      return true;
    }
    CheckRow(header->names.size(), row);
    return take(*header, std::move(row));
  };
  ForEachCsvRow(bytes, take_row, *delimiter);
  return absl::OkStatus();
}

}  // namespace council::csv
