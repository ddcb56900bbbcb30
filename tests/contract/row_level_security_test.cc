// Each table on PostgreSQL that has owners lets a transaction see and write the rows of its own owners alone, whoever's
// rows its statements ask for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/sql/database.h"
#include "services/contacts/migrations.h"
#include "services/ledger/migrations.h"
#include "services/recommendations/migrations.h"
#include "tests/support/test_storage.h"

namespace council::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RowLevelSecurityTest : public ::testing::TestWithParam<sql::Schema> {
 protected:
  // The first column of each row.
  std::vector<std::string> Select(const std::string& text) {
    std::vector<std::string> rows;
    const absl::Status status =
        database_->Read(sql::Owners::None(), absl::InfiniteFuture(), [&](sql::Connection& connection) {
          sql::Statement select = connection.Prepare(text);
          while (select.Step()) rows.emplace_back(select.GetText(0));
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return rows;
  }

  // Tables with a column `owner`.
  std::vector<std::string> Tables() {
    return Select(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema AND column_name = "
        "'owner' "
        "AND table_name NOT LIKE 'schema%' ORDER BY 1");
  }

  const std::unique_ptr<TestStorage> storage_ = NewPostgresStorage(GetParam());
  const std::unique_ptr<sql::Database> database_ = sql::OpenDatabase(storage_->url(), GetParam()).value();
};

TEST_P(RowLevelSecurityTest, EveryTableButTheStoragesOwnHasIt) {
  // A tenant's coefficients of tie strength are of no owner.
  EXPECT_THAT(Select("SELECT relname FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind = 'r' "
                     "AND NOT relrowsecurity AND relname <> 'strength_models' ORDER BY 1"),
              ElementsAre("schema_migrations", "storage"));
  EXPECT_THAT(
      Select("SELECT relname FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relrowsecurity "
             "AND NOT relforcerowsecurity AND relname NOT IN ('outbox', 'erasures', 'ledgers')"),
      IsEmpty())
      << "these hold the role that made them too; of the others functions of that role tell";
}

TEST_P(RowLevelSecurityTest, TheKeyOfEveryTableBeginsWithTheOwner) {
  EXPECT_THAT(Select("SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema::regnamespace "
                     "AND c.relkind = 'r' AND c.relrowsecurity AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN "
                     "pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid "
                     "AND i.indisprimary AND a.attname = 'owner')"),
              IsEmpty());
}

TEST_P(RowLevelSecurityTest, RowsOfAnotherOwnerAreNeitherSeenNorChangedNorMade) {
  const std::string ada(16, 'a');
  const std::string bob(16, 'b');
  ASSERT_FALSE(Tables().empty());
  for (const std::string& table : Tables()) {
    // A row of Ada's, with nothing in it but what must not be empty.
    std::string columns;
    std::string values;
    for (const std::string& column :
         Select("SELECT column_name || ' ' || CASE data_type WHEN 'bytea' THEN '''\\x01''::bytea' ELSE '1' END FROM "
                "information_schema.columns WHERE table_schema = current_schema AND column_name <> 'owner' AND "
                "table_name = '" +
                table + "'")) {
      absl::StrAppend(&columns, ", ", column.substr(0, column.find(' ')));
      absl::StrAppend(&values, ", ", column.substr(column.find(' ') + 1));
    }
    const std::string insert = "INSERT INTO " + table + " (owner" + columns + ") VALUES (?" + values + ")";
    const auto make = [&](sql::Connection& connection) {
      connection.Prepare(insert).Bind(sql::Blob{ada}).Run();
      return absl::OkStatus();
    };
    ASSERT_TRUE(database_->Write(ada, make).ok()) << insert;
    EXPECT_FALSE(database_->Write(bob, make).ok()) << insert;
    const absl::Status status = database_->Write(bob, [&](sql::Connection& connection) {
      sql::Statement select = connection.Prepare("SELECT owner FROM " + table);
      EXPECT_FALSE(select.Step()) << table;
      EXPECT_EQ(connection.Prepare("UPDATE " + table + " SET owner = owner").Run(), 0) << table;
      EXPECT_EQ(connection.Prepare("DELETE FROM " + table).Run(), 0) << table;
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_TRUE(database_
                    ->Write(ada,
                            [&](sql::Connection& connection) {
                              EXPECT_EQ(connection.Prepare("DELETE FROM " + table).Run(), 1) << table;
                              return absl::OkStatus();
                            })
                    .ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Services, RowLevelSecurityTest,
                         ::testing::Values(contacts::StorageSchema(), ledger::StorageSchema(),
                                           recommendations::StorageSchema()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace council::test
