#include "libs/base/status.h"
#include "libs/sql/database.h"
#include "libs/sql/postgres.h"
#include "libs/sql/sqlite.h"

namespace council::sql {

absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(absl::string_view storage, const Schema& schema) {
  if (IsPostgresUrl(storage)) {
    PostgresOptions options;
    options.connection.url = std::string(storage);
    options.connection.schema = std::string(schema.name);
    return PostgresDatabase::Open(std::move(options), schema.postgres);
  }
  SqliteOptions options;
  COUNCIL_ASSIGN_OR_RETURN(options.path, SqlitePath(storage));
  return SqliteDatabase::Open(std::move(options), schema.sqlite);
}

}  // namespace council::sql
