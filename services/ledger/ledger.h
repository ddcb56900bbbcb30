// The rules of the interaction ledger: what may be written, and what is read from what was.
#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/base/clock.h"
#include "libs/base/owner.h"
#include "libs/base/random.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

class StrengthModels;

// What a read is given: how long it may wait, and the revision that it must have seen.
struct ReadAt {
  absl::Time deadline = absl::InfiniteFuture();
  std::int64_t required_revision = 0;
};

// An entry to be appended, valid as ValidateInteraction says, without what the service gives.
struct NewEntry {
  v1::Interaction content;
  std::string request_id;  // Empty: none.
  std::optional<EventChange> event;
  std::string id{};  // As NewId gives; empty: one is given.
  // Of a request that said something else than `content`; nothing: of that.
  std::optional<RequestDigest> request{};
};

// Where a list of entries goes on: behind this one.
struct EntryPlace {
  std::int64_t occur_micros = 0;
  std::int64_t sequence = 0;
};

struct EntryQuery {
  std::vector<std::string> contact_ids;  // Entries that name any of them; none: all entries.
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();  // Not itself in the period.
  bool include_corrected = false;
  std::optional<EntryPlace> after;
  int limit = 100;
};

struct EntryPage {
  std::vector<v1::Interaction> entries;
  std::optional<EntryPlace> next;  // Nothing at the end.
};

// A contact with the ids of contacts that were merged into it.
struct TieIds {
  std::string contact_id;
  std::vector<std::string> former_ids;
};

struct TieQuery {
  std::vector<TieIds> contacts;     // None: all contacts that have entries, in order of their ids.
  std::optional<absl::Time> as_of;  // Nothing, or a time to come: now.
  bool include_days = false;
  bool include_strength = false;
  std::size_t skip = 0;                           // Of `contacts`.
  std::string after;                              // Without `contacts`: the id of the last contact of the page before.
  std::optional<std::int64_t> expected_revision;  // Of the page before.
  int limit = 500;
};

struct TiePage {
  std::vector<v1::Tie> ties;
  bool more = false;
  std::int64_t revision = 0;
};

struct Verification {
  bool verified = false;
  std::int64_t entries = 0;
  std::int64_t first_broken_sequence = 0;
  std::string problem;
  std::int64_t head_sequence = 0;
  std::string head_hash;
};

// Thread-safe. Functions fail as those of LedgerStore do, reads also with FAILED_PRECONDITION (TOKEN_FROM_FUTURE) where
// the owner's revision is below the required one.
class Ledger {
 public:
  // All must outlive the ledger. Without `models` all strengths come from the shipped coefficients.
  Ledger(LedgerStore& store, const base::Clock& clock, base::Random& random, StrengthModels* models = nullptr)
      : store_(store), clock_(clock), random_(random), models_(models) {}

  LedgerStore& store() { return store_; }
  absl::Time Now() const { return clock_.Now(); }
  // A UUID of version 7.
  std::string NewId();

  // Appends all entries or none, in order. Does not block; `done` may be called on any thread.
  void Append(const base::Owner& owner, std::vector<NewEntry> entries, LedgerStore::AppendDone done);
  // The same, waiting.
  absl::StatusOr<Appended> AppendAndWait(const base::Owner& owner, std::vector<NewEntry> entries);

  // Replaces the content of the entry `corrects`, or takes it back where there is no `content`. A correction without a
  // time keeps the time of what it corrects. INTERACTION_NOT_FOUND, ALREADY_CORRECTED.
  absl::StatusOr<Appended> Correct(const base::Owner& owner, std::int64_t corrects,
                                   std::optional<v1::Interaction> content, const std::string& request_id,
                                   absl::Time deadline);

  // A correction or retraction as an entry to be appended together with others: of `corrected`, as it stands.
  static NewEntry CorrectionOf(const v1::Interaction& corrected, std::optional<v1::Interaction> content,
                               std::string request_id);

  absl::StatusOr<v1::Interaction> GetBySequence(const base::Owner& owner, const ReadAt& at, std::int64_t sequence);
  absl::StatusOr<v1::Interaction> GetById(const base::Owner& owner, const ReadAt& at, const std::string& id);
  // By occur_time, newest first, then by sequence, greatest first.
  absl::StatusOr<EntryPage> List(const base::Owner& owner, const ReadAt& at, const EntryQuery& query);

  // ABORTED (PAGE_EXPIRED) where the ledger is at another revision than the page before.
  absl::StatusOr<TiePage> Ties(const base::Owner& owner, const ReadAt& at, const TieQuery& query);

  // The soonest due first, then those without a day; none with an id of `contact_ids`: of all contacts.
  absl::StatusOr<std::vector<PromiseRow>> Promises(const base::Owner& owner, const ReadAt& at,
                                                   const std::string& contact_id, bool include_closed);

  // Plans that begin from `start` on and before `end`, soonest first; with an empty `contact_id`: of all contacts.
  absl::StatusOr<std::vector<v1::Plan>> Plans(const base::Owner& owner, const ReadAt& at, absl::Time start,
                                              absl::Time end, const std::string& contact_id);
  // The same without those that have begun and are entries already.
  absl::StatusOr<std::vector<v1::Plan>> OpenPlans(const base::Owner& owner, const ReadAt& at, absl::Time start,
                                                  absl::Time end, const std::string& contact_id);

  // Appends the entry that the plan becomes: `said`, and of what that leaves unset what the plan says. A later import
  // of the plan's event finds it. Where the event is an entry already, or the request_id made one before, that is
  // returned as it stands, and nothing is written. PLAN_NOT_FOUND, PLAN_NOT_BEGUN, REQUEST_ID_REUSED, INVALID_FIELD
  // naming what is wrong with "interaction".
  absl::StatusOr<Appended> ConfirmPlan(const base::Owner& owner, const std::string& id, const v1::Interaction& said,
                                       const std::string& request_id, absl::Time deadline);

  // Removes the plan; before that, if it has begun and is no entry, appends the entry that it would have become and
  // with it what takes that back, so that no import brings it. Repeated, it completes what was interrupted. Returns the
  // revision. PLAN_NOT_FOUND.
  absl::StatusOr<std::int64_t> RemovePlan(const base::Owner& owner, const std::string& id, absl::Time deadline);

  // Recomputes the chain from `start_sequence` on. `expected_sequence` 0: no head is expected. Stops with CANCELLED
  // where `cancelled` says so.
  absl::StatusOr<Verification> Verify(const base::Owner& owner, const ReadAt& at, std::int64_t start_sequence,
                                      std::int64_t expected_sequence, const std::string& expected_hash,
                                      absl::FunctionRef<bool()> cancelled);

  // Gives the chain's id and then all entries from `start_sequence` on, in order, until `take` returns false.
  absl::Status Export(const base::Owner& owner, const ReadAt& at, std::int64_t start_sequence,
                      absl::FunctionRef<void(const std::string& chain_id)> begin,
                      absl::FunctionRef<bool(const EntryRow&)> take);

  absl::StatusOr<std::int64_t> Revision(const base::Owner& owner, const ReadAt& at);

  // Runs `work` in one snapshot that has seen the required revision.
  absl::Status Read(const base::Owner& owner, const ReadAt& at, absl::FunctionRef<absl::Status(LedgerReader&)> work);

 private:
  Draft MakeDraft(NewEntry entry, absl::Time now);
  std::vector<Draft> MakeDrafts(std::vector<NewEntry> entries, absl::Time now);
  // Appends all entries behind `place`, waiting; else ABORTED.
  absl::Status ContinueAndWait(const base::Owner& owner, const ChainPlace& place, std::vector<NewEntry> entries);
  // As RemovePlan says, without the removal.
  absl::Status RecordMissed(const base::Owner& owner, const std::string& id, absl::Time deadline);

  LedgerStore& store_;
  const base::Clock& clock_;
  base::Random& random_;
  StrengthModels* const models_;
};

// INTERACTION_NOT_FOUND.
absl::Status EntryNotFound();

// PLAN_NOT_FOUND.
absl::Status PlanNotFound();

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_H_
