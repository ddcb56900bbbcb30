// Reads what happened from Monica's export in JSON (libs/exports/monica_export.h).
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_MONICA_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_MONICA_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/ledger/import/file_times.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

// Monica's calls are by PHONE, its activities IN_PERSON, and its conversations CHAT: the messages of a day with
// somebody are one record. None says how deep it was or how long; an activity of more than eight is an EXCHANGE, as in
// calendars. Notes are what was told, written and summed up, cut to 4,000 characters. Contacts are known by their UUID
// (the UID of their card), then by e-mail address, then by name. A record keeps Monica's UUID, so that one which
// changed is found again; what has none, or no day, is reported and stops nothing. Notes about people are theirs
// (services/contacts/import/monica_reader.h), and what is to come is left out.
//
// Fails as exports::MonicaExport::Parse does, and with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where the file tells of more
// than 100,000 records or half a million who took part (or 128 MiB of their names), and with DEADLINE_EXCEEDED.
absl::StatusOr<ImportedFile> ReadMonica(const std::string& bytes, const FileTimes& times);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_MONICA_H_
