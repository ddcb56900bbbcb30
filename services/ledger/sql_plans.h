// Writes of the ledger that are no appends, within a transaction of either engine.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_PLANS_H_
#define COUNCIL_SERVICES_LEDGER_SQL_PLANS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/contact_erasure.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// The state of an owner, who has a row from here on, locked until the transaction ends. OWNER_ERASED.
absl::StatusOr<LedgerState> LockState(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key,
                                      base::Random& random);

// Writes the plans of one event, as LedgerStore::ReplacePlans says; `erased`: contacts. Returns whether that changed
// anything.
absl::StatusOr<bool> ReplacePlansOfEvent(sql::Connection& connection, const RowCodec& codec, const OwnerKey& key,
                                         base::Random& random, const LedgerStore::EventPlans& wanted,
                                         const ContactIds& erased);

// Removes the plans of days before `day`. Returns whether there were any.
bool ForgetPlans(sql::Connection& connection, const OwnerKey& key, std::int64_t day);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_PLANS_H_
