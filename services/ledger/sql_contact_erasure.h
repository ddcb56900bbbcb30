// The erasure of a contact within transactions of either engine.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_CONTACT_ERASURE_H_
#define COUNCIL_SERVICES_LEDGER_SQL_CONTACT_ERASURE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/ledger/contact_erasure.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

// One owner's rows in a transaction that has locked them (LockState), and may see them change no more.
class SqlContactErasure {
 public:
  // All must outlive this; `state` is what was locked, and becomes what the erasure makes of it.
  SqlContactErasure(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, base::Random& random,
                    const ContactIds& contact, LedgerState& state)
      : connection_(connection),
        sealer_(sealer),
        key_(key),
        codec_(sealer, key),
        random_(random),
        contact_(contact),
        state_(state) {}

  // Erases the contact from those of the entries `sequences` that name it, and appends an ERASURE that names these.
  // Returns how many.
  absl::StatusOr<std::int64_t> EraseEntries(std::span<const std::int64_t> sequences, absl::Time now);

  // Erases the contact from plans, imported events and what imports keep of these, removes the tie, and marks the
  // contact as erased.
  absl::Status EraseTheRest();

  // Writes the state, with a new revision, if anything was changed.
  void Finish();

 private:
  absl::Status AppendErasure(const std::vector<std::int64_t>& erased, absl::Time now);
  absl::Status ErasePlans();
  absl::Status EraseEvents();
  absl::Status EraseImports();
  bool Remove(const char* table);

  sql::Connection& connection_;
  const seal::Sealer& sealer_;
  const OwnerKey& key_;
  const RowCodec codec_;
  base::Random& random_;
  const ContactIds& contact_;
  LedgerState& state_;
  bool changed_ = false;
};

// The entries from `start_sequence` on that name the contact, those that can't be read left out.
absl::StatusOr<std::vector<std::int64_t>> EntriesNaming(LedgerReader& reader, std::int64_t start_sequence,
                                                        const ContactIds& contact);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_CONTACT_ERASURE_H_
