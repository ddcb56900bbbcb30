// What the ledger has of an event that was imported, as imports and plans look at it.
#ifndef COUNCIL_SERVICES_LEDGER_IMPORTED_EVENT_H_
#define COUNCIL_SERVICES_LEDGER_IMPORTED_EVENT_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// What the owner or the import wrote, without what the service gave and what is blank since a contact was erased.
v1::Interaction ContentOf(const v1::Interaction& entry);

// The entry that stands where the entry `sequence` was appended: itself, or the last of its corrections, or what took
// it back. INTERACTION_NOT_FOUND.
absl::StatusOr<EntryRow> LatestOf(LedgerReader& reader, std::int64_t sequence);

// Whether the owner has said of the event more than its file: that the meeting took place (Ledger::ConfirmPlan), or
// anything else that `latest`, the entry that stands for it and is no retraction, does not have from the file.
absl::StatusOr<bool> OwnerSaysMore(LedgerReader& reader, const EventRecord& event, const EntryRow& latest);

// Whether what the owner said of the event is about another meeting than the one that begins at `start`: the event was
// put off after `latest`, the entry that stands for it, had taken it back, or, by a day at least, after the owner had
// said more of it in `latest`.
absl::StatusOr<bool> WasPutOff(LedgerReader& reader, const EventRecord& event, const EntryRow& latest,
                               absl::Time start);

// The answer to a write that failed since somebody else wrote in between: ABORTED without a reason becomes UNAVAILABLE,
// since the same again finds what is there then. Any other status stays.
absl::Status AnswerOfConflict(absl::Status status);

// Does `work`, which reads and then appends, and does it anew where it failed since somebody else wrote in between:
// reading again shows what. After a few times that is the answer.
absl::Status RetryConflicts(absl::FunctionRef<absl::Status()> work);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORTED_EVENT_H_
