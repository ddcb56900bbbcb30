#ifndef COUNCIL_SERVICES_LEDGER_PREPARED_DRAFT_H_
#define COUNCIL_SERVICES_LEDGER_PREPARED_DRAFT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// An event's row as it becomes, but for its sequence.
struct PreparedEvent {
  std::string event;  // Hashes.
  std::string uid;
  std::string sealed;
};

// A draft with all that can be made of it before the transaction: the writer's thread is what everybody waits for.
struct PreparedDraft {
  Draft draft;
  std::string id;                     // 16 bytes.
  std::vector<std::string> contacts;  // 16 bytes each, in the order of the entry's contact_ids, without who was erased.
  std::int64_t day = 0;
  std::string request;                       // Hash of the request_id; empty: none.
  std::string sealed;                        // The entry.
  std::vector<std::string> opened_promises;  // Hashes of their ids.
  std::vector<std::string> closed_promises;
  std::optional<PreparedEvent> event;
  std::optional<PreparedEvent> moved_from;  // As it is withdrawn.
};

// What one caller wants appended: all of it or nothing.
struct AppendJob {
  OwnerKey key;
  std::vector<PreparedDraft> drafts;
  std::string chain_id;             // Taken for an owner's first entry.
  std::optional<ChainPlace> place;  // Where the entries must go on; nothing: wherever the ledger ends.
  absl::Time now;                   // Decides what is due.
};

// Seals `drafts` and makes the hashes by which their rows are found. `chain_id`: 16 random bytes.
absl::StatusOr<AppendJob> PrepareAppend(OwnerKey key, std::vector<Draft> drafts, std::string chain_id,
                                        std::optional<ChainPlace> place, absl::Time now, const seal::Sealer& sealer);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_PREPARED_DRAFT_H_
