// Reads what happened from notes about one person in Markdown (libs/markdown/person_notes.h).
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_MARKDOWN_NOTES_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_MARKDOWN_NOTES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/ledger/import/imported_file.h"

namespace council::ledger {

struct MarkdownOptions {
  std::string file_name;                           // Without its folder.
  absl::TimeZone time_zone = absl::UTCTimeZone();  // Of the days.
  absl::Time now;
};

// A record for each date of the file, at noon of its day, with the text behind the date as its note. The person is
// looked for by the uid, the e-mail addresses and the name that the notes say, in this order. A note of more than 4,000
// characters is cut, and a date that can't be taken passed over with its text; both are reported by line and reason.
// Days to come are left out.
//
// A record is known by its person, its day, and which of the day's it is in the file: so an edited paragraph corrects
// its entry, and of two of one day the second stays the second when another day's are added. A person is known by the
// uid in the notes, else by the name, and not by an e-mail address, so that writing down an address doubles nothing.
// The file says all that there is of its person: a paragraph that is gone is taken back, and so is one whose date was
// changed, which comes as another. Only where a file has no dates at all, as one that was not copied whole, or one that
// can't be taken, is nothing taken back. Notes about one person in two files would take back each other's: one file is
// one person's.
//
// Fails with INVALID_ARGUMENT where the front matter can't be read, and where neither notes nor file name say whom they
// are about; with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where there are more than 100,000 dates.
absl::StatusOr<ImportedFile> ReadMarkdownNotes(const std::string& bytes, const MarkdownOptions& options);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_MARKDOWN_NOTES_H_
