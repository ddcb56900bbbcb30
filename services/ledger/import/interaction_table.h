// Reads tables of interactions (CSV).
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_INTERACTION_TABLE_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_INTERACTION_TABLE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

struct TableOptions {
  absl::TimeZone time_zone = absl::UTCTimeZone();  // Of days and times that name none.
  absl::Time now;
};

// The rows of a table with a header line. Columns, in any order, their names in any case:
//
//   date | occur_time   YYYY-MM-DD (taken as noon), with or without a time of day; or RFC 3339. Required.
//   contact             an e-mail address or a contact's id, several parted by ";". Required.
//   channel, depth      words of the contract, as in "video", "in person", "counsel"
//   domains             parted by ";"
//   energy              -2 to 2
//   duration_minutes    whole minutes
//   given, received     kinds of benefit parted by ";", each with a weight where wanted: "advice:3;introduction"
//   note                free text
//
// A row has its own digest and its ordinal among equal rows for an id, so that a table which grew adds only what is
// new. One that cannot be read is reported by line and reason and stops nothing. Fails with INVALID_ARGUMENT where the
// required columns are missing, and with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where there are more than 100,000 rows.
absl::StatusOr<ImportedFile> ReadInteractionTable(const std::string& bytes, const TableOptions& options);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_INTERACTION_TABLE_H_
