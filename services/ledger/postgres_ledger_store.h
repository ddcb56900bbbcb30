// Ledgers in a PostgreSQL database, which several copies of the service share.
#ifndef COUNCIL_SERVICES_LEDGER_POSTGRES_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_POSTGRES_LEDGER_STORE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/sql/postgres.h"
#include "services/ledger/postgres_batch.h"
#include "services/ledger/sql_ledger_store.h"

namespace council::ledger {

// Appends that wait together are written together, for many owners at once, by a few threads: two round trips a batch
// (see PostgresBatch), however many callers it has. The owners are shared out among the threads, so that these never
// get in each other's way; another copy of the service may, and then the slower one reads again.
//
// While the server is away callers are told so (UNAVAILABLE) as soon as one batch has found out.
class PostgresLedgerStore final : public SqlLedgerStore {
 public:
  // As SqlLedgerStore::Open. The schema must be there (sql::MigratePostgres).
  static absl::StatusOr<std::unique_ptr<PostgresLedgerStore>> Open(sql::PostgresOptions options, const seal::Keys& keys,
                                                                   base::Random& random);

  // Finishes the appends that wait.
  ~PostgresLedgerStore() override;

  void Flush() override;

  sql::DatabaseStats Stats() const override ABSL_LOCKS_EXCLUDED(stats_mutex_);

 private:
  // One thread and what waits for it.
  struct Writer {
    absl::Mutex mutex;
    std::deque<WaitingAppend> waiting ABSL_GUARDED_BY(mutex);
    bool busy ABSL_GUARDED_BY(mutex) = false;
    bool stopping ABSL_GUARDED_BY(mutex) = false;
    std::thread thread;
  };

  PostgresLedgerStore(std::unique_ptr<sql::PostgresDatabase> database, seal::StorageSecrets secrets,
                      const seal::Keys& keys, base::Random& random);

  void AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) override;
  void Run(Writer& writer);
  static std::vector<WaitingAppend> TakeBatch(Writer& writer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer.mutex);
  void RunBatch(Writer& writer, std::vector<WaitingAppend> appends);

  std::unique_ptr<sql::PostgresDatabase> database_;
  mutable absl::Mutex stats_mutex_;
  sql::GroupCommitStats stats_ ABSL_GUARDED_BY(stats_mutex_);
  std::vector<std::unique_ptr<Writer>> writers_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_POSTGRES_LEDGER_STORE_H_
