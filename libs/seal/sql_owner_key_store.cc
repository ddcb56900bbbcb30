#include "libs/seal/sql_owner_key_store.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/status.h"
#include "libs/seal/migrations.h"

namespace council::seal {
namespace {

using sql::Blob;
using sql::Connection;

constexpr absl::Duration kWait = absl::Seconds(2);

std::optional<std::string> Select(Connection& connection, const std::string& owner_hash) {
  sql::Statement select = connection.Prepare("SELECT wrapped FROM owner_keys WHERE owner = ?");
  select.Bind(Blob{owner_hash});
  if (!select.Step()) return std::nullopt;
  return std::string(select.GetBlob(0));
}

}  // namespace

absl::StatusOr<std::optional<std::string>> SqlOwnerKeyStore::Find(const std::string& owner_hash) {
  std::optional<std::string> wrapped;
  COUNCIL_RETURN_IF_ERROR(database_.Read(owner_hash, absl::Now() + kWait, [&](Connection& connection) {
    wrapped = Select(connection, owner_hash);
    return absl::OkStatus();
  }));
  return wrapped;
}

absl::StatusOr<std::string> SqlOwnerKeyStore::Insert(const std::string& owner_hash, const std::string& wrapped) {
  std::optional<std::string> kept;
  COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
    connection.Prepare("INSERT INTO owner_keys (owner, wrapped) VALUES (?, ?) ON CONFLICT (owner) DO NOTHING")
        .Bind(Blob{owner_hash}, Blob{wrapped})
        .Run();
    kept = Select(connection, owner_hash);
    return absl::OkStatus();
  }));
  if (!kept.has_value()) return absl::AbortedError("the key was destroyed meanwhile");
  return *std::move(kept);
}

absl::Status SqlOwnerKeyStore::Replace(const std::string& owner_hash, const std::string& old,
                                       const std::string& wrapped) {
  return database_.Write(owner_hash, [&](Connection& connection) {
    connection.Prepare("UPDATE owner_keys SET wrapped = ? WHERE owner = ? AND wrapped = ?")
        .Bind(Blob{wrapped}, Blob{owner_hash}, Blob{old})
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqlOwnerKeyStore::Remove(const std::string& owner_hash) {
  COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
    connection.Prepare("DELETE FROM owner_keys WHERE owner = ?").Bind(Blob{owner_hash}).Run();
    return absl::OkStatus();
  }));
  return database_.ClearLog();
}

sql::Schema SqlOwnerKeyStore::SchemaNamed(std::string_view name) {
  sql::Schema schema = StorageSchema();
  schema.name = name;
  return schema;
}

}  // namespace council::seal
