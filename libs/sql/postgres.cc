#include "libs/sql/postgres.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <pqxx/except>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/sql/engine_status.h"

namespace council::sql {
namespace {

constexpr int kTries = 4;  // Of a transaction that met a deadlock.
constexpr std::chrono::milliseconds kWatchEvery{250};

absl::Status NoConnection() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                     "too much waits for the storage"),
                         absl::Milliseconds(200));
}

std::string SetOwners(Owners owners) {
  std::vector<std::string_view> hashes(owners.hashes().begin(), owners.hashes().end());
  return absl::StrCat("; SELECT set_config('council.owners', '", ByteaArray(hashes), "', true)");
}

absl::Status CheckRole(Connection& connection) {
  Statement select = connection.Prepare(
      "SELECT CASE WHEN rolsuper OR rolbypassrls THEN 1 ELSE 0 END FROM pg_roles "
      "WHERE rolname = current_user");
  if (select.Step() && select.GetInt(0) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the storage's role is a superuser or has BYPASSRLS, so row-level security does not hold it: give the service a "
      "role of its own (migrate --service-role)");
}

// What libpq says of a server that it could not connect to, in one line, for the operator; empty where it was something
// else. Neither rows nor passwords are in it.
std::string WhyUnreachable(const std::exception& error) {
  if (dynamic_cast<const pqxx::broken_connection*>(&error) == nullptr) return "";
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(error.what()), {{"\n", "; "}});
}

bool RolledBack(PostgresConnection& connection) {
  try {
    connection.Execute("ROLLBACK");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// As a transaction that waits for other programs' migrations.
std::string AfterOthers(const std::string& statements) {
  return "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('council migrations', 0)); " + statements + "; COMMIT";
}

std::string Quoted(absl::string_view identifier) {
  std::string quoted = "\"";
  for (const char c : identifier) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

bool IsPostgresUrl(absl::string_view storage) {
  return absl::StartsWith(storage, "postgresql://") || absl::StartsWith(storage, "postgres://");
}

absl::StatusOr<std::unique_ptr<PostgresDatabase>> PostgresDatabase::Open(PostgresOptions options,
                                                                         std::span<const Migration> migrations) {
  if (options.connections < 1) return absl::InvalidArgumentError("a pool needs a connection at least");
  COUNCIL_RETURN_IF_ERROR(PostgresConnectionString(options.connection.url).status());
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(std::move(options)));
  const absl::Time deadline = absl::Now() + database->options_.connection_wait;
  const absl::Status fit = database->Run(deadline, [&](Connection& connection) {
    absl::Status status = CheckRole(connection);
    return status.ok() ? CheckMigrations(connection, migrations) : status;
  });
  if (!fit.ok()) return fit;
  return database;
}

PostgresDatabase::PostgresDatabase(PostgresOptions options)
    : options_(std::move(options)), watch_([this] { Watch(); }) {}

PostgresDatabase::~PostgresDatabase() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ending_.notify_one();
  watch_.join();
}

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresDatabase::Take(absl::Time deadline) {
  const absl::Time begun = absl::Now();
  std::unique_ptr<PostgresConnection> connection;
  {
    std::unique_lock lock(mutex_);
    const auto available = [this] { return !free_.empty() || open_ < options_.connections; };
    const bool had = deadline == absl::InfiniteFuture()
                         ? (freed_.wait(lock, available), true)
                         : freed_.wait_until(lock, absl::ToChronoTime(deadline), available);
    stats_.total_wait += absl::Now() - begun;
    if (!had) {
      ++stats_.timed_out;
      return NoConnection();
    }
    ++stats_.taken;
    while (!free_.empty()) {
      connection = std::move(free_.back());
      free_.pop_back();
      if (connection->SeemsAlive()) {
        taken_.push_back(connection.get());
        return connection;
      }
      connection.reset();
      --open_;
      ++stats_.lost;
    }
    ++open_;
  }
  absl::Status failure;
  std::string cause;
  try {
    connection = std::make_unique<PostgresConnection>(options_.connection);
  } catch (const std::exception& error) {
    failure = StatusOfException(error);
    cause = WhyUnreachable(error);
  }
  const std::lock_guard lock(mutex_);
  if (connection == nullptr) {
    --open_;
    freed_.notify_one();
    if (!cause.empty() && !std::exchange(unreachable_, true)) spdlog::warn("PostgreSQL can't be reached: {}", cause);
    return failure;
  }
  ++stats_.made;
  if (std::exchange(unreachable_, false)) spdlog::info("PostgreSQL is reached again");
  taken_.push_back(connection.get());
  return connection;
}

void PostgresDatabase::GiveBack(std::unique_ptr<PostgresConnection> connection, bool sound) {
  {
    const std::lock_guard lock(mutex_);
    std::erase(taken_, connection.get());
    if (sound) {
      free_.push_back(std::move(connection));
    } else {
      --open_;
      ++stats_.lost;
    }
  }
  freed_.notify_one();
}

// Begins with `begin` on a connection that answers it, runs the work and ends with `end`; both empty: no transaction.
absl::Status PostgresDatabase::InTransaction(const std::string& begin, const std::string& end, absl::Time deadline,
                                             Work work) {
  while (true) {
    auto taken = Take(deadline);
    if (!taken.ok()) return taken.status();
    std::unique_ptr<PostgresConnection> connection = *std::move(taken);
    absl::Status status;
    bool begun = begin.empty();
    bool sound = true;
    try {
      if (!begun) connection->Execute(begin);
      begun = true;
      status = work(*connection);
      if (!begin.empty()) connection->Execute(status.ok() ? end : "ROLLBACK");
    } catch (const std::exception& error) {
      status = StatusOfException(error);
      sound = !absl::IsUnavailable(status) && (begin.empty() || RolledBack(*connection));
    }
    GiveBack(std::move(connection), sound);
    if (begun) return status;
    // The connection had been lost while it was idle: nothing was done. A fresh one tells whether the server is there.
  }
}

absl::Status PostgresDatabase::Write(Owners owners, Work work) {
  const std::string begin = "BEGIN" + SetOwners(owners);
  absl::Status status;
  for (int tried = 0; tried < kTries; ++tried) {
    bool again = false;
    status = InTransaction(begin, "COMMIT", absl::Now() + options_.connection_wait, [&](Connection& connection) {
      try {
        return work(connection);
      } catch (const pqxx::transaction_rollback&) {
        again = true;
        throw;
      }
    });
    if (!again) return status;
  }
  return status;
}

absl::Status PostgresDatabase::Read(Owners owners, absl::Time deadline, Work work) {
  const absl::Time latest = absl::Now() + options_.connection_wait;
  return InTransaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" + SetOwners(owners), "COMMIT",
                       std::min(deadline, latest), work);
}

absl::Status PostgresDatabase::Run(absl::Time deadline, Work work) {
  return InTransaction("", "", deadline, work);
}

DatabaseStats PostgresDatabase::Stats() const {
  const std::lock_guard lock(mutex_);
  DatabaseStats stats{.group_commits = std::nullopt, .pool = stats_};
  stats.pool.in_use = static_cast<int>(taken_.size());
  stats.pool.most = options_.connections;
  return stats;
}

void PostgresDatabase::Watch() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, kWatchEvery, [this] { return stopping_; })) {
    for (PostgresConnection* connection : taken_) connection->EndIfOverdue(std::chrono::steady_clock::now());
  }
}

absl::Status MigratePostgres(const std::string& url, const Schema& schema, const std::string& service_role) {
  COUNCIL_RETURN_IF_ERROR(PostgresConnectionString(url).status());
  const std::string name(schema.name);
  try {
    PostgresConnectionOptions options;
    options.url = url;
    options.schema = name;
    options.statement_timeout = absl::Minutes(10);
    options.idle_timeout = absl::Minutes(10);
    PostgresConnection connection(options);
    // Two at once: the second finds it made, or is told so by the constraint and may come again.
    connection.Execute(AfterOthers("CREATE SCHEMA IF NOT EXISTS " + name));
    COUNCIL_RETURN_IF_ERROR(ApplyMigrations(connection, schema.postgres));
    std::string rights = "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA " + name + " FROM PUBLIC";
    if (!service_role.empty()) {
      const std::string role = Quoted(service_role);
      absl::StrAppend(&rights, "; GRANT USAGE ON SCHEMA ", name, " TO ", role,
                      "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ", name, " TO ", role,
                      "; REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM ", role,
                      "; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ", name, " TO ", role);
    }
    // Two at once would be an error of the server's: "tuple concurrently updated".
    connection.Execute(AfterOthers(rights));
    return absl::OkStatus();
  } catch (const std::exception& error) {
    const std::string cause = WhyUnreachable(error);
    return cause.empty() ? StatusOfException(error) : absl::UnavailableError("PostgreSQL can't be reached: " + cause);
  }
}

}  // namespace council::sql
