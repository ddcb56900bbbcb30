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
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/seal/sealer.h"
#include "libs/seal/sql_owner_key_store.h"
#include "libs/sql/postgres.h"
#include "libs/sql/sqlite.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace council::seal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kAda(16, 'a');
const std::string kBob(16, 'b');

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

  static Sealer SealerWith(OwnerKeys* keys) { return Sealer(std::string(32, 'o'), Keys(std::string(32, 's'), keys)); }

  static bool IsErased(const absl::Status& status) {
    return status.code() == absl::StatusCode::kFailedPrecondition &&
           base::ReasonOf(status) == common::v1::ERROR_REASON_OWNER_ERASED;
  }

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
    RC_ASSERT((sealed.size() - 1 - 4 - 24 - 16) % 256 == 0);
    RC_ASSERT(!sealer.Open(kAda, "entries", row + "x", sealed).ok());
    RC_ASSERT(!sealer.Open(kAda, "ties", row, sealed).ok());
    RC_ASSERT(!sealer.Open(kBob, "entries", row, sealed).ok());
    std::string changed = sealed;
    changed[*rc::gen::inRange<std::size_t>(1, sealed.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
    RC_ASSERT(!sealer.Open(kAda, "entries", row, changed).ok());
  });
  EXPECT_TRUE(holds);
}

TEST_F(OwnerKeysTest, WhatWasStoredBeforeThereWereKeysStillOpensAndIsStale) {
  const std::string clear = SealerWith(nullptr).Seal(kAda, "entries", "1", "text").value();
  const auto keys = Open(RingOf("a", {"a"}));
  Sealer sealer = SealerWith(keys.get());
  int stale = 0;
  sealer.SetStaleListener([&](const std::string& owner_hash) { stale += owner_hash == kAda ? 1 : 0; });
  EXPECT_EQ(sealer.Open(kAda, "entries", "1", clear).value(), "text");
  EXPECT_EQ(stale, 1);
  EXPECT_TRUE(sealer.IsStale(kAda, clear).value());
}

TEST_F(OwnerKeysTest, AClearRowIsRefusedWhereThereNeverWasOne) {
  const std::string clear = SealerWith(nullptr).Seal(kAda, "entries", "1", "text").value();
  const auto keys = Open(RingOf("a", {"a"}));
  const Sealer strict(std::string(32, 'o'), {std::string(32, 's'), keys.get()}, Sealer::ClearRows::kRefuse);
  EXPECT_EQ(strict.Open(kAda, "entries", "1", clear).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(OwnerKeysTest, AnotherKeyringIsRefusedAndMakesNoKeys) {
  Open(RingOf("a", {"a"}));
  const auto keys = OwnerKeys::Open(RingOf("b", {"b"}), *store_, clock_, random_);
  EXPECT_EQ(keys.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(OwnerKeysTest, WhileCopiesHaveDifferentPrimaryKeysEachOpensWhatTheOtherWrapped) {
  const auto old = Open(RingOf("a", {"a", "b"}));
  const auto changed = Open(RingOf("b", {"a", "b"}));
  const std::string of_ada = SealerWith(old.get()).Seal(kAda, "entries", "1", "text").value();
  const std::string of_bob = SealerWith(changed.get()).Seal(kBob, "entries", "1", "text").value();
  EXPECT_EQ(changed->RewrapAll().value(), 1);
  clock_.Advance(OwnerKeys::kLifetime);
  for (OwnerKeys* keys : {old.get(), changed.get()}) {
    EXPECT_EQ(SealerWith(keys).Open(kAda, "entries", "1", of_ada).value(), "text");
    EXPECT_EQ(SealerWith(keys).Open(kBob, "entries", "1", of_bob).value(), "text");
  }
  EXPECT_EQ(changed->RewrapAll().value(), 0) << "nobody wraps back";
}

TEST_F(OwnerKeysTest, WhatADestroyedKeySealedIsGoneHereAtOnceAndElsewhereWithinAMinute) {
  const auto here = Open(RingOf("a", {"a"}));
  const auto elsewhere = Open(RingOf("a", {"a"}));
  const Sealer sealer = SealerWith(here.get());
  const Sealer other = SealerWith(elsewhere.get());
  const std::string sealed = sealer.Seal(kAda, "entries", "1", "text").value();
  const std::string of_bob = sealer.Seal(kBob, "entries", "1", "bob's").value();
  EXPECT_TRUE(other.Open(kAda, "entries", "1", sealed).ok());
  ASSERT_TRUE(here->Destroy(kAda).ok());
  EXPECT_TRUE(IsErased(sealer.Open(kAda, "entries", "1", sealed).status()));
  clock_.Advance(OwnerKeys::kLifetime);
  EXPECT_TRUE(IsErased(other.Open(kAda, "entries", "1", sealed).status()));
  EXPECT_TRUE(other.Open(kBob, "entries", "1", of_bob).ok());
}

TEST_F(OwnerKeysTest, NoKeyIsMadeAgainForAnOwnerWhoseKeysWereDestroyed) {
  const auto keys = Open(RingOf("a", {"a"}));
  const Sealer sealer = SealerWith(keys.get());
  ASSERT_TRUE(sealer.Seal(kAda, "entries", "1", "text").ok());
  ASSERT_TRUE(keys->Destroy(kAda).ok());
  ASSERT_TRUE(keys->Destroy(kAda).ok()) << "again changes nothing";
  EXPECT_TRUE(IsErased(sealer.Seal(kAda, "entries", "1", "text").status()));
  // Also for one who never had any.
  ASSERT_TRUE(keys->Destroy(kBob).ok());
  EXPECT_TRUE(IsErased(sealer.Seal(kBob, "entries", "1", "text").status()));
}

TEST_F(OwnerKeysTest, ANewKeyOfAnOwnerSealsWhatComesAndTheOldOneOpensWhatWas) {
  const auto here = Open(RingOf("a", {"a"}));
  const auto elsewhere = Open(RingOf("a", {"a"}));
  std::vector<std::string> stale;
  Sealer sealer = SealerWith(here.get());
  sealer.SetStaleListener([&](const std::string& owner_hash) { stale.push_back(owner_hash); });
  const Sealer other = SealerWith(elsewhere.get());
  const std::string before = sealer.Seal(kAda, "entries", "1", "before").value();
  ASSERT_TRUE(other.Open(kAda, "entries", "1", before).ok());
  EXPECT_FALSE(sealer.IsStale(kAda, before).value());
  EXPECT_EQ(here->RotateAll().value(), 1);
  EXPECT_EQ(here->RotateAll().value(), 1);

  const std::string after = sealer.Seal(kAda, "entries", "1", "after").value();
  EXPECT_NE(before.substr(0, 5), after.substr(0, 5)) << "the envelope names its key";
  EXPECT_TRUE(sealer.IsStale(kAda, before).value());
  EXPECT_FALSE(sealer.IsStale(kAda, after).value());
  EXPECT_EQ(sealer.Open(kAda, "entries", "1", before).value(), "before");
  EXPECT_EQ(sealer.Open(kAda, "entries", "1", after).value(), "after");
  EXPECT_THAT(stale, ElementsAre(kAda)) << "of the row with the old key alone";
  EXPECT_EQ(other.Open(kAda, "entries", "1", after).value(), "after") << "before its minute is over";
}

TEST_F(OwnerKeysTest, AnEnvelopeDoesNotOpenUnderTheNameOfAnotherKey) {
  const auto keys = Open(RingOf("a", {"a"}));
  const Sealer sealer = SealerWith(keys.get());
  std::string sealed = sealer.Seal(kAda, "entries", "1", "text").value();
  ASSERT_TRUE(keys->RotateAll().ok());
  ++sealed[4];
  EXPECT_EQ(sealer.Open(kAda, "entries", "1", sealed).status().code(), absl::StatusCode::kDataLoss);
  ++sealed[4];
  EXPECT_EQ(sealer.Open(kAda, "entries", "1", sealed).status().code(), absl::StatusCode::kDataLoss) << "no such key";
}

TEST_F(OwnerKeysTest, TheOldMasterKeyCanGoWhenAllIsWrappedAnew) {
  std::string sealed;
  {
    const auto keys = Open(RingOf("a", {"a"}));
    sealed = SealerWith(keys.get()).Seal(kAda, "entries", "1", "text").value();
    ASSERT_TRUE(keys->RotateAll().ok());
    ASSERT_TRUE(SealerWith(keys.get()).Seal(kBob, "entries", "1", "text").ok());
  }
  {
    const auto keys = Open(RingOf("b", {"a", "b"}));
    EXPECT_EQ(keys->RewrapAll().value(), 3);
    EXPECT_EQ(keys->RewrapAll().value(), 0);
  }
  const auto keys = Open(RingOf("b", {"b"}));
  EXPECT_EQ(SealerWith(keys.get()).Open(kAda, "entries", "1", sealed).value(), "text");
}

TEST_F(OwnerKeysTest, AProofIsOfItsOwnerPlaceAndContentAlone) {
  const auto keys = Open(RingOf("a", {"a"}));
  const Sealer sealer = SealerWith(keys.get());
  const std::string proof = sealer.Prove(kAda, "ledgers", "head").value();
  EXPECT_TRUE(sealer.CheckProof(kAda, "ledgers", "head", proof).ok());
  EXPECT_EQ(sealer.CheckProof(kAda, "ledgers", "other", proof).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(sealer.CheckProof(kAda, "entries", "head", proof).code(), absl::StatusCode::kDataLoss);
  ASSERT_TRUE(sealer.Seal(kBob, "entries", "1", "").ok());
  EXPECT_EQ(sealer.CheckProof(kBob, "ledgers", "head", proof).code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(sealer.CheckProof(kAda, "ledgers", "head", "").ok()) << "from before there were keys";
  const Sealer strict(std::string(32, 'o'), {std::string(32, 's'), keys.get()}, Sealer::ClearRows::kRefuse);
  EXPECT_EQ(strict.CheckProof(kAda, "ledgers", "head", "").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(SealerWith(nullptr).Prove(kAda, "ledgers", "head").value(), "");
}

TEST_F(OwnerKeysTest, CopiesThatMakeAKeyAtOnceAgree) {
  std::vector<std::unique_ptr<OwnerKeys>> copies;
  for (int i = 0; i < 8; ++i) copies.push_back(Open(RingOf("a", {"a"})));
  std::vector<std::string> made(copies.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    threads.emplace_back([&, i] { made[i] = copies[i]->FindOrMake(kAda).value()->at(1); });
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
  const auto found = [&] {
    std::vector<std::string> wrapped;
    const std::vector<WrappedKey> keys = store.Find(owner).value();
    for (const WrappedKey& key : keys) wrapped.push_back(key.wrapped);
    return wrapped;
  };
  ASSERT_TRUE(store.Insert(owner, {1, "one"}).ok());
  ASSERT_TRUE(store.Insert(owner, {1, "other"}).ok());
  EXPECT_THAT(found(), ElementsAre("one"));
  ASSERT_TRUE(store.Replace(owner, {1, "other"}, "three").ok());
  EXPECT_THAT(found(), ElementsAre("one"));
  ASSERT_TRUE(store.Replace(owner, {1, "one"}, "three").ok());
  ASSERT_TRUE(store.Insert(owner, {2, "four"}).ok());
  EXPECT_THAT(found(), ElementsAre("three", "four"));
  ASSERT_TRUE(store.Insert("z", {1, "z's"}).ok());
  EXPECT_THAT(store.OwnersAfter("", 10).value(), ElementsAre(owner, "z"));
  EXPECT_THAT(store.OwnersAfter(owner, 1).value(), ElementsAre("z"));
  ASSERT_TRUE(store.Destroy(owner).ok());
  EXPECT_EQ(base::ReasonOf(store.Find(owner).status()), common::v1::ERROR_REASON_OWNER_ERASED);
  EXPECT_EQ(base::ReasonOf(store.Insert(owner, {3, "five"})), common::v1::ERROR_REASON_OWNER_ERASED);
  EXPECT_THAT(store.OwnersAfter("", 10).value(), ElementsAre("z"));
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
  EXPECT_TRUE(Keyring::Load(path).ok());
  for (const auto more : {std::filesystem::perms::others_read, std::filesystem::perms::group_write}) {
    std::filesystem::permissions(path, more, std::filesystem::perm_options::add);
    EXPECT_EQ(Keyring::Load(path).status().code(), absl::StatusCode::kFailedPrecondition);
    std::filesystem::permissions(path, more, std::filesystem::perm_options::remove);
  }
}

}  // namespace
}  // namespace council::seal
