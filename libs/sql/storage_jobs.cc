#include "libs/sql/storage_jobs.h"

#include <filesystem>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/sql/database.h"
#include "libs/sql/postgres.h"
#include "libs/sql/sqlite.h"
#include "libs/sql/storage_identity.h"

namespace council::sql {

absl::Status MigrateStorage(const std::string& storage, const Schema& schema, const std::string& service_role) {
  if (IsPostgresUrl(storage)) return MigratePostgres(storage, schema, service_role);
  if (!service_role.empty()) return absl::InvalidArgumentError("SQLite knows no roles: leave --service-role out");
  return OpenDatabase(storage, schema).status();
}

absl::StatusOr<std::string> RenewLineage(const std::string& storage, const Schema& schema, base::Random& random) {
  if (!IsPostgresUrl(storage)) {
    COUNCIL_ASSIGN_OR_RETURN(const std::string path, SqlitePath(storage));
    // Opening it would make one.
    if (!std::filesystem::is_regular_file(path)) return absl::NotFoundError(absl::StrCat("there is no ", path));
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenDatabase(storage, schema));
  COUNCIL_RETURN_IF_ERROR(StorageIdentity::LoadOrCreate(*database, random).status());
  const std::string lineage = absl::BytesToHexString(random.Bytes(16));
  COUNCIL_RETURN_IF_ERROR(database->Write(Owners::None(), [&lineage](Connection& connection) {
    connection.Prepare("UPDATE storage SET lineage = ? WHERE id = 1").Bind(lineage).Run();
    return absl::OkStatus();
  }));
  return lineage;
}

}  // namespace council::sql
