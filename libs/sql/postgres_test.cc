#include "libs/sql/postgres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <pqxx/except>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "libs/sql/test_migrations.h"
#include "tests/support/certificates.h"
#include "tests/support/postgres_server.h"

namespace council::sql {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr absl::Duration kSoon = absl::Seconds(20);
const std::string kAda = "\x01\x02";
const std::string kBob = std::string("\x00'\\", 3);

absl::Status Insert(Connection& connection, const std::string& owner, int id) {
  connection.Prepare("INSERT INTO note (owner, id) VALUES (?, ?)").Bind(Blob{owner}, id).Run();
  return absl::OkStatus();
}

// Each test has a database of its own on one server.
class PostgresTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<test::PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  PostgresTest() : name_(server_->CreateDatabase()) {
    EXPECT_TRUE(MigratePostgres(server_->AdminUrl(name_), testing::StorageSchema(), "council_service").ok());
  }

  absl::StatusOr<std::unique_ptr<PostgresDatabase>> TryOpen(const std::string& url, int connections = 4) const {
    PostgresOptions options;
    options.connection.url = url;
    options.connection.schema = "sql_test";
    options.connection.statement_timeout = absl::Seconds(2);
    options.connections = connections;
    options.connection_wait = absl::Seconds(4);
    return PostgresDatabase::Open(options, testing::StorageSchema().postgres);
  }
  std::unique_ptr<PostgresDatabase> Open(int connections = 4) const {
    auto database = TryOpen(server_->ServiceUrl(name_), connections);
    EXPECT_TRUE(database.ok()) << database.status();
    return *std::move(database);
  }

  static std::int64_t Count(PostgresDatabase& database, Owners owners) {
    std::int64_t count = -1;
    const absl::Status status = database.Read(owners, absl::Now() + kSoon, [&](Connection& connection) {
      Statement select = connection.Prepare("SELECT count(*) FROM note");
      if (select.Step()) count = select.GetInt(0);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return count;
  }

  inline static std::unique_ptr<test::PostgresServer> server_;
  const std::string name_;
};

TEST_F(PostgresTest, ValuesOfEachTypeComeBackAsTheyWere) {
  const auto database = Open();
  const std::string all = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  ASSERT_TRUE(database
                  ->Write(kAda,
                          [&](Connection& connection) {
                            connection
                                .Prepare("INSERT INTO note (owner, id, body, bytes, value) VALUES (?1, ?2, ?3, ?4, ?5)")
                                .Bind(Blob{kAda}, std::int64_t{1} << 60, "é'\\", Blob{all}, 0.1)
                                .Run();
                            connection.Prepare("INSERT INTO note (owner, id, bytes) VALUES (?, ?, ?)")
                                .Bind(Blob{kAda}, 2, nullptr)
                                .Run();
                            return absl::OkStatus();
                          })
                  .ok());
  const absl::Status status = database->Read(kAda, absl::Now() + kSoon, [&](Connection& connection) {
    Statement select = connection.Prepare("SELECT id, body, bytes, value FROM note ORDER BY id DESC");
    EXPECT_TRUE(select.Step());
    EXPECT_EQ(select.GetInt(0), std::int64_t{1} << 60);
    EXPECT_EQ(select.GetText(1), "é'\\");
    EXPECT_EQ(select.GetBlob(2), all);
    EXPECT_EQ(select.GetDouble(3), 0.1);
    EXPECT_TRUE(select.Step());
    EXPECT_TRUE(select.IsNull(2));
    EXPECT_EQ(select.GetBlob(2), "");
    EXPECT_FALSE(select.Step());
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(PostgresTest, AWorkSeesAndWritesTheRowsOfItsOwnersAlone) {
  const auto database = Open();
  ASSERT_TRUE(database->Write(kAda, [](Connection& connection) { return Insert(connection, kAda, 1); }).ok());
  EXPECT_FALSE(database->Write(kAda, [](Connection& connection) { return Insert(connection, kBob, 1); }).ok());
  ASSERT_TRUE(database->Write(kBob, [](Connection& connection) { return Insert(connection, kBob, 1); }).ok());
  const std::vector<std::string> both = {kAda, kBob};
  EXPECT_EQ(Count(*database, kAda), 1);
  EXPECT_EQ(Count(*database, kBob), 1);
  EXPECT_EQ(Count(*database, std::span(both)), 2);
  EXPECT_EQ(Count(*database, Owners::None()), 0);
}

TEST_F(PostgresTest, AFailingWorkLeavesNothingAndItsConnectionIsUsedAgain) {
  const auto database = Open(1);
  EXPECT_EQ(database
                ->Write(kAda,
                        [](Connection& connection) {
                          Insert(connection, kAda, 1).IgnoreError();
                          return absl::NotFoundError("no");
                        })
                .code(),
            absl::StatusCode::kNotFound);
  const auto twice = [](Connection& connection) {
    Insert(connection, kAda, 2).IgnoreError();
    return Insert(connection, kAda, 2);
  };
  EXPECT_EQ(database->Write(kAda, twice).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Count(*database, kAda), 0);
  EXPECT_EQ(database->Stats().pool.made, 1u);
}

TEST_F(PostgresTest, AReadIsOfOneSnapshotAndCannotWrite) {
  const auto database = Open();
  const absl::Status status = database->Read(kAda, absl::Now() + kSoon, [&](Connection& connection) {
    Statement count = connection.Prepare("SELECT count(*) FROM note");
    count.Step();
    EXPECT_TRUE(database->Write(kAda, [](Connection& writer) { return Insert(writer, kAda, 1); }).ok());
    count.Reset();
    count.Step();
    EXPECT_EQ(count.GetInt(0), 0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_FALSE(
      database->Read(kAda, absl::Now() + kSoon, [](Connection& connection) { return Insert(connection, kAda, 2); })
          .ok());
}

TEST_F(PostgresTest, WhoWaitsTooLongForAConnectionIsTurnedAway) {
  const auto database = Open(1);
  ASSERT_TRUE(database
                  ->Read(kAda, absl::Now() + kSoon,
                         [&](Connection&) {
                           const absl::Status status = database->Read(kAda, absl::Now() + absl::Milliseconds(50),
                                                                      [](Connection&) { return absl::OkStatus(); });
                           EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(database->Stats().pool.timed_out, 1u);
}

TEST_F(PostgresTest, DeadlocksAreTriedAgain) {
  const auto database = Open();
  const std::vector<std::string> both = {kAda, kBob};
  for (const std::string& owner : both) {
    ASSERT_TRUE(database->Write(owner, [&](Connection& connection) { return Insert(connection, owner, 1); }).ok());
  }
  std::promise<void> locked[2];
  std::atomic<int> runs = 0;
  const auto cross = [&](int first) {
    bool told = false;
    return database->Write(std::span(both), [&, first](Connection& connection) {
      ++runs;
      for (const int which : {first, 1 - first}) {
        connection.Prepare("UPDATE note SET value = 1 WHERE owner = ?").Bind(Blob{both[which]}).Run();
        if (std::exchange(told, true)) continue;
        locked[first].set_value();
        locked[1 - first].get_future().wait();
      }
      return absl::OkStatus();
    });
  };
  absl::Status other;
  std::thread thread([&] { other = cross(1); });
  const absl::Status mine = cross(0);
  thread.join();
  EXPECT_TRUE(mine.ok()) << mine;
  EXPECT_TRUE(other.ok()) << other;
  EXPECT_EQ(runs, 3);
}

TEST_F(PostgresTest, AfterARestartOfTheServerTheFirstCallIsAnswered) {
  const auto database = Open();
  EXPECT_EQ(Count(*database, kAda), 0);
  server_->Restart();
  EXPECT_EQ(Count(*database, kAda), 0);
  EXPECT_EQ(database->Stats().pool.lost, 1u);
}

TEST_F(PostgresTest, AFrozenServerCostsNoMoreThanTheTimeAllowed) {
  const auto database = Open();
  EXPECT_EQ(Count(*database, kAda), 0);
  server_->Freeze();
  const absl::Status status = database->Write(kAda, [](Connection& connection) { return Insert(connection, kAda, 1); });
  server_->Thaw();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(Count(*database, kAda), 0);
}

TEST_F(PostgresTest, ARoleThatSeesAllRowsIsRefused) {
  server_->Sql(name_, "CREATE ROLE seer LOGIN BYPASSRLS; GRANT USAGE ON SCHEMA sql_test TO seer");
  const auto database = TryOpen("postgresql://seer@127.0.0.1:" + std::to_string(server_->port()) + "/" + name_);
  EXPECT_EQ(database.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(database.status().message(), HasSubstr("BYPASSRLS"));
}

TEST_F(PostgresTest, AnOlderAndANewerSchemaAreRefusedWithWhatToDo) {
  PostgresOptions options;
  options.connection.url = server_->ServiceUrl(name_);
  options.connection.schema = "sql_test";
  const auto older = PostgresDatabase::Open(options, {});
  EXPECT_EQ(older.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(older.status().message(), HasSubstr("newer version"));

  const std::string empty = server_->CreateDatabase();
  const auto none = TryOpen(server_->ServiceUrl(empty));
  EXPECT_EQ(none.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(none.status().message(), HasSubstr("migrate"));
}

TEST_F(PostgresTest, MigrationsFromSeveralProgramsAtOnceHappenOnce) {
  const std::string database = server_->CreateDatabase();
  std::vector<std::future<absl::Status>> programs;
  for (int i = 0; i < 6; ++i) {
    programs.push_back(std::async(std::launch::async, [&] {
      return MigratePostgres(server_->AdminUrl(database), testing::StorageSchema(), "council_service");
    }));
  }
  for (auto& program : programs) {
    const absl::Status status = program.get();
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_TRUE(TryOpen(server_->ServiceUrl(database)).ok());
}

TEST_F(PostgresTest, ThePromotedStandbyIsFollowedAndHasWhatWasAcknowledged) {
  test::PostgresServer primary;
  const std::string name = primary.CreateDatabase();
  ASSERT_TRUE(MigratePostgres(primary.AdminUrl(name), testing::StorageSchema(), "council_service").ok());
  const auto standby = test::PostgresServer::SynchronousStandbyOf(primary);
  auto database = TryOpen("postgresql://council_service@127.0.0.1:" + std::to_string(standby->port()) +
                          ",127.0.0.1:" + std::to_string(primary.port()) + "/" + name);
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_TRUE((*database)->Write(kAda, [](Connection& connection) { return Insert(connection, kAda, 1); }).ok());
  primary.Kill();
  EXPECT_TRUE(absl::IsUnavailable((*database)->Write(kAda, [](Connection& c) { return Insert(c, kAda, 2); })));
  standby->Promote();
  EXPECT_TRUE((*database)->Write(kAda, [](Connection& c) { return Insert(c, kAda, 3); }).ok());
  EXPECT_EQ(Count(**database, kAda), 2);
}

// A server that another machine's programs call db.council.test; where it really is, only hostaddr says.
class PostgresTlsTest : public ::testing::Test {
 protected:
  PostgresTlsTest() : server_({}, ca_.Issue({.names = "DNS:db.council.test"})) {}

  std::string Url(const std::string& host, const std::string& ca, const std::string& more = "") {
    return "postgresql://council_admin@" + host + ":" + std::to_string(server_.port()) + "/" + database_ +
           "?hostaddr=127.0.0.1&sslrootcert=" + ca + more;
  }
  absl::Status Migrate(const std::string& url) { return MigratePostgres(url, testing::StorageSchema(), ""); }

  test::CertificateAuthority ca_;
  test::PostgresServer server_;
  const std::string database_ = server_.CreateDatabase();
};

TEST_F(PostgresTlsTest, TheServerOfAnotherMachineIsReachedOverTls) {
  ASSERT_TRUE(Migrate(Url("db.council.test", ca_.certificate())).ok());
  PostgresConnection connection({.url = Url("db.council.test", ca_.certificate()), .schema = "sql_test"});
  Statement select =
      connection.Prepare("SELECT CASE WHEN ssl THEN 1 ELSE 0 END FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  ASSERT_TRUE(select.Step());
  EXPECT_EQ(select.GetInt(0), 1);
}

TEST_F(PostgresTlsTest, AnotherCaOrAnotherNameEndsTheConnectionWithAWordWhy) {
  const test::CertificateAuthority other;
  EXPECT_THAT(Migrate(Url("db.council.test", other.certificate())).message(), HasSubstr("certificate verify failed"));
  EXPECT_THAT(Migrate(Url("other.council.test", ca_.certificate())).message(), HasSubstr("other.council.test"));
  EXPECT_TRUE(Migrate(Url("other.council.test", ca_.certificate(), "&sslmode=verify-ca")).ok());
}

TEST(PostgresConnectionStringTest, WhatLeavesOpenWhoAnswersIsForThisMachineAlone) {
  for (const char* mode : {"disable", "allow", "prefer", "require", ""}) {
    for (const char* url :
         {"postgresql://ada:hush@db1/d?sslmode=", "postgresql://ada:hush@127.0.0.1,db1/d?sslmode=",
          "postgresql://ada:hush@127.0.0.1/d?hostaddr=192.0.2.1&sslmode=", "postgresql:///d?sslmode="}) {
      const absl::Status status = PostgresConnectionString(std::string(url) + mode).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << url << mode;
      EXPECT_THAT(status.message(), AllOf(HasSubstr("sslmode"), Not(HasSubstr("hush"))));
    }
  }
  for (const char* url : {"postgresql://db1/d", "postgresql:///d", "postgresql://db1/d?sslmode=verify-full"}) {
    EXPECT_THAT(*PostgresConnectionString(url), HasSubstr("sslmode='verify-full'"));
  }
  for (const char* url : {"postgresql://127.0.0.1/d", "postgresql://localhost,[::1]/d",
                          "postgresql://%2Fvar%2Frun%2Fpostgresql/d", "postgresql:///d?host=/tmp"}) {
    EXPECT_THAT(*PostgresConnectionString(url), Not(HasSubstr("sslmode"))) << url;
  }
}

TEST(PostgresConnectionStringTest, WhatIsNoUrlIsRefusedWithoutShowingIt) {
  const auto text = PostgresConnectionString("postgresql://ada:secret@host:notaport:1/x?y");
  EXPECT_EQ(text.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(text.status().message(), Not(HasSubstr("secret")));
  EXPECT_THAT(*PostgresConnectionString("postgresql://h1,h2/d"), HasSubstr("target_session_attrs='read-write'"));
  EXPECT_THAT(*PostgresConnectionString("postgresql://h/d?connect_timeout=7"), HasSubstr("connect_timeout='7'"));
}

}  // namespace
}  // namespace council::sql
