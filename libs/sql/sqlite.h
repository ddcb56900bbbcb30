// A SQLite database that many threads read and write at once: reads each in a snapshot, writes in group commits.
#ifndef COUNCIL_LIBS_SQL_SQLITE_H_
#define COUNCIL_LIBS_SQL_SQLITE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/sql/database.h"
#include "libs/sql/migrations.h"
#include "libs/sql/sqlite_connection.h"

namespace council::sql {

// The PATH of a program's --storage=sqlite:PATH; INVALID_ARGUMENT for another storage.
absl::StatusOr<std::string> SqlitePath(absl::string_view storage);

struct SqliteOptions {
  std::string path{};
  int readers = 4;                                 // Connections for reading, 1 or more.
  std::size_t queue_limit = 8192;                  // Writes that may wait.
  std::size_t batch_limit = 512;                   // Writes that share one transaction at most.
  absl::Duration busy_timeout = absl::Seconds(5);  // For locks held by other processes.
};

// Thread-safe. One writer thread runs all writes; readers have a pool of connections and never wait for it.
class SqliteDatabase final : public Database {
 public:
  using OwnedWork = absl::AnyInvocable<absl::Status(Connection&) &&>;
  using Done = absl::AnyInvocable<void(absl::Status) &&>;

  // Opens the database, creates it if it is not there, and applies `migrations`. Fails as ApplyMigrations does, and
  // with UNAVAILABLE where the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<SqliteDatabase>> Open(SqliteOptions options,
                                                              std::span<const Migration> migrations);

  // Finishes the writes that are queued. No other call may be running.
  ~SqliteDatabase() override;
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  // Shares one transaction with the writes of other callers waiting: the work sees what earlier writes of it wrote.
  // Where it fails, its neighbours' work is kept all the same. It is run once.
  absl::Status Write(Owners /*owners*/, Work work) override { return Write(work); }
  absl::Status Write(Work work);

  // Writes without waiting. `done` is called exactly once, on the writer thread (where the queue is full, on this one
  // before the function returns): it must not block, since all writes wait for it.
  void WriteAsync(OwnedWork work, Done done);

  absl::Status Read(Owners /*owners*/, absl::Time deadline, Work work) override { return Read(deadline, work); }
  absl::Status Read(absl::Time deadline, Work work);

  // UNAVAILABLE where readers that are older than the log's end do not finish within busy_timeout.
  absl::Status ClearLog() override;

  DatabaseStats Stats() const override;

 private:
  struct Pending {
    OwnedWork work;
    Done done;
    absl::Time queued;
    absl::Status status;
  };

  SqliteDatabase(SqliteOptions options, std::unique_ptr<SqliteConnection> writer,
                 std::vector<std::unique_ptr<SqliteConnection>> readers);

  bool Enqueue(Pending& pending);
  void WriterLoop();
  std::vector<Pending> TakeBatch();
  void RunBatch(std::span<Pending> batch);
  std::size_t RunTransaction(std::span<Pending> batch, GroupCommitStats& delta);

  const SqliteOptions options_;

  mutable std::mutex queue_mutex_;
  std::condition_variable queue_filled_;
  std::deque<Pending> queue_;
  std::size_t wake_at_ = 1;  // Length of the queue at which the writer is woken.
  bool stopping_ = false;
  GroupCommitStats stats_;

  mutable std::mutex readers_mutex_;
  std::condition_variable reader_freed_;
  std::vector<std::unique_ptr<SqliteConnection>> free_readers_;
  PoolStats reader_stats_;

  // Used by the writer thread alone.
  std::unique_ptr<SqliteConnection> writer_;
  std::size_t expected_batch_ = 1;
  absl::Duration last_commit_;
  std::thread writer_thread_;
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_SQLITE_H_
