// Takes back what an import wrote: new entries are retracted, corrections and retractions give way to what stood
// before.
#ifndef COUNCIL_SERVICES_LEDGER_INTERACTION_UNDO_H_
#define COUNCIL_SERVICES_LEDGER_INTERACTION_UNDO_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/base/owner.h"
#include "services/ledger/ledger.h"

namespace council::ledger {

// So many imports can be undone, each for so long.
inline constexpr std::size_t kKeptImports = 10;
inline constexpr absl::Duration kImportsKept = absl::Hours(90 * 24);

// Forgets imports that are too old, and all but the newest `most`.
absl::Status PruneImports(Ledger& ledger, const base::Owner& owner, absl::Time deadline, std::size_t most);

// The import of this id, if it can be undone. IMPORT_NOT_FOUND.
absl::StatusOr<KeptImport> FindImport(Ledger& ledger, const base::Owner& owner, absl::Time deadline,
                                      const std::string& id);

// One import that is undone, what it wrote last first. An entry is taken back if it, or what brought it back when a
// later import was undone, stands and is whole: what was corrected since, or erased in part, stays, as does what a
// later import of its event went on from. Plans that the import changed or removed do not come back: the next import of
// the calendar brings them.
//
// An event that the import brought is withdrawn then, and without attendees, so that the next import brings it anew and
// looks them up; another one is what it was before, an entry that had become another recurrence the former one again.
class InteractionUndo {
 public:
  // `ledger` must outlive this.
  InteractionUndo(Ledger& ledger, base::Owner owner, absl::Time deadline)
      : ledger_(ledger), owner_(std::move(owner)), deadline_(deadline) {}

  // Returns what was taken back, without a token. Writes some hundred entries at a time; fails with DEADLINE_EXCEEDED
  // between two of these, and goes on there when repeated. What an earlier call took back counts as if this one did.
  // IMPORT_NOT_FOUND.
  absl::StatusOr<v1::UndoImportResponse> Run(const std::string& import_id);

 private:
  using Promises = std::map<std::string, PromiseRow>;  // By id.
  // What some of an import's entries come to.
  struct Chunk {
    std::vector<NewEntry> entries;
    // Once they were needed: all recurrences by uid, then by recurrence id.
    std::map<std::string, std::map<std::string, EventRecord>> events;
    std::optional<Promises> promises;
    v1::UndoImportResponse counts;
  };

  absl::Status UndoEntries(std::span<ImportPart::Entry> entries);
  static absl::Status PlanEntry(LedgerReader& reader, const ImportPart::Entry& imported, Chunk& chunk);
  // The event as it is; null where there is none.
  static absl::StatusOr<const EventRecord*> EventOf(LedgerReader& reader, const std::string& uid,
                                                    const std::string& recurrence_id, Chunk& chunk);
  // What `before` says, to be written in place of `standing`.
  static absl::StatusOr<NewEntry> Restored(LedgerReader& reader, const v1::Interaction& before,
                                           const v1::Interaction& standing, Chunk& chunk);

  Ledger& ledger_;
  const base::Owner owner_;
  const absl::Time deadline_;
  v1::UndoImportResponse response_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_INTERACTION_UNDO_H_
