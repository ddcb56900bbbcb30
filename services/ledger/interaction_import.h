// Takes what a file says into the ledger: new records become entries, changed ones corrections, vanished ones
// retractions.
#ifndef COUNCIL_SERVICES_LEDGER_INTERACTION_IMPORT_H_
#define COUNCIL_SERVICES_LEDGER_INTERACTION_IMPORT_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
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
  // Contact ids by e-mail address, name and UID, in lower case.
  std::map<std::string, std::string> people;
  // Names that several contacts have: nobody is meant by them.
  std::set<std::string> shared_names;
  absl::TimeZone time_zone = absl::UTCTimeZone();  // Of the owner's days.
  bool dry_run = false;
  std::string import_id;  // Of the import that this file continues; empty: none.
  absl::Time deadline = absl::InfiniteFuture();
};

// One import of one file. A record is found again by its uid and recurrence id, so the same file twice changes nothing,
// and an import that broke off is finished by the next. What the owner changed in an imported entry stays: a correction
// takes from the file only what changed there. An entry that the owner took back stays so, unless the event was put off
// since. An entry whose event is gone, or has no contact any more, is taken back unless the owner says more of it than
// the file did. A series that was moved as a whole keeps its entries.
class InteractionImport {
 public:
  // `ledger` must outlive this.
  InteractionImport(Ledger& ledger, base::Owner owner, ImportSettings settings)
      : ledger_(ledger), owner_(std::move(owner)), settings_(std::move(settings)) {}

  // Returns what happened, or with dry_run what would; without a token. Writes some hundred entries at a time; fails
  // with DEADLINE_EXCEEDED between two of these. IMPORT_NOT_FOUND where the import to continue can't be undone any
  // more.
  absl::StatusOr<v1::ImportInteractionsResponse> Run(const ImportedFile& file);

 private:
  using EventId = std::pair<std::string, std::string>;  // Uid and recurrence id.
  // All records of one uid.
  struct Group {
    std::string uid;
    std::vector<const ImportedRecord*> records;  // What happened.
    std::vector<const ImportedRecord*> coming;
    std::set<std::string> withdrawn;
    bool complete = false;
  };
  // What a chunk of groups comes to.
  struct Plan {
    std::vector<NewEntry> entries;
    ImportPart undo;                        // One for each of `entries`.
    v1::ImportInteractionsResponse counts;  // Of what is no entry.
  };

  absl::Status TakeChunk(std::span<const Group> groups);
  // The contacts who took part, by address: those of the last import as they were, the others as they are known now,
  // without who was erased.
  std::map<std::string, std::string> AttendeesOf(const ImportedRecord& record, const EventRecord* known) const;
  // Writes the entries of a plan some hundred at a time, and counts them. `standing` grows by those of them that the
  // same plan made anew would find unchanged.
  absl::Status Write(Plan plan, int& standing);
  absl::Status PlanGroup(LedgerReader& reader, const Group& group, Plan& plan) const;
  // `own`: the event that is known by the record's ids, and `former`: the recurrence that it was before its series was
  // moved; null where there is none.
  absl::Status PlanRecord(LedgerReader& reader, const ImportedRecord& record, const EventRecord* own,
                          const EventRecord* former, Plan& plan) const;
  // Takes back the entry of an event that the file tells no more of, unless the owner says more of it.
  absl::Status PlanWithdrawal(LedgerReader& reader, const EventRecord& known, Plan& plan) const;
  void Withdraw(const v1::Interaction& latest, const EventRecord& known, Plan& plan) const;
  // Adds an entry of an event to the plan. `known`: the event as it was.
  void Add(NewEntry entry, const EventRecord* known, Plan& plan) const;
  absl::Status TakePlans(const ImportedFile& file);
  // Gives ids to plans that are new, of events other than those `planned`, and keeps these.
  absl::Status KeepPlans(const std::set<EventId>& planned, std::map<std::string, LedgerStore::EventPlans>& events);
  // Keeps what is about to be written, for undoing it. What an import writes is known by ids made beforehand, so that
  // no append need know of imports: one that fails or is broken off in between leaves ids of entries that are not
  // there, which undoing passes over.
  absl::Status Keep(const ImportPart& part);
  absl::Status FinishKeeping();
  // Whom the file names by other keys than the settings know.
  void FindPeople(const ImportedFile& file);
  void CountUnknown(const ImportedFile& file);

  Ledger& ledger_;
  const base::Owner owner_;
  const ImportSettings settings_;
  std::map<std::string, std::string> people_;  // Those of the settings, and those found in the file.
  std::set<std::string> unclear_;              // Whom the file names as several contacts are named.
  std::set<std::string> erased_;               // Contacts; the settings may be older.
  v1::ImportInteractionsResponse response_;
  absl::Time began_;
  std::string import_id_;   // Once something was kept, of this file or an earlier one.
  std::int64_t parts_ = 0;  // Numbers that are taken: by this call, or by others that continue the import.
  bool written_ = false;    // Whether the import has done anything.
};

// Three versions of a record's content: as it was imported (`base`), as the ledger has it now (`mine`) and as the file
// says it now (`theirs`). What the file did not change stays mine, and so do a note and a depth that the owner changed.
v1::Interaction MergeImported(const v1::Interaction& base, const v1::Interaction& mine, const v1::Interaction& theirs);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_INTERACTION_IMPORT_H_
