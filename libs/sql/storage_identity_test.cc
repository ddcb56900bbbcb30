#include "libs/sql/storage_identity.h"

#include <gtest/gtest.h>

#include "libs/sql/sqlite.h"
#include "tests/support/temp_dir.h"

namespace council::sql {
namespace {

TEST(StorageIdentityTest, IsMadeOnceAndThenKept) {
  const test::TempDir directory;
  base::SeededRandom random(1);
  StorageIdentity first;
  {
    auto database = SqliteDatabase::Open({.path = (directory / "a.db").string()}, {});
    ASSERT_TRUE(database.ok());
    first = StorageIdentity::LoadOrCreate(**database, random).value();
  }
  EXPECT_EQ(first.lineage.size(), 32u);
  EXPECT_EQ(first.owner_key.size(), 32u);
  EXPECT_EQ(first.token_key.size(), 32u);

  auto database = SqliteDatabase::Open({.path = (directory / "a.db").string()}, {});
  ASSERT_TRUE(database.ok());
  const StorageIdentity again = StorageIdentity::LoadOrCreate(**database, random).value();
  EXPECT_EQ(again.lineage, first.lineage);
  EXPECT_EQ(again.owner_key, first.owner_key);
  EXPECT_EQ(again.token_key, first.token_key);
}

TEST(StorageIdentityTest, TwoStoragesDiffer) {
  const test::TempDir directory;
  base::SystemRandom random;
  auto a = SqliteDatabase::Open({.path = (directory / "a.db").string()}, {}).value();
  auto b = SqliteDatabase::Open({.path = (directory / "b.db").string()}, {}).value();
  EXPECT_NE(StorageIdentity::LoadOrCreate(*a, random)->lineage, StorageIdentity::LoadOrCreate(*b, random)->lineage);
}

}  // namespace
}  // namespace council::sql
