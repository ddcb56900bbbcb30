#include "libs/seal/sql_owner_key_store.h"

#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/seal/migrations.h"

namespace council::seal {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;

constexpr absl::Duration kWait = absl::Seconds(2);
// The generation of the row that stands for keys that were destroyed.
constexpr std::int64_t kDestroyed = 0;

absl::Status OwnerErased() {
  return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                     "the owner's data were erased; nothing can be written for them");
}

}  // namespace

absl::StatusOr<std::vector<WrappedKey>> SqlOwnerKeyStore::Find(const std::string& owner_hash) {
  std::vector<WrappedKey> keys;
  COUNCIL_RETURN_IF_ERROR(database_.Read(owner_hash, absl::Now() + kWait, [&](Connection& connection) -> absl::Status {
    keys.clear();
    Statement select =
        connection.Prepare("SELECT generation, wrapped FROM owner_keys WHERE owner = ? ORDER BY generation");
    select.Bind(Blob{owner_hash});
    while (select.Step()) {
      if (select.GetInt(0) == kDestroyed) return OwnerErased();
      keys.push_back({.generation = select.GetInt(0), .wrapped = std::string(select.GetBlob(1))});
    }
    return absl::OkStatus();
  }));
  return keys;
}

absl::Status SqlOwnerKeyStore::Insert(const std::string& owner_hash, const WrappedKey& key) {
  return database_.Write(owner_hash, [&](Connection& connection) {
    Statement select = connection.Prepare("SELECT 1 FROM owner_keys WHERE owner = ? AND generation = ?");
    select.Bind(Blob{owner_hash}, kDestroyed);
    if (select.Step()) return OwnerErased();
    connection
        .Prepare(
            "INSERT INTO owner_keys (owner, generation, wrapped) VALUES (?, ?, ?) "
            "ON CONFLICT (owner, generation) DO NOTHING")
        .Bind(Blob{owner_hash}, key.generation, Blob{key.wrapped})
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqlOwnerKeyStore::Replace(const std::string& owner_hash, const WrappedKey& old,
                                       const std::string& wrapped) {
  return database_.Write(owner_hash, [&](Connection& connection) {
    connection.Prepare("UPDATE owner_keys SET wrapped = ? WHERE owner = ? AND generation = ? AND wrapped = ?")
        .Bind(Blob{wrapped}, Blob{owner_hash}, old.generation, Blob{old.wrapped})
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqlOwnerKeyStore::Destroy(const std::string& owner_hash) {
  COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
    // First, so that whoever makes a key at the same moment finds this when they read again.
    connection
        .Prepare(
            "INSERT INTO owner_keys (owner, generation, wrapped) VALUES (?, ?, ?) "
            "ON CONFLICT (owner, generation) DO NOTHING")
        .Bind(Blob{owner_hash}, kDestroyed, Blob{""})
        .Run();
    connection.Prepare("DELETE FROM owner_keys WHERE owner = ? AND generation <> ?")
        .Bind(Blob{owner_hash}, kDestroyed)
        .Run();
    return absl::OkStatus();
  }));
  // The log that is in use goes with its next checkpoint.
  database_.ClearLog().IgnoreError();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SqlOwnerKeyStore::OwnersAfter(const std::string& after, int limit) {
  std::vector<std::string> owners;
  COUNCIL_RETURN_IF_ERROR(database_.Read(sql::Owners::None(), absl::Now() + kWait, [&](Connection& connection) {
    Statement select = connection.Prepare(
        connection.engine() == sql::Engine::kPostgres
            ? "SELECT owner FROM owners_with_keys(?, ?)"
            : "SELECT DISTINCT owner FROM owner_keys WHERE owner > ? AND generation > 0 ORDER BY owner LIMIT ?");
    select.Bind(Blob{after}, limit);
    while (select.Step()) owners.emplace_back(select.GetBlob(0));
    return absl::OkStatus();
  }));
  return owners;
}

sql::Schema SqlOwnerKeyStore::SchemaNamed(std::string_view name) {
  sql::Schema schema = StorageSchema();
  schema.name = name;
  return schema;
}

}  // namespace council::seal
