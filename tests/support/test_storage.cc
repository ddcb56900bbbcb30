#include "tests/support/test_storage.h"

#include <stdexcept>
#include <utility>

#include "libs/sql/postgres.h"

namespace council::test {
namespace {

class SqliteTestStorage final : public TestStorage {
 public:
  std::string url() const override { return "sqlite:" + (directory_ / "storage.db").string(); }

 private:
  const TempDir directory_;
};

class PostgresTestStorage final : public TestStorage {
 public:
  explicit PostgresTestStorage(const sql::Schema& schema) : database_(SharedPostgres().CreateDatabase()) {
    const absl::Status migrated = sql::MigratePostgres(SharedPostgres().AdminUrl(database_), schema, "council_service");
    if (!migrated.ok()) throw std::runtime_error(migrated.ToString());
  }

  std::string url() const override { return SharedPostgres().ServiceUrl(database_); }

 private:
  const std::string database_;
};

}  // namespace

std::unique_ptr<TestStorage> NewSqliteStorage(const sql::Schema& /*schema*/) {
  return std::make_unique<SqliteTestStorage>();
}

std::unique_ptr<TestStorage> NewPostgresStorage(const sql::Schema& schema) {
  return std::make_unique<PostgresTestStorage>(schema);
}

PostgresServer& SharedPostgres() {
  static PostgresServer server;
  return server;
}

}  // namespace council::test
