#ifndef COUNCIL_LIBS_SEAL_SQL_OWNER_KEY_STORE_H_
#define COUNCIL_LIBS_SEAL_SQL_OWNER_KEY_STORE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/seal/owner_keys.h"
#include "libs/sql/database.h"

namespace council::seal {

// Wrapped keys in a database of their own (migrations/), on either engine.
class SqlOwnerKeyStore final : public OwnerKeyStore {
 public:
  // The tables, in the PostgreSQL schema `name` ("ledger_keys"), which must live as long as what is returned.
  static sql::Schema SchemaNamed(std::string_view name);

  // `database` must outlive the store.
  explicit SqlOwnerKeyStore(sql::Database& database) : database_(database) {}

  absl::StatusOr<std::vector<WrappedKey>> Find(const std::string& owner_hash) override;
  absl::Status Insert(const std::string& owner_hash, const WrappedKey& key) override;
  absl::Status Replace(const std::string& owner_hash, const WrappedKey& old, const std::string& wrapped) override;
  absl::Status Destroy(const std::string& owner_hash) override;
  absl::StatusOr<std::vector<std::string>> OwnersAfter(const std::string& after, int limit) override;

 private:
  sql::Database& database_;
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_SQL_OWNER_KEY_STORE_H_
