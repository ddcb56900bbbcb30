// An append within a transaction, a statement a row: for SQLite, where a statement costs no round trip.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_APPEND_H_
#define COUNCIL_SERVICES_LEDGER_SQL_APPEND_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/append_rows.h"
#include "services/ledger/prepared_draft.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// Adds `needs` of an owner to `reads`. Exceptions of the engine pass through.
void LoadAppendReads(sql::Connection& connection, const RowCodec& codec, const OwnerKey& key, AppendNeeds needs,
                     AppendReads& reads);

// Appends what several callers want, one after the other, and returns what became of each, in their order. One that
// fails leaves nothing behind. The transaction holds off other writers. Exceptions of the engine pass through.
absl::StatusOr<std::vector<absl::StatusOr<Appended>>> AppendInTransaction(sql::Connection& connection,
                                                                          const seal::Sealer& sealer,
                                                                          std::span<const AppendJob* const> jobs);

// Writes a new entry, and whom it names.
void InsertEntry(sql::Connection& connection, const OwnerKey& key, const AppendRows::Entry& entry);

// Writes the owner's state, and notes its revision in the outbox.
void WriteState(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, const LedgerState& state);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_APPEND_H_
