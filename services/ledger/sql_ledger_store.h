// Ledgers in an SQL database: all but the appends, which each engine does its own way.
#ifndef COUNCIL_SERVICES_LEDGER_SQL_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_SQL_LEDGER_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "libs/audit/sql_access_store.h"
#include "libs/base/outbox.h"
#include "libs/base/random.h"
#include "libs/seal/erasure_list.h"
#include "libs/seal/open_keys.h"
#include "libs/seal/owner_erasures.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "libs/sql/outbox.h"
#include "libs/sql/storage_identity.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/prepared_draft.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {

class SqlLedgerStore : public LedgerStore {
 public:
  // Opens what --storage names, as sql::OpenDatabase does, goes on with erasures that were interrupted, and erases
  // again what the list of erasures, if there is one, says was erased. `random` must outlive the store.
  static absl::StatusOr<std::unique_ptr<SqlLedgerStore>> Open(const std::string& storage, const seal::Keys& keys,
                                                              base::Random& random);

  // Called after every change of a revision, on any thread; must not block. To be set before the first write.
  void SetListener(std::function<void(const base::Owner& owner, std::int64_t revision)> listener) {
    listener_ = std::move(listener);
  }

  // Waits until all appends begun so far are finished and their callers told.
  virtual void Flush() = 0;

  // Of the database; on PostgreSQL with the group commits of appends.
  virtual sql::DatabaseStats Stats() const { return database_.Stats(); }

  base::Outbox& outbox() { return outbox_; }
  sql::Database& database() { return database_; }
  // For what goes on beside the store: its listener may be set before the store is used.
  seal::Sealer& sealer() { return sealer_; }
  const sql::StorageIdentity& identity() const { return identity_; }

  const std::string& lineage() const override { return identity_.lineage; }
  void Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) override;
  void Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts, absl::Time now,
                AppendDone done) override;
  absl::StatusOr<std::int64_t> ReplacePlans(const base::Owner& owner, std::span<const EventPlans> events,
                                            absl::Time forget_before) override;
  absl::StatusOr<PlanRemoval> RemovePlans(const base::Owner& owner, std::span<const std::string> ids) override;
  absl::Status KeepImport(const base::Owner& owner, const std::string& import_id, absl::Time time, std::int64_t part,
                          const ImportPart& what) override;
  absl::Status ForgetImports(const base::Owner& owner, std::span<const std::string> import_ids) override;
  absl::Status Read(const base::Owner& owner, absl::Time deadline,
                    absl::FunctionRef<absl::Status(LedgerReader&)> work) override;
  absl::StatusOr<std::vector<std::int64_t>> Revisions(std::span<const base::Owner> owners,
                                                      absl::Time deadline) override;
  absl::StatusOr<ContactErasure> EraseContact(const base::Owner& owner, std::span<const std::string> contact_ids,
                                              absl::Time now) override;
  absl::Status EraseOwner(const base::Owner& owner) override;
  absl::Status AddAccesses(const base::Owner& owner, std::span<const audit::storage::v1::StoredAccess> counted,
                           absl::Time expired) override;
  absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> ListAccesses(const base::Owner& owner,
                                                                             std::size_t limit, std::string& position,
                                                                             absl::Time deadline) override;

 protected:
  // `database` must outlive the store's use of it: appends, calls and the outbox.
  SqlLedgerStore(sql::Database& database, seal::StorageSecrets secrets, const seal::Keys& keys, base::Random& random);

  // Appends as LedgerStore::Append or Continue says.
  virtual void AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) = 0;

  // Goes on with erasures that were interrupted, and erases what the list says and a restore brought back.
  absl::Status FinishErasures();

  void Tell(const base::Owner& owner, std::int64_t revision) { listener_(owner, revision); }

 private:
  void PrepareAndAppend(const base::Owner& owner, std::optional<ChainPlace> place, std::vector<Draft> drafts,
                        absl::Time now, AppendDone done);
  absl::StatusOr<ContactErasure> EraseContactOf(const OwnerKey& key, const std::set<std::string>& contact,
                                                absl::Time now);
  absl::StatusOr<bool> IsErased(const seal::Erasure& erasure);
  // Returns the owner's revision where the tombstone is new, else 0.
  absl::StatusOr<std::int64_t> EraseOwnerOf(const OwnerKey& key);

  sql::Database& database_;
  const sql::StorageIdentity identity_;
  seal::Sealer sealer_;
  base::Random& random_;
  sql::StorageOutbox outbox_;
  seal::OwnerErasures owner_erasures_;
  audit::SqlAccessStore accesses_;
  std::function<void(const base::Owner&, std::int64_t)> listener_ = [](const base::Owner&, std::int64_t) {};
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQL_LEDGER_STORE_H_
