// Reads tables of interactions (CSV).
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_INTERACTION_TABLE_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_INTERACTION_TABLE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/csv/mapped_table.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

struct TableOptions {
  absl::TimeZone time_zone = absl::UTCTimeZone();  // Of days and times that name none.
  absl::Time now;
  csv::ColumnTargets columns = {};  // Which of the columns below one of another name is, by its header.
};

// The rows of a table with a header line. Columns, in any order, their names in any case:
//
//   date | occur_time   a day as libs/text/written_day.h reads it (taken as noon), with or without a time of day; or
//                       RFC 3339. Required.
//   contact             an e-mail address or a contact's id, several parted by ";". Required.
//   channel, depth      words of the contract, as in "video", "in person", "counsel"
//   domains             parted by ";"
//   energy              -2 to 2
//   duration_minutes    whole minutes
//   given, received     kinds of benefit parted by ";", each with a weight where wanted: "advice:3;introduction"
//   note                free text
//
// A row has its own digest and its ordinal among equal rows for an id, so that a table which grew adds only what is
// new. One that cannot be read is reported by line and reason and stops nothing.
//
// Where `columns` are named, the table is anybody's, an address book with the day of the last talk for example. Then
// they are found as csv::ForEachMappedRow finds them; of the others only date and contact count by their own names, and
// only where none is named for them. Several columns may go to contact: they name one person, by the first of them,
// from the left, that is known. A row without a date is left out. A row is known by its person, as the first column
// that is filled names them, and by its time, so that a new day of a last talk is another talk.
//
// Fails with INVALID_ARGUMENT where required columns are missing, or columns are named that there are not, and with
// RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where there are more than 100,000 rows.
absl::StatusOr<ImportedFile> ReadInteractionTable(const std::string& bytes, const TableOptions& options);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_INTERACTION_TABLE_H_
