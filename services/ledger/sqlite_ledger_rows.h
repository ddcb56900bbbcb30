// Rows of one owner in the ledger's SQLite schema, opened and sealed. The store's reads and writes are made of these.
#ifndef COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_ROWS_H_
#define COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_ROWS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message_lite.h"
#include "libs/base/owner.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/days.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// An owner as rows name them. Made before the transaction, since it costs hashes.
struct OwnerKey {
  OwnerKey(const base::Owner& the_owner, const seal::Sealer& sealer)
      : owner(the_owner), hash(sealer.OwnerHash(the_owner)), cache_tag(sealer.CacheTag(the_owner)) {}

  base::Owner owner;
  std::string hash;
  std::string cache_tag;
};

// The 16 bytes of an id as the contract writes it, which must be valid, and back.
std::string IdBytes(const std::string& uuid);
std::string IdText(std::string_view bytes);

// Day since 1970-01-01, UTC, that an entry is about.
std::int64_t DayOfEntry(const v1::Interaction& entry);

// The hashes by which events are found.
std::string EventHash(const seal::Sealer& sealer, const base::Owner& owner, const std::string& uid,
                      const std::string& recurrence_id);
std::string EventUidHash(const seal::Sealer& sealer, const base::Owner& owner, const std::string& uid);

// Reads one owner's rows through one connection, within a transaction. Exceptions of SQLite pass through.
class SqliteLedgerReader final : public LedgerReader {
 public:
  // All must outlive the reader. Reads the owner's state.
  SqliteLedgerReader(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key);

  const LedgerState& state() const override { return state_; }
  absl::StatusOr<std::optional<EntryRow>> EntryAt(std::int64_t sequence) override;
  absl::StatusOr<std::optional<EntryRow>> EntryWithId(const std::string& id) override;
  absl::StatusOr<std::optional<std::string>> HashAt(std::int64_t sequence) override;
  absl::Status ForEachEntry(std::int64_t start_sequence,
                            absl::FunctionRef<bool(std::int64_t, const absl::StatusOr<EntryRow>&)> take) override;
  absl::Status ForEachEntryByDay(std::int64_t first_day, std::int64_t last_day,
                                 std::span<const std::string> contact_ids,
                                 absl::FunctionRef<bool(const v1::Interaction&)> take) override;
  absl::Status ForEachUpcoming(absl::FunctionRef<bool(const v1::Interaction&)> take) override;
  absl::StatusOr<std::optional<Summary>> SummaryOf(const std::string& contact_id) override;
  absl::StatusOr<std::vector<v1::TieDay>> DaysOf(const std::string& contact_id) override;
  absl::StatusOr<std::vector<std::string>> ContactsAfter(const std::string& after, int limit) override;
  absl::StatusOr<std::vector<PromiseRow>> Promises(bool include_closed) override;
  absl::StatusOr<std::optional<PromiseRow>> FindPromise(const std::string& promise_id) override;
  absl::StatusOr<std::vector<v1::Plan>> Plans(std::int64_t first_day, std::int64_t last_day) override;
  absl::StatusOr<std::vector<EventRecord>> Events(const std::string& uid) override;
  absl::Status ForEachEvent(absl::FunctionRef<bool(EventRecord)> take) override;

  // The stored message of an entry, with the digests of its request.
  absl::StatusOr<std::optional<storage::v1::StoredEntry>> StoredAt(std::int64_t sequence);

  // Opens the sealed bytes of a row into `message`. DATA_LOSS where that fails.
  absl::Status Open(std::string_view table, std::string_view row_id, std::string_view sealed,
                    google::protobuf::MessageLite& message) const;

 private:
  // From the current row of a statement with the columns of kEntryColumns.
  absl::StatusOr<EntryRow> ReadEntry(sql::Statement& row) const;
  // From a row of event, sequence, sealed.
  absl::StatusOr<EventRecord> ReadEvent(sql::Statement& row) const;
  absl::StatusOr<PromiseRow> ReadPromise(sql::Statement& row, const std::string* promise_id);

  sql::Connection& connection_;
  const seal::Sealer& sealer_;
  const OwnerKey& key_;
  LedgerState state_;
};

// Row ids that sealed rows are bound to.
std::string TieDayRowId(const std::string& contact_bytes, std::int64_t day);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_ROWS_H_
