#ifndef COUNCIL_LIBS_AUDIT_ACCESS_ROWS_H_
#define COUNCIL_LIBS_AUDIT_ACCESS_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/audit/access_storage.pb.h"
#include "libs/base/owner.h"
#include "libs/seal/resealer.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"

namespace council::audit {

// One owner's records in a service's table `accesses` (owner, time, id, sealed), for as long as the transaction that
// the connection is in. Lets the engine's exceptions escape.
class AccessRows {
 public:
  // What is referred to must outlive this.
  AccessRows(sql::Connection& connection, const seal::Sealer& sealer, const std::string& owner_hash)
      : connection_(connection), sealer_(sealer), owner_hash_(owner_hash) {}

  // The table's name, and how a resealer walks it.
  static constexpr char kTable[] = "accesses";
  static seal::SealedTable Table();

  // Puts a record of one write, which raises the owner's revision to `revision`.
  absl::Status PutWrite(const base::Owner& owner, const storage::v1::StoredAccess& access, std::int64_t revision);

  // Adds to the record of the same hour, method and client.
  absl::Status Add(const base::Owner& owner, const storage::v1::StoredAccess& access);

  void RemoveBefore(absl::Time time);

  // As AccessStore::ListAccesses.
  absl::StatusOr<std::vector<storage::v1::StoredAccess>> List(std::size_t limit, std::string& position);

 private:
  absl::Status Put(const storage::v1::StoredAccess& access, const std::string& id);
  absl::StatusOr<storage::v1::StoredAccess> Open(std::string_view id, std::string_view sealed);

  sql::Connection& connection_;
  const seal::Sealer& sealer_;
  const std::string& owner_hash_;
};

}  // namespace council::audit

#endif  // COUNCIL_LIBS_AUDIT_ACCESS_ROWS_H_
