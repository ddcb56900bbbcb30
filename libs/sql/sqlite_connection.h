#ifndef COUNCIL_LIBS_SQL_SQLITE_CONNECTION_H_
#define COUNCIL_LIBS_SQL_SQLITE_CONNECTION_H_

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "libs/sql/connection.h"

namespace council::sql {

// A connection to a SQLite database in WAL mode with synchronous=FULL and foreign keys on.
class SqliteConnection final : public Connection {
 public:
  enum class Mode { kReadWrite, kReadOnly };

  // Opens the database, and creates it in kReadWrite mode, readable and writable by this account alone.
  // Throws SQLite::Exception where that fails. A lock held by another process is waited for, `busy_timeout` at most.
  SqliteConnection(const std::string& path, Mode mode, absl::Duration busy_timeout);
  ~SqliteConnection() override;

  Statement Prepare(std::string_view sql) override;
  void Execute(const std::string& sql) override { database_.exec(sql); }
  Engine engine() const override { return Engine::kSqlite; }

  // Whether a transaction is open. SQLite ends one by itself after some errors, such as a full disk.
  bool InTransaction() const;

  SQLite::Database& database() { return database_; }

 private:
  class Prepared;

  SQLite::Database database_;
  absl::flat_hash_map<std::string, std::unique_ptr<Prepared>> cache_;
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_SQLITE_CONNECTION_H_
