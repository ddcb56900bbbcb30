// The writing half of an append, run on the writer's thread within its transaction.
#ifndef COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_APPEND_H_
#define COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_APPEND_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/sqlite_ledger_rows.h"

namespace council::ledger {

// A draft with all that can be made of it before the transaction: the writer's thread is what everybody waits for.
struct PreparedDraft {
  Draft draft;
  std::string id;                     // 16 bytes.
  std::vector<std::string> contacts;  // 16 bytes each.
  std::int64_t day = 0;
  std::string request;                       // Hash of the request_id; empty: none.
  std::string sealed;                        // The entry.
  std::vector<std::string> opened_promises;  // Hashes of their ids.
  std::vector<std::string> closed_promises;
  std::string event;  // Hashes, where the draft has an event.
  std::string event_uid;
  std::string sealed_event;
};

absl::StatusOr<PreparedDraft> Prepare(Draft draft, const OwnerKey& key, const seal::Sealer& sealer);

// Appends drafts of one owner. Exceptions of SQLite pass through.
class SqliteAppender {
 public:
  // All must outlive the appender. `now` decides what is due.
  SqliteAppender(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, absl::Time now);

  // As LedgerStore::Append, or as Continue where there is a `place`; `chain_id` is taken for an owner's first entry.
  absl::StatusOr<Appended> Append(std::span<const PreparedDraft> drafts, const std::string& chain_id,
                                  const std::optional<ChainPlace>& place);

 private:
  absl::StatusOr<v1::Interaction> AppendOne(const PreparedDraft& prepared);
  // The entry of an earlier request with the same id; nothing where there is none.
  absl::StatusOr<std::optional<v1::Interaction>> FindRepeated(const PreparedDraft& prepared);
  // Marks the entry that the draft corrects, and returns it as it was.
  absl::StatusOr<v1::Interaction> MarkCorrected(std::int64_t corrects, std::int64_t correction);
  void WriteRows(const PreparedDraft& prepared, const v1::Interaction& entry);
  void UndoPromises(const PreparedDraft& prepared, const v1::Interaction& corrected);
  absl::Status OpenAndClosePromises(const PreparedDraft& prepared, std::int64_t sequence);
  absl::Status WriteEvent(const PreparedDraft& prepared, std::int64_t sequence);

  // Folds what has become due since it was appended.
  absl::Status FoldDue();
  // Brings the summaries up to date with an entry whose rows are written.
  absl::Status Summarize(const v1::Interaction& entry, const v1::Interaction* corrected);
  absl::Status FoldInto(const v1::Interaction& entry, const std::string& contact_id);
  absl::Status Rebuild(const std::string& contact_id);
  absl::Status WriteTie(const std::string& contact, const v1::Tie& tie);
  absl::Status WriteDay(const std::string& contact, const v1::TieDay& day);

  sql::Connection& connection_;
  const seal::Sealer& sealer_;
  const OwnerKey& key_;
  const absl::Time now_;
  SqliteLedgerReader reader_;
  LedgerState state_;
};

// FAILED_PRECONDITION (OWNER_ERASED).
absl::Status OwnerErased();

// Writes the owner's state, and notes its revision in the outbox.
void WriteState(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, const LedgerState& state);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_APPEND_H_
