#include "libs/sql/sqlite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "libs/base/status.h"
#include "tests/support/temp_dir.h"

namespace council::sql {
namespace {

constexpr Migration kMigrations[] = {{1, "kv", "CREATE TABLE kv (k INTEGER PRIMARY KEY, v INTEGER NOT NULL) STRICT"}};

std::unique_ptr<SqliteDatabase> OpenAt(const test::TempDir& directory, SqliteOptions options = {}) {
  options.path = (directory / "a.db").string();
  return SqliteDatabase::Open(std::move(options), kMigrations).value();
}

absl::Status Insert(Connection& connection, int key, int value) {
  connection.Prepare("INSERT INTO kv (k, v) VALUES (?, ?)").Bind(key, value).Run();
  return absl::OkStatus();
}

std::set<int> KeysOf(SqliteDatabase& database) {
  std::set<int> keys;
  EXPECT_TRUE(database
                  .Read(absl::InfiniteFuture(),
                        [&keys](Connection& connection) {
                          Statement select = connection.Prepare("SELECT k FROM kv");
                          while (select.Step()) keys.insert(static_cast<int>(select.GetInt(0)));
                          return absl::OkStatus();
                        })
                  .ok());
  return keys;
}

// Keeps the writer busy with one write until it is let go, so that the writes after it share a transaction.
class HeldWriter {
 public:
  explicit HeldWriter(SqliteDatabase& database) {
    database.WriteAsync(
        [this](Connection&) {
          running_.Notify();
          go_.WaitForNotification();
          return absl::OkStatus();
        },
        [this](const absl::Status&) { done_.Notify(); });
    running_.WaitForNotification();
  }
  void LetGo() {
    go_.Notify();
    done_.WaitForNotification();
  }

 private:
  absl::Notification running_, go_, done_;
};

TEST(SqliteDatabaseTest, AWriteIsSeenByTheNextRead) {
  const test::TempDir directory;
  auto database = OpenAt(directory);
  ASSERT_TRUE(database->Write([](Connection& connection) { return Insert(connection, 1, 2); }).ok());
  EXPECT_EQ(KeysOf(*database), std::set<int>{1});
}

TEST(SqliteDatabaseTest, WritesThatWaitShareOneTransaction) {
  const test::TempDir directory;
  auto database = OpenAt(directory);
  HeldWriter held(*database);
  absl::BlockingCounter done(20);
  for (int key = 0; key < 20; ++key) {
    database->WriteAsync([key](Connection& connection) { return Insert(connection, key, 0); },
                         [&done](const absl::Status& status) {
                           EXPECT_TRUE(status.ok());
                           done.DecrementCount();
                         });
  }
  held.LetGo();
  done.Wait();
  const GroupCommitStats stats = database->Stats().group_commits.value();
  EXPECT_EQ(stats.writes, 21u);
  EXPECT_EQ(stats.batches, 2u);
  EXPECT_EQ(stats.batches_by_size[5], 1u);  // 17 to 32.
  EXPECT_GT(stats.longest_wait, absl::ZeroDuration());
}

TEST(SqliteDatabaseTest, MoreThanTheQueueHoldsIsTurnedAway) {
  const test::TempDir directory;
  auto database = OpenAt(directory, {.queue_limit = 2});
  HeldWriter held(*database);
  std::atomic<int> accepted = 0;
  int turned_away = 0;
  for (int key = 0; key < 5; ++key) {
    database->WriteAsync([key](Connection& connection) { return Insert(connection, key, 0); },
                         [&](const absl::Status& status) {
                           if (status.ok()) {
                             ++accepted;
                           } else {
                             EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
                             EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_OVERLOADED);
                             ++turned_away;
                           }
                         });
  }
  EXPECT_EQ(turned_away, 3);
  held.LetGo();
  database.reset();
  EXPECT_EQ(accepted, 2);
}

TEST(SqliteDatabaseTest, ClosingFinishesWhatIsQueued) {
  const test::TempDir directory;
  auto database = OpenAt(directory);
  std::atomic<int> ok = 0;
  for (int key = 0; key < 1000; ++key) {
    database->WriteAsync([key](Connection& connection) { return Insert(connection, key, 0); },
                         [&ok](const absl::Status& status) { ok += status.ok() ? 1 : 0; });
  }
  database.reset();
  EXPECT_EQ(ok, 1000);
  database = OpenAt(directory);
  EXPECT_EQ(KeysOf(*database).size(), 1000u);
}

TEST(SqliteDatabaseTest, AReadSeesOneSnapshotHoweverManyStatementsItTakes) {
  const test::TempDir directory;
  auto database = OpenAt(directory);
  const auto count = [](Connection& connection) {
    Statement select = connection.Prepare("SELECT count(*) FROM kv");
    select.Step();
    return select.GetInt(0);
  };
  ASSERT_TRUE(database
                  ->Read(absl::InfiniteFuture(),
                         [&](Connection& connection) {
                           EXPECT_EQ(count(connection), 0);
                           EXPECT_TRUE(database->Write([](Connection& writer) { return Insert(writer, 1, 1); }).ok());
                           EXPECT_EQ(count(connection), 0);
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(KeysOf(*database).size(), 1u);
}

TEST(SqliteDatabaseTest, AReadCannotWrite) {
  const test::TempDir directory;
  auto database = OpenAt(directory);
  EXPECT_FALSE(
      database->Read(absl::InfiniteFuture(), [](Connection& connection) { return Insert(connection, 1, 1); }).ok());
  EXPECT_TRUE(KeysOf(*database).empty());
}

TEST(SqliteDatabaseTest, AReadWaitsNoLongerThanItsDeadlineForAConnection) {
  const test::TempDir directory;
  auto database = OpenAt(directory, {.readers = 1});
  ASSERT_TRUE(database
                  ->Read(absl::InfiniteFuture(),
                         [&](Connection&) {
                           const absl::Status status = database->Read(absl::Now() + absl::Milliseconds(5),
                                                                      [](Connection&) { return absl::OkStatus(); });
                           EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST(SqliteDatabaseTest, ACommitThatFailsFailsAllWhoSharedItAndNobodyAfterwards) {
  const test::TempDir directory;
  auto database = OpenAt(directory);
  ASSERT_TRUE(database
                  ->Write([](Connection& connection) {
                    connection.Execute(
                        "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)");
                    return absl::OkStatus();
                  })
                  .ok());
  HeldWriter held(*database);
  absl::BlockingCounter done(2);
  absl::Status first, second;
  database->WriteAsync([](Connection& connection) { return Insert(connection, 1, 1); },
                       [&](absl::Status status) {
                         first = std::move(status);
                         done.DecrementCount();
                       });
  database->WriteAsync(
      [](Connection& connection) {
        connection.Execute("INSERT INTO child (id) VALUES (7)");  // Found wrong by COMMIT only.
        return absl::OkStatus();
      },
      [&](absl::Status status) {
        second = std::move(status);
        done.DecrementCount();
      });
  held.LetGo();
  done.Wait();
  EXPECT_EQ(first.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(second.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(KeysOf(*database).empty());
  EXPECT_TRUE(database->Write([](Connection& connection) { return Insert(connection, 2, 2); }).ok());
}

// Writers at once, some of which fail (by their own word, by a constraint, by an exception after they wrote): what is
// in the database afterwards is what the successful ones wrote, and they are the ones that were told so.
RC_GTEST_PROP(SqliteDatabaseProperty, NobodyFailsForANeighbour, ()) {
  const int writers = *rc::gen::inRange(1, 9);
  const auto plan =
      *rc::gen::container<std::vector<int>>(static_cast<std::size_t>(writers) * 12, rc::gen::inRange(0, 4));
  const test::TempDir directory;
  auto database = OpenAt(directory, {.batch_limit = *rc::gen::element<std::size_t>(1, 3, 512)});

  std::vector<std::thread> threads;
  std::vector<int> succeeded(plan.size(), 0);
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      for (std::size_t i = static_cast<std::size_t>(writer); i < plan.size(); i += static_cast<std::size_t>(writers)) {
        const int key = static_cast<int>(i);
        const absl::Status status = database->Write([&, key](Connection& connection) {
          absl::Status inserted = Insert(connection, key, plan[i]);
          if (plan[i] == 1) return absl::FailedPreconditionError("its own word");
          if (plan[i] == 2) return Insert(connection, key, 0);
          if (plan[i] == 3) connection.Prepare("INSERT INTO no_such_table VALUES (1)").Run();
          return inserted;
        });
        succeeded[i] = status.ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::set<int> expected;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    RC_ASSERT(succeeded[i] == (plan[i] == 0 ? 1 : 0));
    if (plan[i] == 0) expected.insert(static_cast<int>(i));
  }
  RC_ASSERT(KeysOf(*database) == expected);
}

}  // namespace
}  // namespace council::sql
