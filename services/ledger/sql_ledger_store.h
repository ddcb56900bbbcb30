// Ledgers in an SQL database: all but the appends, which each engine does its own way.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_SQL_LEDGER_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/outbox.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "libs/sql/outbox.h"
#include "libs/sql/storage_identity.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/prepared_draft.h"

namespace council::ledger {

class SqlLedgerStore : public LedgerStore {
 public:
  // Opens what --storage names, as sql::OpenDatabase does, and goes on with erasures that were interrupted.
  // `shared_key` is the key that the services share; `random` must outlive the store.
  static absl::StatusOr<std::unique_ptr<SqlLedgerStore>> Open(const std::string& storage, const std::string& shared_key,
                                                              base::Random& random);

  // Called after every change of a revision, on any thread; must not block. To be set before the first write.
  void SetListener(std::function<void(const base::Owner& owner, std::int64_t revision)> listener) {
    listener_ = std::move(listener);
  }

  // Waits until all appends begun so far are finished and their callers told.
  virtual void Flush() = 0;

  base::Outbox& outbox() { return outbox_; }
  const sql::StorageIdentity& identity() const { return identity_; }

  const std::string& lineage() const override { return identity_.lineage; }
  void Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) override;
  void Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts, absl::Time now,
                AppendDone done) override;
  absl::StatusOr<std::int64_t> ReplacePlans(const base::Owner& owner, std::span<const EventPlans> events,
                                            absl::Time forget_before) override;
  absl::StatusOr<std::int64_t> RemovePlan(const base::Owner& owner, const std::string& id) override;
  absl::Status Read(const base::Owner& owner, absl::Time deadline,
                    absl::FunctionRef<absl::Status(LedgerReader&)> work) override;
  absl::StatusOr<std::vector<std::int64_t>> Revisions(std::span<const base::Owner> owners,
                                                      absl::Time deadline) override;
  absl::Status EraseOwner(const base::Owner& owner) override;

 protected:
  // `database` must outlive the store's use of it: appends, calls and the outbox.
  SqlLedgerStore(sql::Database& database, sql::StorageIdentity identity, const std::string& shared_key,
                 base::Random& random);

  // Appends as LedgerStore::Append or Continue says.
  virtual void AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) = 0;

  // Goes on with erasures that were interrupted.
  absl::Status FinishErasures();

  void Tell(const base::Owner& owner, std::int64_t revision) { listener_(owner, revision); }
  const seal::Sealer& sealer() const { return sealer_; }

 private:
  void PrepareAndAppend(const base::Owner& owner, std::optional<ChainPlace> place, std::vector<Draft> drafts,
                        absl::Time now, AppendDone done);
  absl::Status EraseRows(const std::string& owner_hash);

  sql::Database& database_;
  const sql::StorageIdentity identity_;
  const seal::Sealer sealer_;
  base::Random& random_;
  sql::StorageOutbox outbox_;
  std::function<void(const base::Owner&, std::int64_t)> listener_ = [](const base::Owner&, std::int64_t) {};
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_LEDGER_STORE_H_
