// Reads of one owner's ledger, in the SQL that both engines speak.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_LEDGER_READER_H_
#define COUNCIL_SERVICES_LEDGER_SQL_LEDGER_READER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/sql/connection.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// Reads one owner's rows through one connection, within a transaction. Each statement may be a round trip: what is
// asked for many contacts or entries takes few statements, and a long walk goes in pages. Exceptions of the engine pass
// through.
class SqlLedgerReader final : public LedgerReader {
 public:
  // All must outlive the reader. Reads the owner's state.
  SqlLedgerReader(sql::Connection& connection, const RowCodec& codec, const OwnerKey& key);

  const LedgerState& state() const override { return state_; }
  absl::Status CheckHead() const override { return codec_.CheckHead(state_); }
  absl::StatusOr<std::optional<EntryRow>> EntryAt(std::int64_t sequence) override;
  absl::StatusOr<std::optional<EntryRow>> EntryWithId(const std::string& id) override;
  absl::StatusOr<std::optional<EntryRow>> EntryWithRequest(const std::string& request_id) override;
  absl::StatusOr<std::optional<std::string>> HashAt(std::int64_t sequence) override;
  absl::Status ForEachEntry(std::int64_t start_sequence,
                            absl::FunctionRef<bool(std::int64_t, const absl::StatusOr<EntryRow>&)> take) override;
  absl::Status ForEachEntryByDay(std::int64_t first_day, std::int64_t last_day,
                                 std::span<const std::string> contact_ids,
                                 absl::FunctionRef<bool(const v1::Interaction&)> take) override;
  absl::Status ForEachUpcoming(absl::FunctionRef<bool(const v1::Interaction&)> take) override;
  absl::StatusOr<std::map<std::string, Summary>> Summaries(std::span<const std::string> contact_ids) override;
  absl::StatusOr<std::map<std::string, std::vector<v1::TieDay>>> Days(
      std::span<const std::string> contact_ids) override;
  absl::StatusOr<std::map<std::string, std::vector<v1::Interaction>>> EntriesOf(
      std::span<const std::string> contact_ids, std::int64_t last_day) override;
  absl::StatusOr<std::vector<std::string>> ContactsAfter(const std::string& after, int limit) override;
  absl::StatusOr<std::vector<PromiseRow>> Promises(bool include_closed) override;
  absl::StatusOr<std::vector<v1::Plan>> Plans(std::int64_t first_day, std::int64_t last_day) override;
  absl::StatusOr<std::optional<v1::Plan>> PlanWithId(const std::string& id) override;
  absl::StatusOr<std::vector<EventRecord>> Events(const std::string& uid) override;
  absl::Status ForEachEvent(absl::FunctionRef<bool(EventRecord)> take) override;
  absl::StatusOr<std::vector<KeptImport>> Imports() override;
  absl::StatusOr<std::optional<ImportPart>> PartOfImport(const std::string& import_id, std::int64_t part) override;
  absl::StatusOr<std::set<std::string>> ErasedContacts() override;

 private:
  absl::StatusOr<PromiseRow> ReadPromise(sql::Statement& row) const;

  sql::Connection& connection_;
  const RowCodec& codec_;
  const OwnerKey& key_;
  LedgerState state_;
};

// The columns of `entries e` that make a RawEntry, and their number.
#define COUNCIL_ENTRY_COLUMNS                                                       \
  "e.sequence, e.id, e.record_time, e.hash, e.corrected_by, e.revision, e.sealed, " \
  "(SELECT p.hash FROM entries p WHERE p.owner = e.owner AND p.sequence = e.sequence - 1)"
inline constexpr int kEntryColumns = 8;

// Ids of the owner's contacts who were erased.
std::set<std::string> ErasedContactsOf(sql::Connection& connection, const OwnerKey& key);

// The end of a FROM clause that finds the entry `e` with `owner` and `sequence`, columns of the rows before it or
// parameters; its columns are NULL where there is none. PostgreSQL is told to look up each by its key: as long as it
// has no statistics, it would rather read all of an owner's.
std::string JoinEntry(const sql::Connection& connection, const std::string& owner, const std::string& sequence);

// The entry in the current row, whose columns begin at `first`.
RawEntry ReadRawEntry(const sql::Statement& row, int first = 0);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_LEDGER_READER_H_
