// A whole ledger as records that another storage takes over (proto/council/ledger/v1/owner_state.proto): what they say,
// and what they must be.
#ifndef COUNCIL_SERVICES_LEDGER_OWNER_STATE_H_
#define COUNCIL_SERVICES_LEDGER_OWNER_STATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "council/ledger/v1/owner_state.pb.h"
#include "libs/base/status.h"
#include "services/ledger/chain.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

inline constexpr int kOwnerStateVersion = 1;

// The record of what is kept of an imported event.
v1::KeptEvent KeptEventOf(const EventRecord& event);

// The record of an entry; `event` is that of which it is the latest entry, or nullptr.
v1::KeptEntry KeptEntryOf(const EntryRow& row, const EventRecord* event);

// What appends the entry of a record, with its own id, times, salts and hash.
Draft DraftOf(const v1::KeptEntry& kept);

// The promises of a ledger as its entries make, change and end them, in the order of the entries.
class PromiseBook {
 public:
  // Adds what is wrong with what `entry` says of promises to `violations`, at `path` ("…interaction"). `corrected` is
  // the entry that it corrects, or nullptr.
  void Take(const v1::Interaction& entry, const v1::Interaction* corrected, const std::string& path,
            base::FieldViolations& violations);

 private:
  struct State {
    std::int64_t opened_by = 0;
    std::int64_t closed_by = 0;
  };
  std::unordered_map<std::string, State> promises_;  // By id.
};

// Records that come from elsewhere, checked one by one as if a caller had sent each entry by itself, and together: the
// chain without a gap, each hash made of what the entry says, corrections, promises, events and request_ids as the
// ledger itself keeps them. Holds of an entry only what later ones are held against.
class ImportedLedger {
 public:
  // `now`: nothing was written later, but for clocks that differ by less than a day.
  explicit ImportedLedger(absl::Time now) : now_(now) {}

  // Looks at the record `index`. INVALID_ARGUMENT (INVALID_FIELD) naming what is wrong with it as a violation of
  // records[index]…, RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where it is too much.
  absl::Status Add(std::int64_t index, const v1::OwnerStateRecord& record);

  // To be called after the last record: INVALID_ARGUMENT where some are missing or the chain ends otherwise than
  // announced.
  absl::Status Finish();

 private:
  absl::Status AddStart(std::int64_t index, const v1::OwnerStateStart& start);
  absl::Status AddEntry(std::int64_t index, const v1::KeptEntry& kept);
  absl::Status AddPlan(std::int64_t index, const v1::Plan& plan);
  void CheckRequest(const v1::KeptEntry& kept, const std::string& path, base::FieldViolations& violations);
  void CheckEvent(const v1::KeptEvent& event, const std::string& path, base::FieldViolations& violations);
  // What an erasure may say.
  static void CheckErasure(const v1::Interaction& entry, const std::string& path, base::FieldViolations& violations);
  // Finds what the entry corrects, if anything, and keeps what a later entry may correct.
  void CheckCorrection(const v1::Interaction& entry, const std::string& path, base::FieldViolations& violations);

  const absl::Time now_;
  v1::OwnerStateStart start_;
  std::optional<ChainVerifier> chain_;  // From the start on.
  std::int64_t entries_ = 0;
  std::int64_t plans_ = 0;
  std::size_t plan_bytes_ = 0;
  PromiseBook promises_;
  // Of entries that are marked as corrected later: what their correction must know of them.
  std::unordered_map<std::int64_t, v1::Interaction> corrected_;
  std::unordered_set<std::string> ids_;  // Of entries.
  std::unordered_set<std::string> request_ids_;
  std::set<std::pair<std::string, std::string>> events_;  // UID and RECURRENCE-ID.
  std::unordered_set<std::string> plan_ids_;
  std::set<std::pair<std::string, std::string>> planned_events_;
  std::pair<absl::Time, std::string> last_plan_ = {absl::InfinitePast(), ""};
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_OWNER_STATE_H_
