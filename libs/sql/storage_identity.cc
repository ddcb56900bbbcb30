#include "libs/sql/storage_identity.h"

#include "absl/strings/escaping.h"
#include "libs/base/status.h"

namespace council::sql {

absl::StatusOr<StorageIdentity> StorageIdentity::LoadOrCreate(Database& database, base::Random& random) {
  StorageIdentity identity;
  COUNCIL_RETURN_IF_ERROR(database.Write(Owners::None(), [&identity, &random](Connection& connection) {
    connection
        .Prepare("INSERT INTO storage (id, lineage, owner_key, token_key) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING")
        .Bind(absl::BytesToHexString(random.Bytes(16)), Blob{random.Bytes(32)}, Blob{random.Bytes(32)})
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

}  // namespace council::sql
