#include "libs/rpc/storage_jobs.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/seal/keyring.h"
#include "libs/seal/open_keys.h"
#include "libs/sql/postgres.h"
#include "libs/sql/sqlite.h"
#include "libs/sql/storage_jobs.h"

namespace council::rpc {
namespace {

struct Flags {
  std::string storage;
  std::string key_storage;
  std::string service_role;
  std::string keys;
};

void AddFlag(CLI::App& app, const std::string& flag, std::string& value, const std::string& help,
             bool required = false) {
  app.add_option(flag, value, help)->envname(Program::EnvironmentName(flag))->required(required);
}

void AddStorageFlag(CLI::App& app, std::string& storage) {
  AddFlag(app, "--storage", storage, "the storage, as the service is told it", /*required=*/true);
}

void AddKeyStorageFlag(CLI::App& app, std::string& key_storage) {
  AddFlag(app, "--key-storage", key_storage, "where owners' keys are, as the service is told it");
}

std::string Name(const sql::Schema& schema) {
  return std::string(schema.name);
}

absl::Status Migrate(const Flags& flags, const StorageWithSchema& one) {
  COUNCIL_RETURN_IF_ERROR(sql::MigrateStorage(one.storage, one.schema, flags.service_role));
  // SQLite's is made by the first program that has keys.
  if (sql::IsPostgresUrl(one.key_storage)) {
    const std::string schema = seal::KeySchemaOf(Name(one.schema));
    COUNCIL_RETURN_IF_ERROR(
        sql::MigrateStorage(one.key_storage, seal::SqlOwnerKeyStore::SchemaNamed(schema), flags.service_role));
  }
  std::printf("%s: the storage has the schema of this version\n", Name(one.schema).c_str());
  return absl::OkStatus();
}

absl::Status RenewLineage(const StorageWithSchema& one) {
  base::SystemRandom random;
  COUNCIL_ASSIGN_OR_RETURN(const std::string lineage, sql::RenewLineage(one.storage, one.schema, random));
  std::printf("%s: the lineage is %s now\n", Name(one.schema).c_str(), lineage.c_str());
  return absl::OkStatus();
}

absl::Status MakeKeys(const Flags& flags) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string path, seal::KeyringPath(flags.keys));
  if (path.empty()) return absl::InvalidArgumentError("--keys must be file:PATH: where to write the keyring");
  base::SystemRandom random;
  COUNCIL_RETURN_IF_ERROR(seal::Keyring::Make(path, random));
  std::printf(
      "made the keyring %s: keep it apart from the data, and a copy of it where you keep what must not be lost\n",
      path.c_str());
  return absl::OkStatus();
}

// What the jobs do with the keys of one storage's owners.
enum class WithKeys { kRewrap, kRotate };

absl::Status ChangeKeys(const Flags& flags, const StorageWithSchema& one, WithKeys what) {
  COUNCIL_RETURN_IF_ERROR(CheckIsThere(one.storage));
  COUNCIL_RETURN_IF_ERROR(CheckIsThere(one.key_storage));
  const base::SystemClock clock;
  base::SystemRandom random;
  const seal::KeyFlags key_flags{.keys = flags.keys, .key_storage = one.key_storage};
  COUNCIL_ASSIGN_OR_RETURN(const auto opened,
                           seal::OpenedKeys::Open(key_flags, one.storage, Name(one.schema), clock, random));
  const seal::Keys keys = opened->keys();
  if (keys.owners == nullptr) return absl::InvalidArgumentError("--keys must be file:PATH");
  if (what == WithKeys::kRotate) {
    COUNCIL_ASSIGN_OR_RETURN(const std::int64_t owners, keys.owners->RotateAll());
    std::printf("%s: %lld owners have a new key\n", Name(one.schema).c_str(), static_cast<long long>(owners));
    return absl::OkStatus();
  }
  COUNCIL_ASSIGN_OR_RETURN(const auto database, sql::OpenDatabase(one.storage, one.schema));
  COUNCIL_RETURN_IF_ERROR(seal::OpenSecrets(*database, keys, random).status());
  COUNCIL_RETURN_IF_ERROR(seal::RewrapSecrets(*database, *keys.owners, random));
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t rewrapped, keys.owners->RewrapAll());
  std::printf("%s: all is wrapped by the primary key now, %lld keys of owners anew\n", Name(one.schema).c_str(),
              static_cast<long long>(rewrapped));
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckIsThere(const std::string& storage) {
  if (sql::IsPostgresUrl(storage)) return absl::OkStatus();
  COUNCIL_ASSIGN_OR_RETURN(const std::string path, sql::SqlitePath(storage));
  return std::filesystem::is_regular_file(path) ? absl::OkStatus()
                                                : absl::NotFoundError(absl::StrCat("there is no ", path));
}

void AddStorageFlags(CLI::App& job, std::string& storage, std::string& key_storage, std::string& keys) {
  AddStorageFlag(job, storage);
  AddKeyStorageFlag(job, key_storage);
  AddFlag(job, "--keys", keys, "file:PATH of the keyring", /*required=*/true);
}

void AddStorageJobs(Program& program, const StoragesOf& storages) {
  const auto flags = std::make_shared<Flags>();
  // Runs `job` for each storage.
  const auto for_each = [flags, storages](auto job) {
    return [flags, storages, job]() -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(const auto all, storages(flags->storage, flags->key_storage));
      for (const StorageWithSchema& one : all) COUNCIL_RETURN_IF_ERROR(job(one));
      return absl::OkStatus();
    };
  };
  program.AddJob({
      .name = "migrate",
      .purpose = "Brings the storage to the schema of this version. Several at once do no harm.",
      .add_flags =
          [flags](CLI::App& app) {
            AddStorageFlag(app, flags->storage);
            AddKeyStorageFlag(app, flags->key_storage);
            AddFlag(app, "--service-role", flags->service_role,
                    "the PostgreSQL role that the service has: given the rights that it needs, no more");
          },
      .run = for_each([flags](const StorageWithSchema& one) { return Migrate(*flags, one); }),
  });
  program.AddJob({
      .name = "renew-lineage",
      .purpose = "The last step of restoring the storage from a backup, before the service starts again: tokens of the "
                 "storage that it replaces are refused from now on.",
      .add_flags = [flags](CLI::App& app) { AddStorageFlag(app, flags->storage); },
      .run = for_each([](const StorageWithSchema& one) { return RenewLineage(one); }),
  });
  program.AddJob({
      .name = "make-keys",
      .purpose = "Makes a keyring, one for all services. Never overwrites one.",
      .add_flags =
          [flags](CLI::App& app) {
            AddFlag(app, "--keys", flags->keys, "file:PATH of the keyring to make", /*required=*/true);
          },
      .run = [flags] { return MakeKeys(*flags); },
  });
  const auto add_key_job = [&](const char* name, const char* purpose, WithKeys what) {
    program.AddJob({
        .name = name,
        .purpose = purpose,
        .add_flags = [flags](CLI::App& app) { AddStorageFlags(app, flags->storage, flags->key_storage, flags->keys); },
        .run = for_each([flags, what](const StorageWithSchema& one) { return ChangeKeys(*flags, one, what); }),
    });
  };
  add_key_job(
      "rewrap-keys",
      "Wraps by the keyring's primary key what is wrapped by another one, so that the other one can be dropped. All "
      "copies of the service must have been restarted with that primary key.",
      WithKeys::kRewrap);
  add_key_job("rotate-keys", "Gives every owner a new key; rows are sealed with it as they are used.",
              WithKeys::kRotate);
}

void AddStorageJobs(Program& program, const sql::Schema& schema) {
  AddStorageJobs(program,
                 [schema](const std::string& storage,
                          const std::string& key_storage) -> absl::StatusOr<std::vector<StorageWithSchema>> {
                   return std::vector<StorageWithSchema>{
                       {.storage = storage, .schema = schema, .key_storage = seal::KeyStorageOf(key_storage, storage)}};
                 });
}

}  // namespace council::rpc
