#include "libs/sql/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "libs/sql/sqlite_connection.h"
#include "libs/sql/test_migrations.h"
#include "tests/support/temp_dir.h"

namespace council::sql {
namespace {

using ::testing::HasSubstr;

class MigrationsTest : public ::testing::Test {
 protected:
  test::TempDir directory_;
  SqliteConnection connection_{(directory_ / "a.db").string(), SqliteConnection::Mode::kReadWrite, absl::Seconds(1)};
};

TEST_F(MigrationsTest, EmbeddedFilesAreAppliedOnceAndInOrder) {
  const auto migrations = testing::StorageSchema().sqlite;
  ASSERT_EQ(migrations.size(), 2u);
  EXPECT_EQ(migrations[0].number, 1);
  EXPECT_EQ(migrations[0].name, "first_tables");
  ASSERT_TRUE(ApplyMigrations(connection_, migrations).ok());
  ASSERT_TRUE(ApplyMigrations(connection_, migrations).ok());

  connection_.Execute("INSERT INTO note (id) VALUES (1)");
  Statement select = connection_.Prepare("SELECT body FROM note");
  ASSERT_TRUE(select.Step());
  EXPECT_EQ(select.GetText(0), "a;b\"c[d]");
}

TEST_F(MigrationsTest, AStorageMadeByANewerProgramIsRefused) {
  const auto migrations = testing::StorageSchema().sqlite;
  ASSERT_TRUE(ApplyMigrations(connection_, migrations).ok());
  const absl::Status status = ApplyMigrations(connection_, migrations.first(1));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("newer version"));
  EXPECT_THAT(status.message(), HasSubstr("unique_tags"));
}

TEST_F(MigrationsTest, AStepEditedAfterItWasAppliedIsRefused) {
  std::vector<Migration> migrations = {{1, "first", "CREATE TABLE a (i INTEGER)"}};
  ASSERT_TRUE(ApplyMigrations(connection_, migrations).ok());
  migrations[0].sql = "CREATE TABLE b (i INTEGER)";
  const absl::Status status = ApplyMigrations(connection_, migrations);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("migration 1 (first)"));
}

TEST_F(MigrationsTest, AFailingStepLeavesTheOldSchemaWhole) {
  std::vector<Migration> migrations = {{1, "first", "CREATE TABLE a (i INTEGER)"}};
  ASSERT_TRUE(ApplyMigrations(connection_, migrations).ok());
  migrations.push_back({2, "second", "CREATE TABLE b (i INTEGER)"});
  migrations.push_back({3, "third", "CREATE TABLE a (i INTEGER)"});
  EXPECT_FALSE(ApplyMigrations(connection_, migrations).ok());
  Statement count = connection_.Prepare(
      "SELECT (SELECT count(*) FROM schema_migrations), count(*) FROM sqlite_schema WHERE name = 'b'");
  ASSERT_TRUE(count.Step());
  EXPECT_EQ(count.GetInt(0), 1);
  EXPECT_EQ(count.GetInt(1), 0);
}

TEST_F(MigrationsTest, GapsInTheNumbersAreRefused) {
  const std::vector<Migration> migrations = {{2, "second", "SELECT 1"}};
  EXPECT_EQ(ApplyMigrations(connection_, migrations).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace council::sql
