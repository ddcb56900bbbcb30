#ifndef COUNCIL_LIBS_AUDIT_SQL_ACCESS_STORE_H_
#define COUNCIL_LIBS_AUDIT_SQL_ACCESS_STORE_H_

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/audit/access_store.h"
#include "libs/base/owner.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"

namespace council::audit {

// Records of accesses beside a service's other tables (AccessRows).
class SqlAccessStore final : public AccessStore {
 public:
  // Locks an owner as the service's writers do, so that nobody erases them meanwhile. Whether they were erased.
  using LockOwner =
      std::function<absl::StatusOr<bool>(sql::Connection&, const base::Owner& owner, const std::string& owner_hash)>;

  // `database` and `sealer` must outlive the store.
  SqlAccessStore(sql::Database& database, const seal::Sealer& sealer, LockOwner lock_owner)
      : database_(database), sealer_(sealer), lock_owner_(std::move(lock_owner)) {}

  absl::Status AddAccesses(const base::Owner& owner, std::span<const storage::v1::StoredAccess> counted,
                           absl::Time expired) override;

  absl::StatusOr<std::vector<storage::v1::StoredAccess>> ListAccesses(const base::Owner& owner, std::size_t limit,
                                                                      std::string& position,
                                                                      absl::Time deadline) override;

 private:
  sql::Database& database_;
  const seal::Sealer& sealer_;
  const LockOwner lock_owner_;
};

}  // namespace council::audit

#endif  // COUNCIL_LIBS_AUDIT_SQL_ACCESS_STORE_H_
