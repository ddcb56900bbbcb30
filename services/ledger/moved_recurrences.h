// Which recurrences of a calendar's series are new, and which are known by another time.
#ifndef COUNCIL_SERVICES_LEDGER_MOVED_RECURRENCES_H_
#define COUNCIL_SERVICES_LEDGER_MOVED_RECURRENCES_H_

#include <map>
#include <set>
#include <span>
#include <string>

#include "absl/time/time.h"
#include "services/ledger/import/imported_file.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// A recurrence is named by its time, so that those of a series that was moved as a whole all have other names. Returns,
// by the new recurrence_id, what each of `happened` was in `events` if it is one of those that the file does not name
// any more: the one of the same day, else in order one that is nearer than the series' recurrences are to each other.
//
// `happened`, `coming` and `withdrawn` (by recurrence_id) are all that the file says of the series, `events` all that
// is known of it. Days are those of `zone`. The result points into `events`.
std::map<std::string, const EventRecord*> FindMoved(std::span<const ImportedRecord* const> happened,
                                                    std::span<const ImportedRecord* const> coming,
                                                    const std::set<std::string>& withdrawn,
                                                    std::span<const EventRecord> events, absl::TimeZone zone);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_MOVED_RECURRENCES_H_
