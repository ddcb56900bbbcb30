#ifndef COUNCIL_LIBS_CSV_CSV_TABLE_H_
#define COUNCIL_LIBS_CSV_CSV_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace council::csv {

// One row of a CSV file.
struct CsvRow {
  // First line of the row in the file, from 1.
  int line = 0;
  std::vector<std::string> fields;
  // Why it can't be read; empty where it can.
  std::string broken;
};

// Gives each row of the CSV text `bytes` (RFC 4180, read with libcsv; any line end; empty lines passed over) to `take`,
// in order, until it returns false. A quote that is never closed makes a broken row of its line, and so does a line of
// more than 256 KiB; reading goes on with the next line. Fields are parted by `delimiter`.
void ForEachCsvRow(absl::string_view bytes, absl::FunctionRef<bool(CsvRow)> take, char delimiter = ',');

// Makes a row broken, under a header of `columns` fields, that is empty or has more fields than it.
void CheckRow(std::size_t columns, CsvRow& row);

}  // namespace council::csv

#endif  // COUNCIL_LIBS_CSV_CSV_TABLE_H_
