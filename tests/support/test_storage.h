#ifndef COUNCIL_TESTS_SUPPORT_TEST_STORAGE_H_
#define COUNCIL_TESTS_SUPPORT_TEST_STORAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/sql/migrations.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// An empty storage on one of the engines, which can be opened and closed again as often as one likes; gone with the
// object.
class TestStorage {
 public:
  virtual ~TestStorage() = default;

  // What --storage takes; on PostgreSQL as the role that a service has.
  virtual std::string url() const = 0;
};

// A SQLite file in a directory of its own.
std::unique_ptr<TestStorage> NewSqliteStorage(const sql::Schema& schema);

// A database of its own, migrated, on a server that the tests of one program share: it starts with the first.
std::unique_ptr<TestStorage> NewPostgresStorage(const sql::Schema& schema);

// What INSTANTIATE_TEST_SUITE_P takes: an engine's name and its factory.
struct TestEngine {
  std::string name;
  std::function<std::unique_ptr<TestStorage>(const sql::Schema&)> make;
  bool sealed = false;  // Whether there are to be keys.
};
inline const TestEngine kSqliteEngine{"Sqlite", NewSqliteStorage};
inline const TestEngine kPostgresEngine{"Postgres", NewPostgresStorage};
inline const TestEngine kSealedSqliteEngine{"SealedSqlite", NewSqliteStorage, true};
inline const TestEngine kSealedPostgresEngine{"SealedPostgres", NewPostgresStorage, true};

// What a storage shows to whoever holds the machine: "TABLE.COLUMN" of all columns but those named `sealed`, without
// the tables that every storage has (schema_migrations and storage), sorted. Throws std::runtime_error where it can't
// be read.
std::vector<std::string> ColumnsInClear(const TestStorage& storage, const sql::Schema& schema);

// The server that NewPostgresStorage uses.
PostgresServer& SharedPostgres();

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_TEST_STORAGE_H_
