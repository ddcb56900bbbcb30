// Ledgers in a SQLite database.
#ifndef COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/outbox.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/sqlite.h"
#include "libs/sql/sqlite_outbox.h"
#include "libs/sql/storage_identity.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

class SqliteLedgerStore final : public LedgerStore {
 public:
  // Finishes the appends that wait while all that they use is there.
  ~SqliteLedgerStore() override { database_.reset(); }

  // Opens the database, makes it where there is none, and goes on with erasures that were interrupted. `shared_key` is
  // the key that the services share; `random` must outlive the store.
  static absl::StatusOr<std::unique_ptr<SqliteLedgerStore>> Open(sql::SqliteOptions options, std::string shared_key,
                                                                 base::Random& random);

  // `nudge` is called after every change of a revision, on any thread, and must not block. To be set before the first
  // write.
  void SetNudge(std::function<void()> nudge) { nudge_ = std::move(nudge); }

  // Waits until all writes begun so far are finished and their callers told.
  void Flush();

  base::Outbox& outbox() { return outbox_; }
  const sql::StorageIdentity& identity() const { return identity_; }
  sql::WriterStats writer_stats() const { return database_->Stats(); }

  const std::string& lineage() const override { return identity_.lineage; }
  void Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) override;
  void Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts, absl::Time now,
                AppendDone done) override;
  absl::StatusOr<std::int64_t> ReplacePlans(const base::Owner& owner, std::span<const EventPlans> events,
                                            absl::Time forget_before) override;
  absl::StatusOr<std::int64_t> RemovePlan(const base::Owner& owner, const std::string& id) override;
  absl::Status Read(const base::Owner& owner, absl::Time deadline,
                    absl::FunctionRef<absl::Status(LedgerReader&)> work) override;
  absl::Status EraseOwner(const base::Owner& owner) override;

 private:
  SqliteLedgerStore(std::unique_ptr<sql::SqliteDatabase> database, sql::StorageIdentity identity,
                    const std::string& shared_key, base::Random& random);

  void AppendAt(const base::Owner& owner, std::optional<ChainPlace> place, std::vector<Draft> drafts, absl::Time now,
                AppendDone done);
  absl::Status EraseRows(const std::string& owner_hash);

  std::unique_ptr<sql::SqliteDatabase> database_;
  const sql::StorageIdentity identity_;
  const seal::Sealer sealer_;
  base::Random& random_;
  sql::SqliteOutbox outbox_;
  std::function<void()> nudge_ = [] {};
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_
