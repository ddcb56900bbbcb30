#include "libs/sql/migrations.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sodium.h>

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

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

}  // namespace

absl::Status ApplyMigrations(Connection& connection, std::span<const Migration> migrations) {
  if (absl::Status status = CheckNumbers(migrations); !status.ok()) return status;
  try {
    // Immediate: of two programs that start at once one waits and then finds everything done.
    SQLite::Transaction transaction(connection.database(), SQLite::TransactionBehavior::IMMEDIATE);
    connection.Execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        "  number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT");
    const absl::StatusOr<std::size_t> applied = CountApplied(connection, migrations);
    if (!applied.ok()) return applied.status();
    for (const Migration& migration : migrations.subspan(*applied)) {
      connection.Execute(std::string(migration.sql));
      connection.Prepare("INSERT INTO schema_migrations (number, name, checksum) VALUES (?, ?, ?)")
          .Bind(migration.number, migration.name, Sha256Hex(migration.sql))
          .Run();
    }
    transaction.commit();
    return absl::OkStatus();
  } catch (const SQLite::Exception& error) {
    return StatusOfSqlite(error);
  }
}

}  // namespace council::sql
