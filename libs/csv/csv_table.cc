#include "libs/csv/csv_table.h"

#include <csv.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/csv/lines.h"

namespace council::csv {
namespace {

// A longer line is no row. A row of several lines that is longer has a quote that is not closed: notes of an address
// book stay far below.
constexpr size_t kLongestRow = 256 << 10;
constexpr int kMostLinesInRow = 2000;
// Each row that is given up is read twice; a file with more of them is no CSV.
constexpr int kMostBrokenRows = 100;

// libcsv's parser, without its habit of trimming fields.
class Parser {
 public:
  explicit Parser(char delimiter) {
    csv_init(&parser_, 0);
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });
  }
  ~Parser() { csv_free(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // Rows that ended within `bytes` are added to `rows`.
  void Feed(absl::string_view bytes) { csv_parse(&parser_, bytes.data(), bytes.size(), &OnField, &OnRow, this); }
  // False where a quoted field is still open.
  bool Finish() {
    // Strict from here on only: within rows a stray quote is text.
    csv_set_opts(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    return csv_fini(&parser_, &OnField, &OnRow, this) == 0;
  }

  std::vector<std::vector<std::string>> rows;

 private:
  static void OnField(void* text, size_t length, void* self) {
    static_cast<Parser*>(self)->fields_.emplace_back(static_cast<const char*>(text), length);
  }
  static void OnRow(int, void* self) {
    auto* parser = static_cast<Parser*>(self);
    parser->rows.push_back(std::exchange(parser->fields_, {}));
  }

  csv_parser parser_;
  std::vector<std::string> fields_;
};

// Where reading stopped.
struct Stop {
  enum Kind { kEnd, kWanted, kBrokenRow, kLongLine } kind = kEnd;
  int line = 0;        // of the broken row
  size_t next_at = 0;  // offset of the line after it
};

// Reads rows of `bytes`, whose first line is `first_line`, until the end or the first broken row.
Stop ReadRows(absl::string_view bytes, char delimiter, int first_line, absl::FunctionRef<bool(CsvRow)> take) {
  Parser parser(delimiter);
  Stop stop;
  int row_line = first_line;    // first line of the row being read
  size_t row_at = 0;            // its offset
  size_t after_first_line = 0;  // offset of the line after that
  bool open = false;            // a row goes on over several lines
  size_t offset = 0;
  ForEachLine(bytes, [&](absl::string_view, absl::string_view with_end, int number) {
    const int line = first_line + number - 1;
    if (!open) {
      row_line = line;
      row_at = offset;
      after_first_line = offset + with_end.size();
    }
    if (with_end.size() > kLongestRow) {
      if (open) {
        stop = {Stop::kBrokenRow, row_line, after_first_line};
      } else {
        stop = {Stop::kLongLine, line, offset + with_end.size()};
      }
      return false;
    }
    parser.Feed(with_end);
    offset += with_end.size();
    for (auto& fields : parser.rows) {
      if (!take({row_line, std::move(fields), ""})) {
        stop.kind = Stop::kWanted;
        return false;
      }
    }
    open = parser.rows.empty();
    parser.rows.clear();
    if (open && (offset - row_at > kLongestRow || line - row_line >= kMostLinesInRow)) {
      stop = {Stop::kBrokenRow, row_line, after_first_line};
      return false;
    }
    return true;
  });
  if (stop.kind != Stop::kEnd) return stop;
  if (!parser.Finish()) return {Stop::kBrokenRow, row_line, after_first_line};
  for (auto& fields : parser.rows) {
    if (!take({row_line, std::move(fields), ""})) return {Stop::kWanted};
  }
  return stop;
}

}  // namespace

void ForEachCsvRow(absl::string_view bytes, absl::FunctionRef<bool(CsvRow)> take, char delimiter) {
  int first_line = 1;
  for (int broken = 0;; ++broken) {
    const Stop stop = ReadRows(bytes, delimiter, first_line, take);
    if (stop.kind == Stop::kEnd || stop.kind == Stop::kWanted) return;
    const bool give_up = broken == kMostBrokenRows;
    const char* const why = give_up                        ? "too many rows that can't be read: reading ends here"
                            : stop.kind == Stop::kLongLine ? "the line is longer than 256 KiB"
                                                           : "a quote is opened and not closed";
    if (!take({stop.line, {}, why}) || give_up) return;
    bytes.remove_prefix(stop.next_at);
    first_line = stop.line + 1;
  }
}

void CheckRow(std::size_t columns, CsvRow& row) {
  if (!row.broken.empty()) return;
  if (std::ranges::all_of(row.fields,
                          [](const std::string& field) { return absl::StripAsciiWhitespace(field).empty(); })) {
    row.broken = "the row is empty";
  } else if (row.fields.size() > columns) {
    row.broken = absl::StrCat("the row has ", row.fields.size(), " fields, the header ", columns);
  }
}

}  // namespace council::csv
