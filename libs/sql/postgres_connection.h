#ifndef COUNCIL_LIBS_SQL_POSTGRES_CONNECTION_H_
#define COUNCIL_LIBS_SQL_POSTGRES_CONNECTION_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/nontransaction>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/sql/connection.h"

namespace council::sql {

struct PostgresConnectionOptions {
  // postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST…]/DATABASE[?…], as libpq reads it (PostgreSQL's
  // documentation, 34.1.1).
  std::string url{};
  // Where the tables are.
  std::string schema{};
  // What one statement may take at the server; a second later the connection is given up by who watches it.
  absl::Duration statement_timeout = absl::Seconds(5);
  // What a transaction may be idle, so that a frozen program holds no locks.
  absl::Duration idle_timeout = absl::Seconds(10);
};

// What libpq is given: `url` with what it leaves open set to what fits a service: the server that takes writes of those
// named (so that a failover is followed), a connection in two seconds a host or none, dead peers noticed. To another
// machine it goes over TLS, and the server's certificate must hold (sslmode=verify-full, or verify-ca).
// INVALID_ARGUMENT where libpq can't read the URL or its sslmode is a weaker one, without a word of the URL: it may
// hold a password.
absl::StatusOr<std::string> PostgresConnectionString(absl::string_view url);

// A connection to a PostgreSQL server. Throws pqxx::failure where the server can't be reached or says no; whoever has
// it then gives the connection up, since the server may have ended it.
class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(const PostgresConnectionOptions& options);
  ~PostgresConnection() override;

  Statement Prepare(std::string_view sql) override;
  void Execute(const std::string& sql) override;
  Engine engine() const override { return Engine::kPostgres; }

  // Whether the server has said nothing since the last statement: it does when it ends the connection. Asks nobody.
  bool SeemsAlive() const;

  // Ends the connection if the statement that it waits for is overdue: the waiting thread's statement fails. The one
  // function that may be called on another thread.
  void EndIfOverdue(std::chrono::steady_clock::time_point now);

 private:
  class Prepared;
  class Watched;

  const std::chrono::steady_clock::duration statement_limit_;
  pqxx::connection connection_;
  // libpqxx would print what the server remarks, which may speak of rows.
  const pqxx::quiet_errorhandler quiet_{connection_};
  int socket_ = -1;
  // When the statement under way is overdue, in ticks of steady_clock; 0: none is under way.
  std::atomic<std::chrono::steady_clock::rep> overdue_ = 0;
  std::optional<pqxx::nontransaction> session_;
  absl::flat_hash_map<std::string, std::unique_ptr<Prepared>> cache_;
};

// The text of an array of bytea that a parameter of that type takes: {"\\x01ff","\\x"}.
std::string ByteaArray(const std::vector<std::string_view>& values);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_POSTGRES_CONNECTION_H_
