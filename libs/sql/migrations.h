// The schema of a storage, built up by numbered steps.
//
// A service keeps its steps in migrations/sqlite/0001_what_it_does.sql, 0002_….sql and so on, and those for PostgreSQL
// in migrations/postgres/; council_embed_migrations (EmbedMigrations.cmake) compiles them in.
#ifndef COUNCIL_LIBS_SQL_MIGRATIONS_H_
#define COUNCIL_LIBS_SQL_MIGRATIONS_H_

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "libs/sql/connection.h"

namespace council::sql {

// One step. Once released it is never edited: what it did to existing storages cannot be redone.
struct Migration {
  int number;             // 1, 2, 3 … without gaps.
  std::string_view name;  // The file's name without number and ending, as in "first_tables".
  std::string_view sql;   // One or more statements without parameters.
};

// What a service keeps, on either engine.
struct Schema {
  // The PostgreSQL schema that holds the tables, as in "ledger", so that services can share a database.
  std::string_view name;
  std::span<const Migration> sqlite;
  std::span<const Migration> postgres;
};

// Brings the database to the last of `migrations`, given in order. All steps that are missing are applied in one
// transaction and recorded with their SHA-256 in the table schema_migrations, so that a crash leaves the old schema;
// programs that do this at the same time do it one after the other. Makes the table `storage` of StorageIdentity too.
//
// Fails with FAILED_PRECONDITION, and changes nothing, where the database has a step that is not in `migrations` (a
// newer program made it) or one whose text was another (the file was edited after it was applied); with the engine's
// status where a statement fails; with INVALID_ARGUMENT where the numbers have gaps.
absl::Status ApplyMigrations(Connection& connection, std::span<const Migration> migrations);

// OK where the database has exactly `migrations`; else FAILED_PRECONDITION, saying which way it differs and what to do.
absl::Status CheckMigrations(Connection& connection, std::span<const Migration> migrations);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_MIGRATIONS_H_
