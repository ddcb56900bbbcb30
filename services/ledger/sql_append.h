// An append within a transaction, a statement a row: for SQLite, where a statement costs no round trip.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_APPEND_H_
#define COUNCIL_SERVICES_LEDGER_SQL_APPEND_H_

#include "absl/status/statusor.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/prepared_draft.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// Appends the drafts of one caller. The transaction holds off other writers. Exceptions of the engine pass through.
absl::StatusOr<Appended> AppendInTransaction(sql::Connection& connection, const seal::Sealer& sealer,
                                             const AppendJob& job);

// Writes the owner's state, and notes its revision in the outbox.
void WriteState(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, const LedgerState& state);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_APPEND_H_
