#ifndef COUNCIL_LIBS_RPC_STORAGE_JOBS_H_
#define COUNCIL_LIBS_RPC_STORAGE_JOBS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/rpc/program.h"
#include "libs/sql/migrations.h"

namespace council::rpc {

// A storage as --storage names it, and what is kept there.
struct StorageWithSchema {
  std::string storage;
  sql::Schema schema;
};

// Adds the jobs that every program with a storage has: `migrate`, which brings it to the program's schema, and
// `renew-lineage`, the last step of restoring it from a backup. `storages` says which storages the program's --storage
// means.
void AddStorageJobs(Program& program,
                    std::function<absl::StatusOr<std::vector<StorageWithSchema>>(const std::string& storage)> storages);

// The same for a program with one storage.
void AddStorageJobs(Program& program, const sql::Schema& schema);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_STORAGE_JOBS_H_
