#include "tests/support/test_storage.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "absl/time/time.h"
#include "libs/sql/database.h"
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

std::vector<std::string> ColumnsInClear(const TestStorage& storage, const sql::Schema& schema) {
  std::vector<std::string> columns;
  const auto read = [&](sql::Connection& connection) {
    const bool postgres = connection.engine() == sql::Engine::kPostgres;
    sql::Statement select = connection.Prepare(
        postgres
            ? "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema"
            : "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'");
    while (select.Step()) {
      const std::string table(select.GetText(0));
      const std::string column(select.GetText(1));
      if (table == "schema_migrations" || table == "storage" || column == "sealed") continue;
      columns.push_back(table + "." + column);
    }
    return absl::OkStatus();
  };
  absl::Status status;
  if (const auto database = sql::OpenDatabase(storage.url(), schema); database.ok()) {
    status = (*database)->Read(sql::Owners::None(), absl::InfiniteFuture(), read);
  } else {
    status = database.status();
  }
  if (!status.ok()) throw std::runtime_error(status.ToString());
  std::ranges::sort(columns);
  return columns;
}

PostgresServer& SharedPostgres() {
  static PostgresServer server;
  return server;
}

}  // namespace council::test
