// Takes what a file says into the ledger: new records become entries, changed ones corrections, vanished ones
// retractions.
#ifndef COUNCIL_SERVICES_LEDGER_INTERACTION_IMPORT_H_
#define COUNCIL_SERVICES_LEDGER_INTERACTION_IMPORT_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/base/owner.h"
#include "services/ledger/import/imported_file.h"
#include "services/ledger/ledger.h"

namespace council::ledger {

struct ImportSettings {
  std::map<std::string, std::string> people;  // Contact ids by e-mail address in lower case.
  bool dry_run = false;
  absl::Time deadline = absl::InfiniteFuture();
};

// One import of one file. A record is found again by its uid and recurrence id, so the same file twice changes nothing,
// and an import that broke off is finished by the next. What the owner changed in an imported entry stays: a correction
// takes from the file only what changed there. An entry that the owner took back stays so.
class InteractionImport {
 public:
  // `ledger` must outlive this.
  InteractionImport(Ledger& ledger, base::Owner owner, ImportSettings settings)
      : ledger_(ledger), owner_(std::move(owner)), settings_(std::move(settings)) {}

  // Returns what happened, or with dry_run what would; without a token. Writes some hundred entries at a time; fails
  // with DEADLINE_EXCEEDED between two of these.
  absl::StatusOr<v1::ImportInteractionsResponse> Run(const ImportedFile& file);

 private:
  // All records of one uid.
  struct Group {
    std::string uid;
    std::vector<const ImportedRecord*> records;
    std::set<std::string> withdrawn;
    bool complete = false;
  };
  // What a chunk of groups comes to.
  struct Plan {
    std::vector<NewEntry> entries;
    v1::ImportInteractionsResponse counts;
  };

  absl::Status TakeChunk(std::span<const Group> groups);
  absl::Status PlanGroup(LedgerReader& reader, const Group& group, Plan& plan) const;
  absl::Status PlanRecord(LedgerReader& reader, const ImportedRecord& record, const EventRecord* known,
                          Plan& plan) const;
  absl::Status PlanWithdrawal(LedgerReader& reader, const EventRecord& known, Plan& plan) const;
  absl::Status TakePlans(const ImportedFile& file);
  void CountUnknown(const ImportedFile& file);

  Ledger& ledger_;
  const base::Owner owner_;
  const ImportSettings settings_;
  v1::ImportInteractionsResponse response_;
};

// Three versions of a record's content: as it was imported (`base`), as the ledger has it now (`mine`) and as the file
// says it now (`theirs`). What the file did not change stays mine.
v1::Interaction MergeImported(const v1::Interaction& base, const v1::Interaction& mine, const v1::Interaction& theirs);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_INTERACTION_IMPORT_H_
