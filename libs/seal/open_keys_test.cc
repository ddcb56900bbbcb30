#include "libs/seal/open_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "libs/seal/keyring.h"
#include "libs/seal/token.h"
#include "libs/sql/sqlite.h"
#include "tests/support/temp_dir.h"

namespace council::seal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class OpenKeysTest : public ::testing::Test {
 protected:
  OpenKeysTest() {
    EXPECT_TRUE(Keyring::Make(path("a.json"), random_).ok());
    EXPECT_TRUE(Keyring::Make(path("b.json"), random_).ok());
  }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string storage() const { return "sqlite:" + path("data.db"); }

  absl::StatusOr<std::unique_ptr<OpenedKeys>> Open(const std::string& keys) {
    return OpenedKeys::Open({.keys = keys}, storage(), "test", clock_, random_);
  }

  // The storage's secrets, opened with the keys that `keys` names.
  absl::StatusOr<StorageSecrets> Secrets(const std::string& keys) {
    const auto opened = Open(keys);
    if (!opened.ok()) return opened.status();
    const auto database = sql::OpenDatabase(storage(), {}).value();
    return OpenSecrets(*database, (*opened)->keys(), random_);
  }

  std::string StoredBytes() const {
    std::stringstream bytes;
    for (const char* suffix : {"", "-wal"}) bytes << std::ifstream(path("data.db") + suffix).rdbuf();
    return bytes.str();
  }

  const test::TempDir directory_;
  base::SystemClock clock_;
  base::SystemRandom random_;
};

TEST_F(OpenKeysTest, WithoutKeysThereIsTheDevelopmentsSharedOneAlone) {
  const auto opened = Open("none");
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->keys().shared, DevelopmentSharedKey());
  EXPECT_EQ((*opened)->keys().owners, nullptr);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "keys"));
}

TEST_F(OpenKeysTest, WhatIsNoValueOfTheFlagIsSaid) {
  for (const char* keys : {"file:", "path", "vault:x"}) {
    EXPECT_THAT(Open(keys).status().message(), HasSubstr("none or file:PATH")) << keys;
  }
  EXPECT_EQ(Open("file:" + path("no.json")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(OpenKeysTest, OwnersKeysLieBesideTheDataForItsAccountAlone) {
  ASSERT_TRUE(Open("file:" + path("a.json")).ok());
  EXPECT_TRUE(std::filesystem::exists(directory_ / "keys" / "data.db"));
  EXPECT_EQ(std::filesystem::status(directory_ / "keys").permissions(), std::filesystem::perms::owner_all);
}

TEST_F(OpenKeysTest, AnotherKeyringIsRefusedAndSaidSo) {
  ASSERT_TRUE(Open("file:" + path("a.json")).ok());
  const absl::Status other = Open("file:" + path("b.json")).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(other.message(), HasSubstr("not the one"));
}

TEST_F(OpenKeysTest, TheStoragesOwnKeysLieWrappedAndAreTheSameEachTime) {
  const auto first = Secrets("file:" + path("a.json"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->clear_rows, Sealer::ClearRows::kRefuse);
  EXPECT_THAT(StoredBytes(), Not(HasSubstr(first->identity.owner_key)));
  EXPECT_THAT(StoredBytes(), Not(HasSubstr(first->identity.token_key)));
  const auto again = Secrets("file:" + path("a.json"));
  EXPECT_EQ(again->identity.owner_key, first->identity.owner_key);
  EXPECT_EQ(again->identity.token_key, first->identity.token_key);
  EXPECT_EQ(again->clear_rows, Sealer::ClearRows::kRefuse);
}

TEST_F(OpenKeysTest, AStorageThatIsOlderThanItsKeysKeepsItsHashesAndMayHaveClearRows) {
  const auto before = Secrets("none");
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_THAT(StoredBytes(), HasSubstr(before->identity.owner_key));
  for (int i = 0; i < 2; ++i) {
    const auto after = Secrets("file:" + path("a.json"));
    ASSERT_TRUE(after.ok()) << after.status();
    EXPECT_EQ(after->identity.owner_key, before->identity.owner_key);
    EXPECT_EQ(after->identity.lineage, before->identity.lineage);
    EXPECT_EQ(after->clear_rows, Sealer::ClearRows::kOpen);
    EXPECT_THAT(StoredBytes(), Not(HasSubstr(before->identity.owner_key)));
  }
}

TEST_F(OpenKeysTest, ASealedStorageOpensWithItsKeyringAlone) {
  ASSERT_TRUE(Secrets("file:" + path("a.json")).ok());
  const absl::Status without = Secrets("none").status();
  EXPECT_EQ(without.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(without.message(), HasSubstr("--keys=file:PATH"));
  // The wrapped keys of owners are lost, and another keyring makes new ones: the storage's are not of it.
  std::filesystem::remove_all(directory_ / "keys");
  EXPECT_EQ(Secrets("file:" + path("b.json")).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(OpenKeysTest, KeysOfOwnersThatAreNotThoseOfTheStorageAreRefused) {
  const std::string keys = "file:" + path("a.json");
  ASSERT_TRUE(Secrets(keys).ok());
  std::filesystem::rename(directory_ / "keys", directory_ / "lost");
  const absl::Status other = Secrets(keys).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(other.message(), HasSubstr("--key-storage"));
  std::filesystem::remove_all(directory_ / "keys");
  std::filesystem::rename(directory_ / "lost", directory_ / "keys");
  EXPECT_TRUE(Secrets(keys).ok());
}

TEST(KeyStorageOfTest, IsWhatIsSaidOrBesideTheDataOrInTheSameDatabase) {
  EXPECT_EQ(KeyStorageOf("", "sqlite:/var/lib/council/ledger.db"), "sqlite:/var/lib/council/keys/ledger.db");
  EXPECT_EQ(KeyStorageOf("", "postgresql://a@b/c"), "postgresql://a@b/c");
  EXPECT_EQ(KeyStorageOf("sqlite:/keys.db", "postgresql://a@b/c"), "sqlite:/keys.db");
}

}  // namespace
}  // namespace council::seal
