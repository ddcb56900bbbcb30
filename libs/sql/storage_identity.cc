#include "libs/sql/storage_identity.h"

#include "absl/strings/escaping.h"
#include "libs/base/status.h"

namespace council::sql {

absl::StatusOr<StorageIdentity> StorageIdentity::LoadOrCreate(Database& database, base::Random& random) {
  return LoadOrCreate(database, random, [](std::string_view key) { return std::string(key); });
}

absl::StatusOr<StorageIdentity> StorageIdentity::LoadOrCreate(Database& database, base::Random& random,
                                                              Protect protect) {
  StorageIdentity identity;
  COUNCIL_RETURN_IF_ERROR(database.Write(Owners::None(), [&](Connection& connection) {
    const std::string owner = protect(random.Bytes(32));
    const std::string token = protect(random.Bytes(32));
    connection
        .Prepare("INSERT INTO storage (id, lineage, owner_key, token_key) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING")
        .Bind(absl::BytesToHexString(random.Bytes(16)), Blob{owner}, Blob{token})
        .Run();
    Statement select = connection.Prepare("SELECT lineage, owner_key, token_key FROM storage");
    select.Step();
    identity.lineage = select.GetText(0);
    identity.owner_key = select.GetBlob(1);
    identity.token_key = select.GetBlob(2);
    return absl::OkStatus();
  }));
  return identity;
}

absl::Status StorageIdentity::ReplaceKeys(Database& database, const std::string& owner,
                                          const std::string& token) const {
  return database.Write(Owners::None(), [&](Connection& connection) {
    connection.Prepare("UPDATE storage SET owner_key = ?, token_key = ? WHERE owner_key = ? AND token_key = ?")
        .Bind(Blob{owner}, Blob{token}, Blob{owner_key}, Blob{token_key})
        .Run();
    return absl::OkStatus();
  });
}

}  // namespace council::sql
