// The rules of an append, apart from any engine: what becomes of the drafts, given what was read.
#ifndef COUNCIL_SERVICES_LEDGER_APPEND_PLAN_H_
#define COUNCIL_SERVICES_LEDGER_APPEND_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/ledger/append_rows.h"
#include "services/ledger/prepared_draft.h"
#include "services/ledger/row_codec.h"
#include "services/ledger/staged.h"

namespace council::ledger {

// Whether `entry` tells of something that happened, as a retraction does not.
bool TellsSomething(const v1::Interaction& entry);

// What `jobs`, all of one owner, surely need to be planned.
AppendNeeds NeedsOf(std::span<const AppendJob* const> jobs);

// The places of `jobs` by owner: owners in the order of their hashes, and each one's jobs in theirs.
std::vector<std::vector<std::size_t>> ByOwner(std::span<const AppendJob* const> jobs);

// Appends the jobs of one owner one after the other in memory, each seeing what those before it did; one that fails
// leaves nothing behind. Some of what is needed shows only in what was read (the contacts of an entry that is
// corrected): then `missing` says what to read in addition, and a new plan is made from all that was read. Three rounds
// suffice, mostly one.
//
//   AppendReads reads; … read NeedsOf(jobs) …
//   for (;;) {
//     AppendPlan plan(codec, reads);
//     for (const AppendJob* job : jobs) answers.push_back(plan.Append(*job));
//     if (plan.missing().empty()) return plan.Rows();
//     … read plan.missing() …
//   }
class AppendPlan {
 public:
  // Both, and the jobs, must outlive the plan and its rows.
  AppendPlan(const RowCodec& codec, const AppendReads& reads);

  // As LedgerStore::Append, or as Continue where the job has a place. Worth nothing where rows are missing.
  absl::StatusOr<Appended> Append(const AppendJob& job);

  // What must be read in addition.
  const AppendNeeds& missing() const { return missing_; }

  // What to write; nothing where no job wrote anything. Fails where something cannot be sealed.
  absl::StatusOr<std::optional<AppendRows>> Rows() const;

 private:
  struct NewEntry {
    v1::Interaction entry;
    std::int64_t revision = 0;
    const PreparedDraft* prepared = nullptr;
  };
  struct TieState {
    v1::Tie tie;
    std::map<std::int64_t, v1::TieDay> days;  // Those that changed.
    bool rebuild = false;                     // From the entries, in the end; the rest means nothing.
  };

  // Stands for an answer that needs what is missing; never seen by a caller.
  static absl::Status NotReadYet();

  absl::StatusOr<Appended> AppendAll(const AppendJob& job);
  absl::StatusOr<v1::Interaction> AppendOne(const PreparedDraft& prepared, absl::Time now);
  void Keep();
  void Drop();

  // The entry of an earlier request with the same id; nothing where there is none.
  absl::StatusOr<std::optional<v1::Interaction>> FindRepeated(const PreparedDraft& prepared);
  absl::StatusOr<v1::Interaction> EntryAt(std::int64_t sequence);
  // With what corrects it by now.
  v1::Interaction AsItStands(v1::Interaction entry) const;

  // Marks the entry that the draft corrects, and returns it as it was.
  absl::StatusOr<v1::Interaction> MarkCorrected(std::int64_t corrects, std::int64_t correction);
  absl::StatusOr<std::optional<PromiseState>> FindPromise(const std::string& promise);
  // What the corrected entry promised is promised by its correction where that says so again, and what it ended is
  // open.
  absl::Status UndoPromises(const PreparedDraft& prepared, const v1::Interaction& corrected);
  absl::Status OpenPromises(const PreparedDraft& prepared, std::int64_t sequence);
  absl::Status ClosePromises(const PreparedDraft& prepared, std::int64_t sequence);
  // ABORTED where the draft brings back contacts who were erased.
  absl::Status CheckErasures(const PreparedDraft& prepared);
  absl::Status ChangeEvent(const PreparedDraft& prepared, std::int64_t sequence);
  // Makes `sequence` the event's entry. ABORTED where that was not `expected` before.
  absl::Status SetEvent(const PreparedEvent& row, std::int64_t expected, std::int64_t sequence);

  bool IsUpcoming(std::int64_t sequence) const;
  // Folds what has become due since it was appended.
  absl::Status FoldDue(absl::Time now);
  // Brings the summaries up to date with a new entry.
  absl::Status Summarize(const v1::Interaction& entry, const v1::Interaction* corrected, absl::Time now);
  absl::Status Fold(const v1::Interaction& entry, const std::string& contact_id);
  absl::Status Rebuild(const std::string& contact);
  // The tie as it stands, to be changed.
  absl::StatusOr<TieState*> ChangeTie(const std::string& contact_id);
  v1::Tie Rebuilt(const std::string& contact) const;

  const RowCodec& codec_;
  const AppendReads& reads_;
  const absl::Status head_;  // Whether the ledger's head is the service's own.
  AppendNeeds missing_;

  // As the jobs that succeeded left it, and the one that is under way.
  LedgerState kept_state_;
  LedgerState state_;
  std::size_t kept_entries_ = 0;
  std::vector<NewEntry> entries_;
  Staged<std::string, std::int64_t> requests_;
  Staged<std::int64_t, std::int64_t> corrected_;
  Staged<std::int64_t, bool> upcoming_;
  Staged<std::string, std::optional<PromiseState>> promises_;
  Staged<std::string, AppendRows::Event> events_;
  Staged<std::string, TieState> ties_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_APPEND_PLAN_H_
