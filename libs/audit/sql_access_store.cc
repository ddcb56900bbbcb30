#include "libs/audit/sql_access_store.h"

#include <map>

#include "libs/audit/access_rows.h"
#include "libs/base/status.h"

namespace council::audit {

absl::Status SqlAccessStore::AddAccesses(std::span<const CountedAccess> counted, absl::Time expired) {
  // In the order of owners, as every writer of several locks them, so that no two wait for each other.
  std::map<std::string, std::vector<const CountedAccess*>> by_owner;
  for (const CountedAccess& one : counted) by_owner[sealer_.OwnerHash(one.owner)].push_back(&one);
  std::vector<std::string> owners;
  for (const auto& [owner_hash, accesses] : by_owner) owners.push_back(owner_hash);
  return database_.Write(std::span<const std::string>(owners), [&](sql::Connection& connection) -> absl::Status {
    for (const auto& [owner_hash, accesses] : by_owner) {
      const base::Owner& owner = accesses.front()->owner;
      COUNCIL_ASSIGN_OR_RETURN(const bool erased, lock_owner_(connection, owner, owner_hash));
      if (erased) continue;
      AccessRows rows(connection, sealer_, owner_hash);
      for (const CountedAccess* one : accesses) COUNCIL_RETURN_IF_ERROR(rows.Add(owner, one->access));
      rows.RemoveBefore(expired);
    }
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
