// Writing a whole ledger that comes from another storage.
#ifndef COUNCIL_SERVICES_LEDGER_OWNER_IMPORT_H_
#define COUNCIL_SERVICES_LEDGER_OWNER_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "council/ledger/v1/owner_state.pb.h"
#include "libs/base/owner.h"
#include "services/ledger/ledger.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// Takes the records of a ledger, each after ImportedLedger has let it pass, and appends those entries that the owner
// does not have yet, with their own hashes. Every beginning of a chain is a chain: an import that was interrupted left
// the first entries, and the same records again go on behind them.
//
// FAILED_PRECONDITION (STATE_NOT_EMPTY) where the owner has any other entry or plan; else fails as LedgerStore does,
// with UNAVAILABLE where somebody else writes for the owner meanwhile.
class OwnerImport {
 public:
  // `ledger` must outlive this. With `dry_run` nothing is written.
  OwnerImport(Ledger& ledger, const base::Owner& owner, absl::Time deadline, bool dry_run)
      : ledger_(ledger), owner_(owner), deadline_(deadline), dry_run_(dry_run) {}

  absl::Status Take(const v1::OwnerStateRecord& record);
  // Writes what is left.
  absl::Status Finish();

  // Records written, or that would be, and those that were there.
  std::int64_t imported() const { return imported_; }
  std::int64_t unchanged() const { return unchanged_; }

 private:
  // Looks at what the owner has.
  absl::Status Begin(const v1::OwnerStateStart& start);
  absl::Status TakeEntry(const v1::KeptEntry& kept);
  absl::Status AppendDrafts();
  absl::Status WritePlans();

  Ledger& ledger_;
  const base::Owner owner_;
  const absl::Time deadline_;
  const bool dry_run_;
  ChainPlace present_;  // Where the owner's chain ends; without entries as the file says.
  bool grown_ = false;  // The owner has all entries, and more.
  std::vector<v1::Plan> present_plans_;
  ChainPlace place_;  // Where the drafts go on.
  std::vector<Draft> drafts_;
  std::string last_hash_;  // Of the last draft.
  std::vector<v1::Plan> plans_;
  std::int64_t imported_ = 0;
  std::int64_t unchanged_ = 0;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_OWNER_IMPORT_H_
