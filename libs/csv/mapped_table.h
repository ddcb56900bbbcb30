#ifndef COUNCIL_LIBS_CSV_MAPPED_TABLE_H_
#define COUNCIL_LIBS_CSV_MAPPED_TABLE_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"

// Tables of any program, of which the caller says what goes where.
namespace council::csv {

// What a column goes to, by its header: the request's `options.columns`.
using ColumnTargets = std::map<std::string, std::string>;

// The path of one of them in the request, for what is wrong with it.
std::string ColumnPath(absl::string_view header);

// The form in which headers are compared: without case and white space at the ends.
std::string HeaderKey(absl::string_view header);

// Adds a violation for each header that is named twice, or where there are more than two hundred.
void ValidateHeaders(const ColumnTargets& targets, base::FieldViolations& violations);

// The first row of a table.
struct MappedHeader {
  struct Column {
    std::size_t index = 0;
    std::string target;
  };
  std::vector<std::string> names;
  // Those that go somewhere, from the left.
  std::vector<Column> columns;
};

// Gives each row of the table `bytes` in UTF-8, but the header, to `take`, in order, until it returns false. The header
// is the first row, of the first twenty, that has all of `targets`; fields are parted by whichever of comma, semicolon
// and tab makes it one. A row that has more fields than the header is broken, and so is an empty one.
// Fails with INVALID_ARGUMENT where there is no such header, naming each column that is missing and those that there
// are.
absl::Status ForEachMappedRow(absl::string_view bytes, const ColumnTargets& targets,
                              absl::FunctionRef<bool(const MappedHeader& header, CsvRow row)> take);

}  // namespace council::csv

#endif  // COUNCIL_LIBS_CSV_MAPPED_TABLE_H_
