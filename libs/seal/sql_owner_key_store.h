#ifndef COUNCIL_LIBS_SEAL_SQL_OWNER_KEY_STORE_H_
#define COUNCIL_LIBS_SEAL_SQL_OWNER_KEY_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/seal/owner_keys.h"
#include "libs/sql/database.h"

namespace council::seal {

// Wrapped keys in a database of their own (migrations/), on either engine.
class SqlOwnerKeyStore final : public OwnerKeyStore {
 public:
  // The tables, in the PostgreSQL schema `name` ("ledger_keys"), a literal.
  static sql::Schema SchemaNamed(std::string_view name);

  // `database` must outlive the store.
  explicit SqlOwnerKeyStore(sql::Database& database) : database_(database) {}

  absl::StatusOr<std::optional<std::string>> Find(const std::string& owner_hash) override;
  absl::StatusOr<std::string> Insert(const std::string& owner_hash, const std::string& wrapped) override;
  absl::Status Replace(const std::string& owner_hash, const std::string& old, const std::string& wrapped) override;
  absl::Status Remove(const std::string& owner_hash) override;

 private:
  sql::Database& database_;
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_SQL_OWNER_KEY_STORE_H_
