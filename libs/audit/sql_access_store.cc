#include "libs/audit/sql_access_store.h"

#include "libs/audit/access_rows.h"
#include "libs/base/status.h"

namespace council::audit {

absl::Status SqlAccessStore::AddAccesses(const base::Owner& owner, std::span<const storage::v1::StoredAccess> counted,
                                         absl::Time expired) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  return database_.Write(owner_hash, [&](sql::Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const bool erased, lock_owner_(connection, owner, owner_hash));
    if (erased) return absl::OkStatus();
    AccessRows rows(connection, sealer_, owner_hash);
    for (const storage::v1::StoredAccess& access : counted) COUNCIL_RETURN_IF_ERROR(rows.Add(owner, access));
    rows.RemoveBefore(expired);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<storage::v1::StoredAccess>> SqlAccessStore::ListAccesses(const base::Owner& owner,
                                                                                    std::size_t limit,
                                                                                    std::string& position,
                                                                                    absl::Time deadline) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<storage::v1::StoredAccess> page;
  COUNCIL_RETURN_IF_ERROR(database_.Read(owner_hash, deadline, [&](sql::Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(page, AccessRows(connection, sealer_, owner_hash).List(limit, position));
    return absl::OkStatus();
  }));
  return page;
}

}  // namespace council::audit
