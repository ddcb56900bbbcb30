#include "libs/seal/owner_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/seal/sealer.h"
#include "libs/seal/sql_owner_key_store.h"
#include "libs/sql/postgres.h"
#include "libs/sql/sqlite.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace council::seal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const base::Owner kAda{"acme", "ada"};
const base::Owner kBob{"acme", "bob"};

Keyring RingOf(const std::string& primary, const std::vector<std::string>& names) {
  std::string keys;
  for (const std::string& name : names) {
    absl::StrAppend(&keys, keys.empty() ? "" : ",", "\"", name, "\":\"",
                    absl::Base64Escape(std::string(32, name.back())), "\"");
  }
  return Keyring::Parse(absl::StrCat(R"({"primary":")", primary, R"(","keys":{)", keys, R"(},"shared":")",
                                     absl::Base64Escape(std::string(32, 's')), R"("})"))
      .value();
}

class OwnerKeysTest : public ::testing::Test {
 protected:
  OwnerKeysTest() {
    sql::SqliteOptions options;
    options.path = (directory_ / "keys.db").string();
    database_ = sql::SqliteDatabase::Open(options, SqlOwnerKeyStore::SchemaNamed("test_keys").sqlite).value();
    store_ = std::make_unique<SqlOwnerKeyStore>(*database_);
  }

  std::unique_ptr<OwnerKeys> Open(const Keyring& keyring) {
    auto keys = OwnerKeys::Open(keyring, *store_, clock_, random_);
    EXPECT_TRUE(keys.ok()) << keys.status();
    return *std::move(keys);
  }

  static Sealer SealerWith(OwnerKeys* keys) { return Sealer(std::string(32, 'o'), std::string(32, 's'), keys); }

  test::TempDir directory_;
  std::unique_ptr<sql::SqliteDatabase> database_;
  std::unique_ptr<SqlOwnerKeyStore> store_;
  base::ManualClock clock_{absl::FromUnixSeconds(1'750'000'000)};
  base::SystemRandom random_;
};

TEST_F(OwnerKeysTest, WhatIsSealedOpensInItsPlaceAloneAndShowsNothing) {
  const auto keys = Open(RingOf("a", {"a"}));
  const Sealer sealer = SealerWith(keys.get());
  const bool holds = rc::check([&](const std::string& plaintext, const std::string& row) {
    const std::string sealed = sealer.Seal(kAda, "entries", row, plaintext).value();
    RC_ASSERT(sealer.Open(kAda, "entries", row, sealed).value() == plaintext);
    RC_ASSERT(plaintext.size() < 8 || sealed.find(plaintext) == std::string::npos);
    RC_ASSERT((sealed.size() - 1 - 24 - 16) % 256 == 0);
    RC_ASSERT(!sealer.Open(kAda, "entries", row + "x", sealed).ok());
    RC_ASSERT(!sealer.Open(kAda, "ties", row, sealed).ok());
    RC_ASSERT(!sealer.Open(kBob, "entries", row, sealed).ok());
    std::string changed = sealed;
    changed[*rc::gen::inRange<std::size_t>(1, sealed.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
    RC_ASSERT(!sealer.Open(kAda, "entries", row, changed).ok());
  });
  EXPECT_TRUE(holds);
}

TEST_F(OwnerKeysTest, WhatWasStoredBeforeThereWereKeysStillOpens) {
  const std::string clear = SealerWith(nullptr).Seal(kAda, "entries", "1", "text").value();
  const auto keys = Open(RingOf("a", {"a"}));
  EXPECT_EQ(SealerWith(keys.get()).Open(kAda, "entries", "1", clear).value(), "text");
}

TEST_F(OwnerKeysTest, AnotherKeyringIsRefusedAndMakesNoKeys) {
  Open(RingOf("a", {"a"}));
  const auto keys = OwnerKeys::Open(RingOf("b", {"b"}), *store_, clock_, random_);
  EXPECT_EQ(keys.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(OwnerKeysTest, ANewMasterKeyWrapsWhatIsUsedAndTheOldOneCanGoThen) {
  std::string sealed;
  {
    const auto keys = Open(RingOf("a", {"a"}));
    sealed = SealerWith(keys.get()).Seal(kAda, "entries", "1", "text").value();
  }
  {
    const auto keys = Open(RingOf("b", {"a", "b"}));
    EXPECT_EQ(SealerWith(keys.get()).Open(kAda, "entries", "1", sealed).value(), "text");
  }
  const auto keys = Open(RingOf("b", {"b"}));
  EXPECT_EQ(SealerWith(keys.get()).Open(kAda, "entries", "1", sealed).value(), "text");
}

TEST_F(OwnerKeysTest, WhatADestroyedKeySealedIsGoneHereAtOnceAndElsewhereWithinAMinute) {
  const auto here = Open(RingOf("a", {"a"}));
  const auto elsewhere = Open(RingOf("a", {"a"}));
  const Sealer sealer = SealerWith(here.get());
  const Sealer other = SealerWith(elsewhere.get());
  const std::string sealed = sealer.Seal(kAda, "entries", "1", "text").value();
  const std::string of_bob = sealer.Seal(kBob, "entries", "1", "bob's").value();
  EXPECT_TRUE(other.Open(kAda, "entries", "1", sealed).ok());
  ASSERT_TRUE(here->Destroy(sealer.OwnerHash(kAda)).ok());
  EXPECT_EQ(sealer.Open(kAda, "entries", "1", sealed).status().code(), absl::StatusCode::kDataLoss);
  clock_.Advance(OwnerKeys::kLifetime);
  EXPECT_FALSE(other.Open(kAda, "entries", "1", sealed).ok());
  EXPECT_TRUE(other.Open(kBob, "entries", "1", of_bob).ok());
}

TEST_F(OwnerKeysTest, CopiesThatMakeAKeyAtOnceAgree) {
  std::vector<std::unique_ptr<OwnerKeys>> copies;
  for (int i = 0; i < 8; ++i) copies.push_back(Open(RingOf("a", {"a"})));
  std::vector<std::string> made(copies.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    threads.emplace_back([&, i] { made[i] = copies[i]->FindOrMake("0123456789abcdef").value(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(made, ::testing::Each(made[0]));
}

TEST(OwnerKeysOnPostgresTest, AKeyIsMadeFoundAndDestroyed) {
  test::PostgresServer server;
  const std::string name = server.CreateDatabase();
  const sql::Schema schema = SqlOwnerKeyStore::SchemaNamed("test_keys");
  ASSERT_TRUE(sql::MigratePostgres(server.AdminUrl(name), schema, "council_service").ok());
  const auto database = sql::OpenDatabase(server.ServiceUrl(name), schema);
  ASSERT_TRUE(database.ok()) << database.status();
  SqlOwnerKeyStore store(**database);
  const std::string owner("\x00\xff'\\", 4);
  EXPECT_EQ(store.Insert(owner, "one").value(), "one");
  EXPECT_EQ(store.Insert(owner, "two").value(), "one");
  ASSERT_TRUE(store.Replace(owner, "other", "three").ok());
  EXPECT_EQ(store.Find(owner).value(), "one");
  ASSERT_TRUE(store.Replace(owner, "one", "three").ok());
  EXPECT_EQ(store.Find(owner).value(), "three");
  ASSERT_TRUE(store.Remove(owner).ok());
  EXPECT_EQ(store.Find(owner).value(), std::nullopt);
}

TEST(KeyringTest, WhatIsWrongIsNamedAndNeverShown) {
  const std::string secret = absl::Base64Escape(std::string(31, 'k'));
  for (const auto& [json, field] :
       std::vector<std::pair<std::string, std::string>>{{"[]", "JSON object"},
                                                        {R"({"keys":{"a":")" + secret + R"("}})", "keys.a"},
                                                        {R"({"keys":{},"primary":"a"})", "primary"},
                                                        {R"({"keys":3})", "keys"}}) {
    const auto keyring = Keyring::Parse(json);
    EXPECT_THAT(keyring.status().message(), HasSubstr(field));
    EXPECT_THAT(keyring.status().message(), Not(HasSubstr(secret)));
  }
}

TEST(KeyringTest, AMadeFileIsPrivateLoadsAndIsNeverOverwritten) {
  const test::TempDir directory;
  const std::string path = (directory / "keys.json").string();
  base::SystemRandom random;
  EXPECT_EQ(Keyring::Load(path).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Keyring::Make(path, random).ok());
  ASSERT_TRUE(Keyring::Load(path).ok());
  EXPECT_EQ(Keyring::Make(path, random).code(), absl::StatusCode::kAlreadyExists);
  std::filesystem::permissions(path, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(Keyring::Load(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace council::seal
