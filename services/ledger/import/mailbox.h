// Reads who wrote to whom from the headers of mail (mbox).
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_MAILBOX_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_MAILBOX_H_

#include <cstddef>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "services/ledger/import/file_times.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

// What an entry from mail names as its source.
inline constexpr char kMailSource[] = "mail";

// A file with more messages is not taken.
inline constexpr std::size_t kMaxMessages = 500'000;

// A record for each day and each set of people whom the owner wrote to or heard from: by EMAIL, at noon, without a
// note. It is the same however many messages were exchanged, in whichever files they are; so files may be imported in
// any order, again, and grown. What the owner sent is with all its receivers, so that it says the less of each the more
// they are; what they received is with its sender, and an EXCHANGE where others received it too.
//
// Left out, and counted by reason, are messages of lists and programs, those to more than eight, to the owner alone, of
// no address of theirs, without a date, or of a day to come. `own_emails` are in lower case. Neither subjects nor
// bodies are looked at, if the file has any.
//
// Fails with INVALID_ARGUMENT where the bytes are no mbox, and with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where there are
// more than 500,000 messages or 100,000 records, and with DEADLINE_EXCEEDED.
absl::StatusOr<ImportedFile> ReadMailbox(const std::string& bytes, const std::set<std::string>& own_emails,
                                         const FileTimes& times);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_MAILBOX_H_
