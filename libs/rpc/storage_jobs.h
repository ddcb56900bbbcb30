#ifndef COUNCIL_LIBS_RPC_STORAGE_JOBS_H_
#define COUNCIL_LIBS_RPC_STORAGE_JOBS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/rpc/program.h"
#include "libs/sql/migrations.h"

namespace council::rpc {

// A storage as --storage names it, what is kept there, and where the keys of its owners are (seal::KeyStorageOf).
struct StorageWithSchema {
  std::string storage;
  sql::Schema schema;
  std::string key_storage;
};

// The storages that --storage and --key-storage (empty: not given) of a program mean.
using StoragesOf = std::function<absl::StatusOr<std::vector<StorageWithSchema>>(const std::string& storage,
                                                                                const std::string& key_storage)>;

// Adds --storage, --key-storage and --keys to a job's command line, as the jobs below have them.
void AddStorageFlags(CLI::App& job, std::string& storage, std::string& key_storage, std::string& keys);

// NOT_FOUND for a SQLite file that is not there: opening it would make one.
absl::Status CheckIsThere(const std::string& storage);

// Adds the jobs that every program with a storage has: `migrate`, which brings it to the program's schema;
// `renew-lineage`, the last step of restoring it from a backup; and for its keys `make-keys`, which makes a keyring,
// `rewrap-keys`, after which an old master key can be dropped, and `rotate-keys`, which gives every owner a new key.
void AddStorageJobs(Program& program, const StoragesOf& storages);

// The same for a program with one storage.
void AddStorageJobs(Program& program, const sql::Schema& schema);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_STORAGE_JOBS_H_
