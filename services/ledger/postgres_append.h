// The two calls of an append on PostgreSQL: what is read for many owners at once, and what is written for them.
#ifndef COUNCIL_SERVICES_LEDGER_POSTGRES_APPEND_H_
#define COUNCIL_SERVICES_LEDGER_POSTGRES_APPEND_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/append_rows.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// One owner of a batch. The owners of a call are different ones.
struct OwnerReads {
  const OwnerKey* key = nullptr;
  AppendNeeds needs;   // To be read; without `tie_entries`.
  AppendReads* reads;  // Where it goes.
};

// Reads all needs, the owners' states first, with one statement. Exceptions of the engine pass through.
void CallAppendRead(sql::Connection& connection, const seal::Sealer& sealer, std::span<const OwnerReads> owners);

struct OwnerWrites {
  const OwnerKey* key = nullptr;
  const LedgerState* known = nullptr;  // As it was read.
  const AppendRows* rows = nullptr;
};

// Writes all rows with one statement, which is a transaction of its own, but for owners whose ledger is not what it was
// when it was read. Returns the places of these. Exceptions of the engine pass through.
std::vector<std::size_t> CallAppendWrite(sql::Connection& connection, const seal::Sealer& sealer,
                                         std::span<const OwnerWrites> owners);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_POSTGRES_APPEND_H_
