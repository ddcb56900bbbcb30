// Ledgers in a SQLite database.
#ifndef COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/sql/sqlite.h"
#include "services/ledger/sql_ledger_store.h"

namespace council::ledger {

// Appends take turns of the database's writer, and a turn does all that waits: the callers of one commit share their
// owner's rows too (state, summaries, outbox), which are written once for all of them.
class SqliteLedgerStore final : public SqlLedgerStore {
 public:
  // As SqlLedgerStore::Open; makes the database where there is none.
  static absl::StatusOr<std::unique_ptr<SqliteLedgerStore>> Open(sql::SqliteOptions options, const seal::Keys& keys,
                                                                 base::Random& random);

  // Finishes the appends that wait.
  ~SqliteLedgerStore() override { database_.reset(); }

  void Flush() override;

 private:
  SqliteLedgerStore(std::unique_ptr<sql::SqliteDatabase> database, seal::StorageSecrets secrets, const seal::Keys& keys,
                    base::Random& random)
      : SqlLedgerStore(*database, std::move(secrets), keys, random), database_(std::move(database)) {}

  struct Waiting {
    std::shared_ptr<const AppendJob> job;
    AppendDone done;
  };
  // What one turn of the writer does. Shared by its work and what comes after the commit.
  struct Turn {
    bool had = false;  // The writer came to it.
    std::vector<std::shared_ptr<Waiting>> appends;
    std::vector<absl::StatusOr<Appended>> answers;
  };

  void AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) override ABSL_LOCKS_EXCLUDED(mutex_);
  // The appends of a turn that has come.
  std::vector<std::shared_ptr<Waiting>> TakeTurn() ABSL_LOCKS_EXCLUDED(mutex_);
  // Those for whom there is no turn, now that one is not to be had.
  std::vector<std::shared_ptr<Waiting>> LoseTurn() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Run(sql::Connection& connection, Turn& turn);
  void RunAlone(std::shared_ptr<Waiting> waiting);
  void Finish(const absl::Status& status, Turn& turn);

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Waiting>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t turns_ ABSL_GUARDED_BY(mutex_) = 0;  // Queued at the writer: as many as wait, or more.
  std::unique_ptr<sql::SqliteDatabase> database_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_
