#include "libs/sql/storage_jobs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/random.h"
#include "libs/sql/database.h"
#include "libs/sql/storage_identity.h"
#include "libs/sql/test_migrations.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace council::sql {
namespace {

StorageIdentity IdentityOf(const std::string& storage) {
  base::SeededRandom random(1);
  const auto database = OpenDatabase(storage, testing::StorageSchema());
  EXPECT_TRUE(database.ok()) << database.status();
  const auto identity = StorageIdentity::LoadOrCreate(**database, random);
  EXPECT_TRUE(identity.ok()) << identity.status();
  return *identity;
}

void ExpectNewLineageAndTheSameKeys(const std::string& storage) {
  base::SeededRandom random(2);
  const StorageIdentity before = IdentityOf(storage);
  const auto lineage = RenewLineage(storage, testing::StorageSchema(), random);
  ASSERT_TRUE(lineage.ok()) << lineage.status();
  const StorageIdentity after = IdentityOf(storage);
  EXPECT_EQ(after.lineage, *lineage);
  EXPECT_NE(after.lineage, before.lineage);
  EXPECT_EQ(after.lineage.size(), 32u);
  EXPECT_EQ(after.owner_key, before.owner_key) << "rows are found by it";
  EXPECT_EQ(after.token_key, before.token_key);
}

TEST(StorageJobsTest, ARestoredSqliteStorageGetsANewLineageAndKeepsItsKeys) {
  const test::TempDir directory;
  const std::string storage = absl::StrCat("sqlite:", (directory / "restored.db").string());
  ASSERT_TRUE(MigrateStorage(storage, testing::StorageSchema(), "").ok());
  ExpectNewLineageAndTheSameKeys(storage);
}

TEST(StorageJobsTest, ARestoredPostgresStorageGetsANewLineageAndKeepsItsKeys) {
  test::PostgresServer server;
  const std::string database = server.CreateDatabase();
  const auto migrated = MigrateStorage(server.AdminUrl(database), testing::StorageSchema(), "council_service");
  ASSERT_TRUE(migrated.ok()) << migrated;
  ExpectNewLineageAndTheSameKeys(server.ServiceUrl(database));
}

TEST(StorageJobsTest, NoStorageIsMadeToBeGivenALineage) {
  base::SeededRandom random(1);
  const test::TempDir directory;
  const std::string storage = absl::StrCat("sqlite:", (directory / "none.db").string());
  EXPECT_EQ(RenewLineage(storage, testing::StorageSchema(), random).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(directory / "none.db"));
  EXPECT_EQ(MigrateStorage(storage, testing::StorageSchema(), "role").code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace council::sql
