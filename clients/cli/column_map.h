#ifndef COUNCIL_CLIENTS_CLI_COLUMN_MAP_H_
#define COUNCIL_CLIENTS_CLI_COLUMN_MAP_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace council::cli {

// Which column of a table is what, by its header, for each of the two services that take a part of it.
struct ColumnMap {
  // ImportContactsOptions.columns. Empty: no table is described.
  std::map<std::string, std::string> contacts;
  // ImportInteractionsOptions.columns. Empty: no column says when somebody was last met.
  std::map<std::string, std::string> interactions;
};

// Reads "HEADER=FIELD" texts, parted at the last "=" of each. Fields are those of ImportContactsOptions.columns, which
// the service checks, and `touch`, the day of the last talk. With it all columns of uid, email and display_name say who
// that talk was with. Fails with INVALID_ARGUMENT where a text is not of that form, a header comes twice, touch comes
// twice or without one of these columns.
absl::StatusOr<ColumnMap> ParseColumnMap(const std::vector<std::string>& texts);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_COLUMN_MAP_H_
