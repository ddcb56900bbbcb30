// What the ledger needs from storage.
#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/audit/access_store.h"
#include "libs/base/owner.h"
#include "services/ledger/canonical.h"
#include "services/ledger/ledger_storage.pb.h"

namespace council::ledger {

// Where an owner's ledger stands. All zero and empty where nothing was ever written.
struct LedgerState {
  std::string chain_id;  // 16 random bytes, made with the first entry.
  std::int64_t head_sequence = 0;
  std::string head_hash;
  // That the service, and nobody else who can write to the storage, wrote the head: RowCodec::ProveHead. Empty without
  // keys, and before the first append with them.
  std::string head_proof;
  std::int64_t revision = 0;
  bool erased = false;
};

// A calendar event, or a row of a table, that was imported.
struct EventRecord {
  std::string uid;
  std::string recurrence_id;  // Empty where the event does not recur.
  v1::Interaction imported;   // What the file said when it was imported last.
  // The contacts among the attendees by the address in the file: a contact that is merged or loses an address later
  // still is who took part.
  std::map<std::string, std::string> attendees;
  bool withdrawn = false;     // Its entry was taken back by the import.
  bool text_erased = false;   // A contact who took part was erased: no free text of the file is taken over again.
  std::int64_t sequence = 0;  // The entry that the import made last for it.
};

// An event's new state, to be written together with the entry that it led to.
struct EventChange {
  EventRecord record;  // Its `sequence` is that of the draft's entry.
  // The `sequence` that the event had when the draft was made; 0: it was not known. Where it has another one by now,
  // somebody else imported it, and the append fails with ABORTED.
  std::int64_t expected_sequence = 0;
  // Where the entry was another recurrence of the event until now, that one as it is: it is withdrawn, and keeps its
  // `sequence`, which it must still have.
  std::optional<EventRecord> moved_from{};
  // Contacts whom the event named before. Where one of these, or whom the draft names, was erased by now, it was made
  // of what is erased, and the append fails with ABORTED.
  std::set<std::string> former_contacts{};
};

// A part of what an import wrote, kept so that it can be taken back.
struct ImportPart {
  struct Entry {
    std::string id;
    // Of the event that it was made from, and the event as it was before, which may have been another recurrence;
    // nothing where it was not known.
    std::string uid;
    std::string recurrence_id;
    std::optional<EventRecord> before;
  };
  std::vector<Entry> entries;
  std::vector<std::string> plan_ids;  // Of the plans that it made.
};

// An import that can be undone.
struct KeptImport {
  std::string id;          // UUID.
  absl::Time time;         // When it began.
  std::int64_t parts = 0;  // Of what it wrote; numbered from 0.
};

// An entry to be appended.
struct Draft {
  // All that is known before the entry has its place: id, kind, record_time and, for corrections and retractions,
  // `corrects`.
  v1::Interaction content;
  std::vector<std::string> commitments;  // Of `content`, in the order of CanonicalParts, and what opens them.
  std::vector<std::string> salts;
  std::string request_id;  // Empty: none.
  RequestDigest request;   // Where there is a request_id.
  std::optional<EventChange> event;
};

// Where entries go on that say of themselves where they belong.
struct ChainPlace {
  std::string chain_id;            // 16 bytes.
  std::int64_t head_sequence = 0;  // The entry to go on behind, and its hash; 0 and ZeroHash() for the beginning.
  std::string head_hash;
};

// What became of the drafts of one Append.
struct Appended {
  std::vector<v1::Interaction> entries;  // In the order of the drafts, complete.
  std::vector<bool> repeated;            // The entry was there before, found by its request_id.
  std::int64_t revision = 0;             // After the append.
};

// An entry with what its hash is made of.
struct EntryRow {
  v1::Interaction entry;  // Complete.
  std::vector<std::string> salts;
  std::vector<std::string> erased;  // Commitments whose salts are empty, in order.
  std::string request_id;           // With which it was appended; empty: none.
  RequestDigest request;            // Where there is a request_id; an erased text has no digest.
  // The ledger's revision that its append made; 0 for entries that are older than this column.
  std::int64_t revision = 0;
};

// A promise and the entries that made and ended it.
struct PromiseRow {
  std::int64_t opened_by = 0;
  std::int64_t closed_by = 0;  // 0: open.
  v1::Promise promise;
  v1::Interaction opening;
};

// Reads of one owner's ledger in one snapshot. Functions fail with UNAVAILABLE where storage cannot be reached, and
// with DATA_LOSS where a row cannot be opened. Callbacks return whether to go on.
class LedgerReader {
 public:
  virtual ~LedgerReader() = default;

  virtual const LedgerState& state() const = 0;

  // DATA_LOSS where the head is not one that the service wrote: a chain that was made anew, whole, would hold.
  virtual absl::Status CheckHead() const = 0;

  virtual absl::StatusOr<std::optional<EntryRow>> EntryAt(std::int64_t sequence) = 0;
  virtual absl::StatusOr<std::optional<EntryRow>> EntryWithId(const std::string& id) = 0;
  // The entry that was appended with this request_id.
  virtual absl::StatusOr<std::optional<EntryRow>> EntryWithRequest(const std::string& request_id) = 0;
  // The stored hash of an entry; nothing where there is no such entry.
  virtual absl::StatusOr<std::optional<std::string>> HashAt(std::int64_t sequence) = 0;

  // Entries from `start_sequence` on, in order. One that cannot be opened comes with its sequence number and a status,
  // and the walk goes on.
  virtual absl::Status ForEachEntry(
      std::int64_t start_sequence,
      absl::FunctionRef<bool(std::int64_t sequence, const absl::StatusOr<EntryRow>& row)> take) = 0;

  // Entries, corrected ones too, that happened on days from `first_day` to `last_day` (since 1970-01-01, UTC) and name
  // any of `contact_ids` (none: all entries), each once, the latest day first and within a day the greatest sequence
  // first.
  virtual absl::Status ForEachEntryByDay(std::int64_t first_day, std::int64_t last_day,
                                         std::span<const std::string> contact_ids,
                                         absl::FunctionRef<bool(const v1::Interaction&)> take) = 0;

  // The entries that lay in the future when they were written and are not folded into the summaries yet.
  virtual absl::Status ForEachUpcoming(absl::FunctionRef<bool(const v1::Interaction&)> take) = 0;

  // The stored summaries of those contacts that entries name, without days. `stale` tells that one is of an older
  // version, to be rebuilt from the entries.
  struct Summary {
    v1::Tie tie;
    bool stale = false;
  };
  virtual absl::StatusOr<std::map<std::string, Summary>> Summaries(std::span<const std::string> contact_ids) = 0;
  // The days of stored summaries, in order.
  virtual absl::StatusOr<std::map<std::string, std::vector<v1::TieDay>>> Days(
      std::span<const std::string> contact_ids) = 0;
  // By contact, all entries, corrected ones too, that name it and happened until `last_day`.
  virtual absl::StatusOr<std::map<std::string, std::vector<v1::Interaction>>> EntriesOf(
      std::span<const std::string> contact_ids, std::int64_t last_day) = 0;
  // Ids of contacts that entries name, greater than `after`, in order, at most `limit`.
  virtual absl::StatusOr<std::vector<std::string>> ContactsAfter(const std::string& after, int limit) = 0;

  virtual absl::StatusOr<std::vector<PromiseRow>> Promises(bool include_closed) = 0;
  // Plans that begin on days from `first_day` to `last_day`, in order of days.
  virtual absl::StatusOr<std::vector<v1::Plan>> Plans(std::int64_t first_day, std::int64_t last_day) = 0;
  virtual absl::StatusOr<std::optional<v1::Plan>> PlanWithId(const std::string& id) = 0;

  // The imported events with this UID, of all recurrences.
  virtual absl::StatusOr<std::vector<EventRecord>> Events(const std::string& uid) = 0;
  // All imported events, in the order of their entries.
  virtual absl::Status ForEachEvent(absl::FunctionRef<bool(EventRecord)> take) = 0;

  // The imports of which it is kept what they wrote, the newest first.
  virtual absl::StatusOr<std::vector<KeptImport>> Imports() = 0;
  // A part of what an import wrote; nothing where there is none of this number.
  virtual absl::StatusOr<std::optional<ImportPart>> PartOfImport(const std::string& import_id, std::int64_t part) = 0;

  // Ids of contacts who were erased.
  virtual absl::StatusOr<std::set<std::string>> ErasedContacts() = 0;
};

// Ledgers of all owners: entries in order, each kept for good, and what is derived from them.
//
// Thread-safe. All times are UTC, microseconds since the Unix epoch. What is personal is sealed before it is written.
// Every function fails with UNAVAILABLE when storage cannot be reached. Every writing one, once the owner was erased,
// fails with FAILED_PRECONDITION (OWNER_ERASED).
class LedgerStore : public audit::AccessStore {
 public:
  using AppendDone = absl::AnyInvocable<void(absl::StatusOr<Appended>) &&>;

  // The storage's random id, which tokens carry.
  virtual const std::string& lineage() const = 0;

  // Makes `drafts` durable as one unit, in order, gives them the next sequence numbers, chains them, and brings
  // summaries, promises, events, revision and outbox up to date in the same transaction. `now` decides what is due:
  // entries after it are folded into their summaries by the first append after their time.
  //
  // A draft whose request_id was appended before, with the same digests, yields the entry of that time and writes
  // nothing. `done` is called once, on any thread, after all is durable, or with
  //   ALREADY_EXISTS (REQUEST_ID_REUSED)           a request_id was used with another content;
  //   NOT_FOUND (INTERACTION_NOT_FOUND)            the entry to correct does not exist;
  //   FAILED_PRECONDITION (ALREADY_CORRECTED)      it was corrected before, or is itself a retraction;
  //   INVALID_ARGUMENT (INVALID_FIELD)             a promise id is taken, or a promise to close is unknown or closed;
  //   ABORTED                                      an event was imported by somebody else meanwhile, or a contact whom
  //                                                it names was erased;
  //   RESOURCE_EXHAUSTED (OVERLOADED)              too many writes are waiting;
  //   UNAVAILABLE (STORAGE_UNAVAILABLE)            a retry with the same request_ids finds what was written, if
  //   anything.
  // In each of these cases nothing was written, but for the last, where it is not known.
  virtual void Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) = 0;

  // As Append, for entries whose sequence numbers are known beforehand: they go on behind `place`, or nothing is
  // written. An owner without entries takes its chain on. Fails also with
  //   ABORTED                                      the owner has another chain, or one that ends elsewhere.
  virtual void Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts, absl::Time now,
                        AppendDone done) = 0;

  // Writes the plans made from the event `uid`: one with the same recurrence_id as before replaces it and keeps its id,
  // another one keeps the id that it comes with, or is given one. Where `plans` are `complete` the event's other plans
  // go; else of those only the `withdrawn`, by recurrence_id. Plans that began before `forget_before` go as well.
  // Contacts who were erased are left out, as EraseFrom does. Returns the revision, raised if anything changed.
  struct EventPlans {
    std::string uid;
    std::vector<v1::Plan> plans;
    bool complete = true;
    std::set<std::string> withdrawn{};
  };
  virtual absl::StatusOr<std::int64_t> ReplacePlans(const base::Owner& owner, std::span<const EventPlans> events,
                                                    absl::Time forget_before) = 0;

  // Removes those of the plans that are there; how many, and the revision.
  struct PlanRemoval {
    std::int64_t revision = 0;
    int plans = 0;
  };
  virtual absl::StatusOr<PlanRemoval> RemovePlans(const base::Owner& owner, std::span<const std::string> ids) = 0;

  // Keeps a part of what an import writes that began at `time`. The revision stays, as in what follows. ALREADY_EXISTS
  // where there is a part of this number: another call that continues the import was faster.
  virtual absl::Status KeepImport(const base::Owner& owner, const std::string& import_id, absl::Time time,
                                  std::int64_t part, const ImportPart& what) = 0;

  // Forgets what imports wrote.
  virtual absl::Status ForgetImports(const base::Owner& owner, std::span<const std::string> import_ids) = 0;

  // Runs `work` in one snapshot. Waits until `deadline` at most to begin.
  virtual absl::Status Read(const base::Owner& owner, absl::Time deadline,
                            absl::FunctionRef<absl::Status(LedgerReader&)> work) = 0;

  // The revisions of `owners`, in their order; 0 for one without a ledger.
  virtual absl::StatusOr<std::vector<std::int64_t>> Revisions(std::span<const base::Owner> owners,
                                                              absl::Time deadline) = 0;

  // Erases what is said of a contact, known by all of `contact_ids` (each once): see EraseFrom. Entries, some hundred
  // at a time, each time with an ERASURE that names them; then plans, events, imports and the tie. What was read before
  // and is written later by an import, by undoing one or by a plan does not bring them back. Returns the revision and
  // of how many entries something was erased. May be repeated: it goes on where it was interrupted.
  struct ContactErasure {
    std::int64_t revision = 0;
    std::int64_t entries = 0;
  };
  virtual absl::StatusOr<ContactErasure> EraseContact(const base::Owner& owner,
                                                      std::span<const std::string> contact_ids, absl::Time now) = 0;

  // Erases all that is kept of the owner and leaves a tombstone that refuses later writes. May be repeated: it goes on
  // where it was interrupted, and does nothing where all is gone.
  virtual absl::Status EraseOwner(const base::Owner& owner) = 0;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_STORE_H_
