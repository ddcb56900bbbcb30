#include "services/ledger/sqlite_ledger_store.h"

#include <utility>

#include "libs/base/status.h"
#include "services/ledger/migrations.h"
#include "services/ledger/sql_append.h"

namespace council::ledger {

absl::StatusOr<std::unique_ptr<SqliteLedgerStore>> SqliteLedgerStore::Open(sql::SqliteOptions options,
                                                                           const std::string& shared_key,
                                                                           base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(std::unique_ptr<sql::SqliteDatabase> database,
                           sql::SqliteDatabase::Open(std::move(options), StorageSchema().sqlite));
  COUNCIL_ASSIGN_OR_RETURN(sql::StorageIdentity identity, sql::StorageIdentity::LoadOrCreate(*database, random));
  std::unique_ptr<SqliteLedgerStore> store(
      new SqliteLedgerStore(std::move(database), std::move(identity), shared_key, random));
  COUNCIL_RETURN_IF_ERROR(store->FinishErasures());
  return store;
}

void SqliteLedgerStore::Flush() {
  database_->Write([](sql::Connection&) { return absl::OkStatus(); }).IgnoreError();
}

void SqliteLedgerStore::AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) {
  auto appended = std::make_shared<Appended>();
  database_->WriteAsync(
      [this, job, appended](sql::Connection& connection) {
        COUNCIL_ASSIGN_OR_RETURN(*appended, AppendInTransaction(connection, sealer(), *job));
        return absl::OkStatus();
      },
      [this, job, appended, done = std::move(done)](const absl::Status& status) mutable {
        if (!status.ok()) {
          std::move(done)(status);
          return;
        }
        Tell(job->key.owner, appended->revision);
        std::move(done)(std::move(*appended));
      });
}

}  // namespace council::ledger
