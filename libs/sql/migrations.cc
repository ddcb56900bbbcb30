#include "libs/sql/migrations.h"

#include <sodium.h>

#include <cstddef>
#include <exception>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/sql/engine_status.h"

namespace council::sql {
namespace {

std::string Sha256Hex(std::string_view text) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return absl::BytesToHexString(digest);
}

absl::Status CheckNumbers(std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].number != static_cast<int>(i) + 1) {
      return absl::InvalidArgumentError(absl::StrCat("migration ", i + 1, " is missing"));
    }
  }
  return absl::OkStatus();
}

// How many of `migrations` the database has, if all that it has are among them.
absl::StatusOr<std::size_t> CountApplied(Connection& connection, std::span<const Migration> migrations) {
  std::size_t applied = 0;
  Statement select = connection.Prepare("SELECT number, name, checksum FROM schema_migrations ORDER BY number");
  while (select.Step()) {
    if (applied == migrations.size()) {
      return absl::FailedPreconditionError(absl::StrCat("the storage was made by a newer version: it has migration ",
                                                        select.GetInt(0), " (", std::string(select.GetText(1)),
                                                        "), this program knows ", migrations.size()));
    }
    const Migration& known = migrations[applied];
    if (select.GetInt(0) != known.number || select.GetText(2) != Sha256Hex(known.sql)) {
      return absl::FailedPreconditionError(absl::StrCat("migration ", known.number, " (", std::string(known.name),
                                                        ") is not the one that was applied to the storage as ",
                                                        select.GetInt(0), " (", std::string(select.GetText(1)), ")"));
    }
    ++applied;
  }
  return applied;
}

// The tables that every storage has. One writer at a time is let in: immediate, so that of two programs that start at
// once one waits and then finds everything done.
constexpr char kBeginSqlite[] = "BEGIN IMMEDIATE";
constexpr char kTablesSqlite[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS storage ("
    "  id INTEGER PRIMARY KEY CHECK (id = 1), lineage TEXT NOT NULL, owner_key BLOB NOT NULL,"
    "  token_key BLOB NOT NULL) STRICT";
constexpr char kBeginPostgres[] = "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('council migrations', 0))";
constexpr char kTablesPostgres[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL);"
    "CREATE TABLE IF NOT EXISTS storage ("
    "  id integer PRIMARY KEY CHECK (id = 1), lineage text NOT NULL, owner_key bytea NOT NULL,"
    "  token_key bytea NOT NULL)";

constexpr char kExistsSqlite[] = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'";
constexpr char kExistsPostgres[] = "SELECT 1 WHERE to_regclass('schema_migrations') IS NOT NULL";

absl::Status ApplyMissing(Connection& connection, std::span<const Migration> migrations) {
  const absl::StatusOr<std::size_t> applied = CountApplied(connection, migrations);
  if (!applied.ok()) return applied.status();
  for (const Migration& migration : migrations.subspan(*applied)) {
    connection.Execute(std::string(migration.sql));
    connection.Prepare("INSERT INTO schema_migrations (number, name, checksum) VALUES (?, ?, ?)")
        .Bind(migration.number, migration.name, Sha256Hex(migration.sql))
        .Run();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyMigrations(Connection& connection, std::span<const Migration> migrations) {
  if (absl::Status status = CheckNumbers(migrations); !status.ok()) return status;
  const bool sqlite = connection.engine() == Engine::kSqlite;
  absl::Status status;
  try {
    connection.Execute(sqlite ? kBeginSqlite : kBeginPostgres);
    connection.Execute(sqlite ? kTablesSqlite : kTablesPostgres);
    status = ApplyMissing(connection, migrations);
    if (status.ok()) {
      connection.Execute("COMMIT");
      return status;
    }
  } catch (const std::exception& error) {
    status = StatusOfException(error);
  }
  try {
    connection.Execute("ROLLBACK");
  } catch (const std::exception&) {
    // The transaction had not begun, or ended with the connection.
    return status;
  }
  return status;
}

absl::Status CheckMigrations(Connection& connection, std::span<const Migration> migrations) {
  absl::StatusOr<std::size_t> applied = 0;
  try {
    Statement exists = connection.Prepare(connection.engine() == Engine::kSqlite ? kExistsSqlite : kExistsPostgres);
    if (exists.Step()) applied = CountApplied(connection, migrations);
  } catch (const std::exception& error) {
    return StatusOfException(error);
  }
  if (!applied.ok()) return applied.status();
  if (*applied == migrations.size()) return absl::OkStatus();
  const Migration& missing = migrations[*applied];
  return absl::FailedPreconditionError(absl::StrCat("the storage lacks migration ", missing.number, " (",
                                                    std::string(missing.name),
                                                    "): run this program's command `migrate` first"));
}

}  // namespace council::sql
