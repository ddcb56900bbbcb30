// Ledgers in a SQLite database.
#ifndef COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_
#define COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_

#include <memory>
#include <string>

#include "libs/sql/sqlite.h"
#include "services/ledger/sql_ledger_store.h"

namespace council::ledger {

// Appends join the database's group commit.
class SqliteLedgerStore final : public SqlLedgerStore {
 public:
  // As SqlLedgerStore::Open; makes the database where there is none.
  static absl::StatusOr<std::unique_ptr<SqliteLedgerStore>> Open(sql::SqliteOptions options,
                                                                 const std::string& shared_key, base::Random& random);

  // Finishes the appends that wait.
  ~SqliteLedgerStore() override { database_.reset(); }

  void Flush() override;

 private:
  SqliteLedgerStore(std::unique_ptr<sql::SqliteDatabase> database, sql::StorageIdentity identity,
                    const std::string& shared_key, base::Random& random)
      : SqlLedgerStore(*database, std::move(identity), shared_key, random), database_(std::move(database)) {}

  void AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) override;

  std::unique_ptr<sql::SqliteDatabase> database_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SQLITE_LEDGER_STORE_H_
