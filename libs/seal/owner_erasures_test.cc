#include "libs/seal/owner_erasures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/seal/keyring.h"
#include "libs/seal/sql_owner_key_store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_storage.h"

namespace council::seal {
namespace {

using sql::Blob;
using sql::Connection;

const std::string kAda(16, 'a');
const std::string kBob(16, 'b');

constexpr sql::Migration kSqlite[] = {{1, "tables",
                                       "CREATE TABLE talks (owner BLOB, contact BLOB, day INTEGER, sealed BLOB, "
                                       "PRIMARY KEY (owner, contact, day)) WITHOUT "
                                       "ROWID;"
                                       "CREATE TABLE settings (owner BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID;"
                                       "CREATE TABLE erasures (owner BLOB PRIMARY KEY) WITHOUT ROWID"}};
constexpr sql::Migration kPostgres[] = {
    {1, "tables",
     "CREATE TABLE talks (owner bytea, contact bytea, day bigint, sealed bytea, PRIMARY KEY (owner, contact, day));"
     "CREATE TABLE settings (owner bytea PRIMARY KEY, sealed bytea);"
     "CREATE TABLE erasures (owner bytea PRIMARY KEY);"
     "CREATE FUNCTION unfinished_erasures() RETURNS TABLE (owner bytea) LANGUAGE sql STABLE AS "
     "'SELECT e.owner FROM erased.erasures e'"}};
const sql::Schema kSchema{.name = "erased", .sqlite = kSqlite, .postgres = kPostgres};

OwnerErasures::Tables Tables() {
  return {.rows = {{"talks", "contact, day"}, {"settings", ""}}, .finished = ""};
}

// Lets so many writes through, and none after that, as a program that dies.
struct Life {
  int writes = 0;
  bool unsaid = false;  // The last write takes effect all the same, and nobody is told.
};

class MortalDatabase final : public sql::Database {
 public:
  MortalDatabase(sql::Database& database, Life& life) : database_(database), life_(life) {}

  absl::Status Write(sql::Owners owners, Work work) override {
    if (life_.writes-- > 0) return database_.Write(owners, work);
    if (life_.writes == -1 && life_.unsaid) database_.Write(owners, work).IgnoreError();
    return absl::UnavailableError("the program is dead");
  }
  absl::Status Read(sql::Owners owners, absl::Time deadline, Work work) override {
    return database_.Read(owners, deadline, work);
  }
  absl::Status ClearLog() override { return database_.ClearLog(); }
  sql::DatabaseStats Stats() const override { return database_.Stats(); }

 private:
  sql::Database& database_;
  Life& life_;
};

class OwnerErasuresTest : public ::testing::TestWithParam<test::TestEngine> {
 protected:
  OwnerErasuresTest() { EXPECT_TRUE(Keyring::Make(path("keyring.json"), random_).ok()); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  std::unique_ptr<OwnerKeys> OpenKeys(OwnerKeyStore& store) {
    return OwnerKeys::Open(Keyring::Load(path("keyring.json")).value(), store, clock_, random_).value();
  }

  // Rows of an owner, sealed, with a tombstone as a store writes it.
  void MakeOwner(const std::string& owner, OwnerKeys& keys, bool erase) {
    const Sealer sealer(std::string(32, 'o'), Keys(std::string(32, 's'), &keys));
    const absl::Status written = database_->Write(owner, [&](Connection& connection) {
      const std::string sealed = sealer.Seal(owner, "settings", "", "text").value();
      for (int day = 0; day < 2100; ++day) {
        connection.Prepare("INSERT INTO talks (owner, contact, day, sealed) VALUES (?, ?, ?, ?)")
            .Bind(Blob{owner}, Blob{"c"}, day, Blob{sealed})
            .Run();
      }
      connection.Prepare("INSERT INTO settings (owner, sealed) VALUES (?, ?)").Bind(Blob{owner}, Blob{sealed}).Run();
      if (erase) OwnerErasures::Begin(connection, owner);
      return absl::OkStatus();
    });
    ASSERT_TRUE(written.ok()) << written;
  }

  // Rows in all tables.
  int Rows(const std::string& owner) {
    int rows = 0;
    const absl::Status read = database_->Read(owner, absl::Now() + absl::Seconds(10), [&](Connection& connection) {
      for (const char* table : {"talks", "settings", "erasures"}) {
        sql::Statement select = connection.Prepare(absl::StrCat("SELECT 1 FROM ", table, " WHERE owner = ?"));
        select.Bind(Blob{owner});
        while (select.Step()) ++rows;
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    return rows;
  }

  // Erases an owner with a program that dies after `life`, and finishes it with the next one. Returns whether the first
  // one came to the end.
  bool EraseWith(const std::string& owner, Life life) {
    {
      SqlOwnerKeyStore store(*keys_database_);
      MakeOwner(owner, *OpenKeys(store), true);
    }
    bool finished = false;
    {
      Life first{.writes = 1};  // The sentinel is looked at when keys are opened.
      MortalDatabase database(*database_, first);
      MortalDatabase keys_database(*keys_database_, first);
      SqlOwnerKeyStore store(keys_database);
      const auto keys = OpenKeys(store);
      const auto list = ErasureList::Open(path("erasures.jsonl"), "test", clock_).value();
      OwnerErasures erasures(database, Tables(), Keys(std::string(32, 's'), keys.get(), list.get()));
      first = life;
      finished = erasures.Finish(owner).ok();
    }
    SqlOwnerKeyStore store(*keys_database_);
    const auto keys = OpenKeys(store);
    const auto list = ErasureList::Open(path("erasures.jsonl"), "test", clock_).value();
    OwnerErasures erasures(*database_, Tables(), Keys(std::string(32, 's'), keys.get(), list.get()));
    EXPECT_TRUE(erasures.FinishAll().ok());
    EXPECT_EQ(Rows(owner), 0);
    EXPECT_EQ(base::ReasonOf(keys->FindOrMake(owner).status()), common::v1::ERROR_REASON_OWNER_ERASED);
    const auto noted = ErasureList::Open(path("erasures.jsonl"), "test", clock_).value();
    EXPECT_EQ(std::ranges::count(noted->read(), owner, &Erasure::owner_hash), 1);
    return finished;
  }

  const test::TempDir directory_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  const std::unique_ptr<test::TestStorage> storage_ = GetParam().make(kSchema);
  const std::unique_ptr<sql::Database> database_ = sql::OpenDatabase(storage_->url(), kSchema).value();
  const std::unique_ptr<sql::Database> keys_database_ =
      sql::OpenDatabase("sqlite:" + path("keys.db"), SqlOwnerKeyStore::SchemaNamed("test_keys")).value();
};

TEST_P(OwnerErasuresTest, AnErasureThatDiesAtAnyStepIsFinishedByTheNextProgram) {
  int owner = 0;
  for (const bool unsaid : {false, true}) {
    int writes = 0;
    while (!EraseWith(absl::StrCat("owner number ", owner / 100, owner / 10 % 10, owner % 10),
                      {.writes = writes, .unsaid = unsaid})) {
      ++writes;
      ++owner;
    }
    EXPECT_EQ(writes, 6) << "one for the keys, three and one for rows, one in the end";
    ++owner;
  }
}

TEST_P(OwnerErasuresTest, AnotherOwnersRowsAndKeysStay) {
  SqlOwnerKeyStore store(*keys_database_);
  const auto keys = OpenKeys(store);
  MakeOwner(kAda, *keys, true);
  MakeOwner(kBob, *keys, false);
  OwnerErasures erasures(*database_, Tables(), Keys(std::string(32, 's'), keys.get()));
  ASSERT_TRUE(erasures.FinishAll().ok());
  EXPECT_EQ(Rows(kAda), 0);
  EXPECT_EQ(Rows(kBob), 2101);
  EXPECT_TRUE(keys->FindOrMake(kBob).ok());
}

INSTANTIATE_TEST_SUITE_P(Engines, OwnerErasuresTest, ::testing::Values(test::kSqliteEngine, test::kPostgresEngine),
                         [](const auto& engine) { return engine.param.name; });

}  // namespace
}  // namespace council::seal
