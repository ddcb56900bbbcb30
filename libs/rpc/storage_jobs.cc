#include "libs/rpc/storage_jobs.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/sql/storage_jobs.h"

namespace council::rpc {
namespace {

struct Flags {
  std::string storage;
  std::string service_role;
};

void AddStorageFlag(CLI::App& app, Flags& flags) {
  app.add_option("--storage", flags.storage, "the storage, as the service is told it")
      ->envname(Program::EnvironmentName("--storage"))
      ->required();
}

}  // namespace

void AddStorageJobs(Program& program,
                    std::function<absl::StatusOr<std::vector<StorageWithSchema>>(const std::string&)> storages) {
  const auto flags = std::make_shared<Flags>();
  program.AddJob({
      .name = "migrate",
      .purpose = "Brings the storage to the schema of this version. Several at once do no harm.",
      .add_flags =
          [flags](CLI::App& app) {
            AddStorageFlag(app, *flags);
            app.add_option("--service-role", flags->service_role,
                           "the PostgreSQL role that the service has: given the rights that it needs, no more")
                ->envname(Program::EnvironmentName("--service-role"));
          },
      .run = [flags, storages]() -> absl::Status {
        COUNCIL_ASSIGN_OR_RETURN(const auto all, storages(flags->storage));
        for (const StorageWithSchema& one : all) {
          COUNCIL_RETURN_IF_ERROR(sql::MigrateStorage(one.storage, one.schema, flags->service_role));
          std::printf("%s: the storage has the schema of this version\n", std::string(one.schema.name).c_str());
        }
        return absl::OkStatus();
      },
  });
  program.AddJob({
      .name = "renew-lineage",
      .purpose = "The last step of restoring the storage from a backup, before the service starts again: tokens of the "
                 "storage that it replaces are refused from now on.",
      .add_flags = [flags](CLI::App& app) { AddStorageFlag(app, *flags); },
      .run = [flags, storages = std::move(storages)]() -> absl::Status {
        COUNCIL_ASSIGN_OR_RETURN(const auto all, storages(flags->storage));
        base::SystemRandom random;
        for (const StorageWithSchema& one : all) {
          COUNCIL_ASSIGN_OR_RETURN(const std::string lineage, sql::RenewLineage(one.storage, one.schema, random));
          std::printf("%s: the lineage is %s now\n", std::string(one.schema.name).c_str(), lineage.c_str());
        }
        return absl::OkStatus();
      },
  });
}

void AddStorageJobs(Program& program, const sql::Schema& schema) {
  AddStorageJobs(program, [schema](const std::string& storage) -> absl::StatusOr<std::vector<StorageWithSchema>> {
    return std::vector<StorageWithSchema>{{.storage = storage, .schema = schema}};
  });
}

}  // namespace council::rpc
