// A PostgreSQL database that many threads of many programs read and write at once.
#ifndef COUNCIL_LIBS_SQL_POSTGRES_H_
#define COUNCIL_LIBS_SQL_POSTGRES_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/sql/database.h"
#include "libs/sql/postgres_connection.h"

namespace council::sql {

// Whether --storage names a PostgreSQL database.
bool IsPostgresUrl(absl::string_view storage);

struct PostgresOptions {
  PostgresConnectionOptions connection{};
  int connections = 8;  // At most, 1 or more; made when they are needed.
  // What a write waits for a connection; reads say it themselves.
  absl::Duration connection_wait = absl::Seconds(2);
};

// A pool of connections. Each transaction sees the rows of its owners alone: it sets `council.owners`, an array of
// bytea, and the policies of row-level security read that.
class PostgresDatabase final : public Database {
 public:
  // Connects, and fails with FAILED_PRECONDITION where the schema is older or newer than `migrations` or the role is
  // one that row-level security does not hold; with UNAVAILABLE where the server can't be reached.
  static absl::StatusOr<std::unique_ptr<PostgresDatabase>> Open(PostgresOptions options,
                                                                std::span<const Migration> migrations);

  // No other call may be running.
  ~PostgresDatabase() override;
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;

  // READ COMMITTED: each statement sees what was committed before it, so a work locks first (Connection::for_update)
  // and reads then. Deadlocks and serialization failures are tried again.
  absl::Status Write(Owners owners, Work work) override;

  // REPEATABLE READ, read-only.
  absl::Status Read(Owners owners, absl::Time deadline, Work work) override;

  // Without a transaction: each statement is one of its own. For a work whose statements are made for that, and set
  // their owners themselves.
  absl::Status Run(absl::Time deadline, Work work);

  // Erased rows go with the server's own vacuum.
  absl::Status ClearLog() override { return absl::OkStatus(); }

  DatabaseStats Stats() const override;

 private:
  class Lease;

  explicit PostgresDatabase(PostgresOptions options);

  absl::StatusOr<std::unique_ptr<PostgresConnection>> Take(absl::Time deadline);
  void GiveBack(std::unique_ptr<PostgresConnection> connection, bool sound);
  absl::Status InTransaction(const std::string& begin, const std::string& end, absl::Time deadline, Work work);
  void Watch();

  const PostgresOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::condition_variable ending_;
  bool stopping_ = false;
  int open_ = 0;  // Connections that there are, free or taken, and those being made.
  std::vector<std::unique_ptr<PostgresConnection>> free_;
  std::vector<PostgresConnection*> taken_;
  PoolStats stats_;
  bool unreachable_ = false;  // The last try to connect failed, and that is logged.

  std::thread watch_;
};

// Brings a PostgreSQL storage to the newest of `schema`, from whichever step it is at, and makes its schema where there
// is none: what a service's command `migrate` does, as a role that may create tables. Gives `service_role`, if it is
// not empty, the rights that the service needs and no more; the role must exist.
absl::Status MigratePostgres(const std::string& url, const Schema& schema, const std::string& service_role);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_POSTGRES_H_
