// What is done to a storage now and then, by a person or a script, and not by a running service.
#ifndef COUNCIL_LIBS_SQL_STORAGE_JOBS_H_
#define COUNCIL_LIBS_SQL_STORAGE_JOBS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/random.h"
#include "libs/sql/migrations.h"

namespace council::sql {

// Brings a storage, named as --storage does, to the newest schema: a PostgreSQL one as MigratePostgres does, SQLite's,
// which is made where there is none, as opening it does. `service_role` is PostgreSQL's alone: INVALID_ARGUMENT with
// SQLite.
absl::Status MigrateStorage(const std::string& storage, const Schema& schema, const std::string& service_role);

// Gives a storage that was restored from a backup a new lineage, made from `random`, and returns it: tokens and cache
// keys of the storage that it replaces are known as such from then on. For a storage that no service has open.
// NOT_FOUND where there is none; else fails as OpenDatabase and Database::Write do. Does no harm when repeated.
absl::StatusOr<std::string> RenewLineage(const std::string& storage, const Schema& schema, base::Random& random);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_STORAGE_JOBS_H_
