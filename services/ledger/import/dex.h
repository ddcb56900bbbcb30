// Reads when people were last seen from Dex's export in CSV (libs/exports/dex_export.h).
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_DEX_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_DEX_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/ledger/import/file_times.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

// A record for each who was seen, on the day when they were last: so a later export with another day adds a record, and
// the earlier one stays. It says no more than that. People are known by their profile at LinkedIn or Dex's id (the UID
// of their card), then by e-mail address, then by name. A row that cannot be read is reported by line and reason and
// stops nothing; what is to come is left out.
//
// Fails as exports::ForEachDexPerson does, and with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where there are more than
// 100,000 rows, and with DEADLINE_EXCEEDED.
absl::StatusOr<ImportedFile> ReadDex(const std::string& bytes, const FileTimes& times);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_DEX_H_
