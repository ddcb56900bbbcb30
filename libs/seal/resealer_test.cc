#include "libs/seal/resealer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/seal/keyring.h"
#include "libs/seal/sql_owner_key_store.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_storage.h"

namespace council::seal {
namespace {

using sql::Blob;
using sql::Connection;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kAda(16, 'a');
const std::string kBob(16, 'b');

constexpr sql::Migration kSqlite[] = {{1, "tables",
                                       "CREATE TABLE owners (owner BLOB PRIMARY KEY) WITHOUT ROWID;"
                                       "CREATE TABLE days (owner BLOB, contact BLOB, day INTEGER, sealed BLOB, PRIMARY "
                                       "KEY (owner, contact, day)) WITHOUT "
                                       "ROWID;"
                                       "CREATE TABLE settings (owner BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID"}};
constexpr sql::Migration kPostgres[] = {
    {1, "tables",
     "CREATE TABLE owners (owner bytea PRIMARY KEY);"
     "CREATE TABLE days (owner bytea, contact bytea, day bigint, sealed bytea, PRIMARY KEY (owner, contact, day));"
     "CREATE TABLE settings (owner bytea PRIMARY KEY, sealed bytea)"}};
const sql::Schema kSchema{.name = "resealed", .sqlite = kSqlite, .postgres = kPostgres};

std::vector<SealedTable> Tables() {
  using Type = SealedTable::Column::Type;
  return {{.name = "days",
           .key = {{"contact"}, {"day", Type::kInteger}},
           .row_id =
               [](const std::vector<SealedTable::Value>& key) {
                 return absl::StrCat(std::get<std::string>(key[0]), " ", std::get<std::int64_t>(key[1]));
               }},
          {.name = "settings", .key = {}, .row_id = [](const auto&) { return std::string(); }}};
}

class ResealerTest : public ::testing::TestWithParam<test::TestEngine> {
 protected:
  ResealerTest() {
    EXPECT_TRUE(Keyring::Make((directory_ / "keyring.json").string(), random_).ok());
    keys_database_ =
        sql::OpenDatabase("sqlite:" + (directory_ / "keys.db").string(), SqlOwnerKeyStore::SchemaNamed("test_keys"))
            .value();
    store_ = std::make_unique<SqlOwnerKeyStore>(*keys_database_);
    keys_ = OwnerKeys::Open(Keyring::Load((directory_ / "keyring.json").string()).value(), *store_, clock_, random_)
                .value();
    sealer_ = std::make_unique<Sealer>(std::string(32, 'o'), Keys(std::string(32, 's'), keys_.get()));
  }

  // 500 days and the settings of an owner, as `sealer` makes them.
  void Write(const std::string& owner, const Sealer& sealer) {
    const absl::Status written = database_->Write(owner, [&](Connection& connection) {
      connection.Prepare("INSERT INTO owners (owner) VALUES (?) ON CONFLICT DO NOTHING").Bind(Blob{owner}).Run();
      for (int day = 0; day < 500; ++day) {
        const std::string contact = day % 3 == 0 ? "c" : "d";
        const std::string sealed =
            sealer.Seal(owner, "days", absl::StrCat(contact, " ", day), absl::StrCat("planted ", day)).value();
        connection.Prepare("INSERT INTO days (owner, contact, day, sealed) VALUES (?, ?, ?, ?)")
            .Bind(Blob{owner}, Blob{contact}, day, Blob{sealed})
            .Run();
      }
      const std::string sealed = sealer.Seal(owner, "settings", "", "planted settings").value();
      connection.Prepare("INSERT INTO settings (owner, sealed) VALUES (?, ?)").Bind(Blob{owner}, Blob{sealed}).Run();
      return absl::OkStatus();
    });
    ASSERT_TRUE(written.ok()) << written;
  }

  // How many of the owner's rows are stale; all must open to what was written.
  int Stale(const std::string& owner) {
    int stale = 0;
    const absl::Status read = database_->Read(owner, absl::Now() + absl::Seconds(10), [&](Connection& connection) {
      sql::Statement days = connection.Prepare("SELECT contact, day, sealed FROM days WHERE owner = ?");
      days.Bind(Blob{owner});
      int count = 0;
      for (; days.Step(); ++count) {
        const std::string id = absl::StrCat(std::string(days.GetBlob(0)), " ", days.GetInt(1));
        EXPECT_EQ(sealer_->Open(owner, "days", id, days.GetBlob(2)).value(), absl::StrCat("planted ", days.GetInt(1)));
        stale += sealer_->IsStale(owner, days.GetBlob(2)).value() ? 1 : 0;
      }
      EXPECT_EQ(count, 500);
      sql::Statement settings = connection.Prepare("SELECT sealed FROM settings WHERE owner = ?");
      settings.Bind(Blob{owner}).Step();
      EXPECT_EQ(sealer_->Open(owner, "settings", "", settings.GetBlob(0)).value(), "planted settings");
      stale += sealer_->IsStale(owner, settings.GetBlob(0)).value() ? 1 : 0;
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    return stale;
  }

  const test::TempDir directory_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  const std::unique_ptr<test::TestStorage> storage_ = GetParam().make(kSchema);
  const std::unique_ptr<sql::Database> database_ = sql::OpenDatabase(storage_->url(), kSchema).value();
  std::unique_ptr<sql::Database> keys_database_;
  std::unique_ptr<SqlOwnerKeyStore> store_;
  std::unique_ptr<OwnerKeys> keys_;
  std::unique_ptr<Sealer> sealer_;
};

TEST_P(ResealerTest, WhatWasInClearIsSealedRowByRowAndNobodyElses) {
  const Sealer clear(std::string(32, 'o'), std::string(32, 's'));
  Write(kAda, clear);
  Write(kBob, clear);
  Resealer resealer(*database_, *sealer_, "owners", Tables(), clock_);
  ASSERT_TRUE(resealer.Reseal(kAda).ok());
  EXPECT_EQ(Stale(kAda), 0);
  EXPECT_EQ(Stale(kBob), 501);
}

TEST_P(ResealerTest, WhatAnOldKeySealedIsSealedWithTheNewOne) {
  Write(kAda, *sealer_);
  ASSERT_TRUE(keys_->RotateAll().ok());
  EXPECT_EQ(Stale(kAda), 501);
  Resealer resealer(*database_, *sealer_, "owners", Tables(), clock_);
  ASSERT_TRUE(resealer.Reseal(kAda).ok());
  EXPECT_EQ(Stale(kAda), 0);
}

TEST_P(ResealerTest, AnOwnerWhoseRowIsOpenedAndStaleIsWalkedInTheBackground) {
  const Sealer clear(std::string(32, 'o'), std::string(32, 's'));
  Write(kAda, clear);
  {
    Resealer resealer(*database_, *sealer_, "owners", Tables(), clock_);
    const std::string stale = clear.Seal(kAda, "settings", "", "text").value();
    sealer_->SetStaleListener([&](const std::string& owner_hash) { resealer.Note(owner_hash); });
    ASSERT_TRUE(sealer_->Open(kAda, "settings", "", stale).ok());
    const auto sealed = [&] {
      bool none_left = false;
      const absl::Status read = database_->Read(kAda, absl::Now() + absl::Seconds(10), [&](Connection& connection) {
        sql::Statement settings = connection.Prepare("SELECT sealed FROM settings WHERE owner = ?");
        settings.Bind(Blob{kAda}).Step();
        none_left = !sealer_->IsStale(kAda, settings.GetBlob(0)).value();  // The last table.
        return absl::OkStatus();
      });
      return read.ok() && none_left;
    };
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (!sealed() && absl::Now() < deadline) {
    }
    sealer_->SetStaleListener([](const std::string&) {});
  }
  EXPECT_EQ(Stale(kAda), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, ResealerTest, ::testing::Values(test::kSqliteEngine, test::kPostgresEngine),
                         [](const auto& engine) { return engine.param.name; });

TEST(ResealedFileTest, NoTraceOfWhatWasInClearIsLeftInTheFileOrItsLog) {
  const test::TempDir directory;
  base::SystemClock clock;
  base::SystemRandom random;
  const std::string path = (directory / "data.db").string();
  const auto bytes = [&path] {
    std::stringstream text;
    for (const char* suffix : {"", "-wal"}) text << std::ifstream(path + suffix).rdbuf();
    return text.str();
  };
  const auto database = sql::OpenDatabase("sqlite:" + path, kSchema).value();
  const auto keys_database =
      sql::OpenDatabase("sqlite:" + (directory / "keys.db").string(), SqlOwnerKeyStore::SchemaNamed("test_keys"))
          .value();
  SqlOwnerKeyStore store(*keys_database);
  ASSERT_TRUE(Keyring::Make((directory / "keyring.json").string(), random).ok());
  const auto keys =
      OwnerKeys::Open(Keyring::Load((directory / "keyring.json").string()).value(), store, clock, random).value();
  const Sealer clear(std::string(32, 'o'), std::string(32, 's'));
  const Sealer sealer(std::string(32, 'o'), Keys(std::string(32, 's'), keys.get()));
  for (int day = 0; day < 200; ++day) {
    const std::string sealed = clear.Seal(kAda, "days", absl::StrCat("c ", day), "planted").value();
    ASSERT_TRUE(database
                    ->Write(kAda,
                            [&](Connection& connection) {
                              connection.Prepare("INSERT INTO days (owner, contact, day, sealed) VALUES (?, ?, ?, ?)")
                                  .Bind(Blob{kAda}, Blob{"c"}, day, Blob{sealed})
                                  .Run();
                              return absl::OkStatus();
                            })
                    .ok());
  }
  ASSERT_THAT(bytes(), HasSubstr("planted"));
  Resealer resealer(*database, sealer, "owners", Tables(), clock);
  ASSERT_TRUE(resealer.Reseal(kAda).ok());
  EXPECT_THAT(bytes(), Not(HasSubstr("planted")));
}

}  // namespace
}  // namespace council::seal
