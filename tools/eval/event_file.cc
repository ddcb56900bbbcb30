#include "tools/eval/event_file.h"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"

namespace council::eval {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": can't be read"));
  return std::move(text).str();
}

// A field of a row, for errors that name its place.
struct Field {
  absl::string_view path;
  int line;
  absl::string_view column;
  absl::string_view text;

  absl::Status Wrong(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", column, ": ", what));
  }
  absl::StatusOr<std::int64_t> Integer() const {
    std::int64_t value = 0;
    if (!absl::SimpleAtoi(text, &value)) return Wrong(absl::StrCat("\"", text, "\" is not a whole number"));
    return value;
  }
  absl::StatusOr<int> Name(Names& names) const {
    if (text.empty()) return Wrong("is empty");
    return names.NumberOf(text);
  }
};

// Gives the fields of `columns`, in their order, of each row of the file.
absl::Status ForEachRow(const std::string& path, const std::vector<absl::string_view>& columns,
                        absl::FunctionRef<absl::Status(const std::vector<Field>&)> take) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  std::vector<std::size_t> places;
  std::vector<Field> fields(columns.size());
  absl::Status status;
  const auto take_header = [&](const csv::CsvRow& row) -> absl::Status {
    for (const absl::string_view column : columns) {
      const auto at = std::find_if(row.fields.begin(), row.fields.end(), [&](const std::string& field) {
        return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(field), column);
      });
      if (at == row.fields.end()) {
        return absl::InvalidArgumentError(absl::StrCat(path, ":", row.line, ": the header has no column ", column));
      }
      places.push_back(static_cast<std::size_t>(at - row.fields.begin()));
    }
    return absl::OkStatus();
  };
  const auto take_row = [&](const csv::CsvRow& row) -> absl::Status {
    if (!row.broken.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ":", row.line, ": ", row.broken));
    if (places.empty()) return take_header(row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      fields[i] = {.path = path, .line = row.line, .column = columns[i], .text = ""};
      if (places[i] >= row.fields.size()) return fields[i].Wrong("is missing");
      fields[i].text = absl::StripAsciiWhitespace(row.fields[places[i]]);
    }
    return take(fields);
  };
  csv::ForEachCsvRow(absl::StripPrefix(bytes, "\xEF\xBB\xBF"), [&](const csv::CsvRow& row) {
    status = take_row(row);
    return status.ok();
  });
  COUNCIL_RETURN_IF_ERROR(status);
  if (places.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ": has no header"));
  return absl::OkStatus();
}

absl::StatusOr<Pair> PairFrom(const Field& ego, const Field& alter, Names& names) {
  Pair pair = {.ego = std::string(ego.text), .alter = std::string(alter.text)};
  COUNCIL_ASSIGN_OR_RETURN(pair.ego_number, ego.Name(names));
  COUNCIL_ASSIGN_OR_RETURN(pair.alter_number, alter.Name(names));
  return pair;
}

}  // namespace

int Names::NumberOf(absl::string_view name) {
  return numbers_.try_emplace(name, static_cast<int>(numbers_.size())).first->second;
}

absl::StatusOr<std::vector<Event>> ReadEvents(const std::string& path, std::int64_t as_of, Names& names) {
  std::vector<Event> events;
  COUNCIL_RETURN_IF_ERROR(ForEachRow(path, {"from", "to", "unix_seconds"}, [&](const std::vector<Field>& row) {
    Event event;
    COUNCIL_ASSIGN_OR_RETURN(event.from, row[0].Name(names));
    COUNCIL_ASSIGN_OR_RETURN(event.to, row[1].Name(names));
    COUNCIL_ASSIGN_OR_RETURN(event.seconds, row[2].Integer());
    if (event.seconds <= as_of && event.from != event.to) events.push_back(event);
    return absl::OkStatus();
  }));
  std::sort(events.begin(), events.end());
  events.erase(std::unique(events.begin(), events.end()), events.end());
  return events;
}

absl::StatusOr<std::vector<Pair>> ReadPairs(const std::string& path, Names& names) {
  std::vector<Pair> pairs;
  COUNCIL_RETURN_IF_ERROR(ForEachRow(path, {"ego", "alter"}, [&](const std::vector<Field>& row) {
    COUNCIL_ASSIGN_OR_RETURN(Pair pair, PairFrom(row[0], row[1], names));
    pairs.push_back(std::move(pair));
    return absl::OkStatus();
  }));
  return pairs;
}

absl::StatusOr<std::vector<Pair>> ReadLabels(const std::string& path, Names& names) {
  std::vector<Pair> pairs;
  COUNCIL_RETURN_IF_ERROR(ForEachRow(path, {"ego", "alter", "alive"}, [&](const std::vector<Field>& row) {
    COUNCIL_ASSIGN_OR_RETURN(Pair pair, PairFrom(row[0], row[1], names));
    if (row[2].text != "0" && row[2].text != "1") return row[2].Wrong("must be 0 or 1");
    pair.alive = row[2].text == "1";
    pairs.push_back(std::move(pair));
    return absl::OkStatus();
  }));
  return pairs;
}

absl::StatusOr<std::int64_t> ReadSeconds(const std::string& path) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const Field field = {.path = path, .line = 1, .column = "unix_seconds", .text = absl::StripAsciiWhitespace(text)};
  return field.Integer();
}

}  // namespace council::eval
