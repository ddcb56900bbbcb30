#include "libs/sql/sqlite.h"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/sql/engine_status.h"

namespace council::sql {
namespace {

constexpr absl::Duration kLongestLinger = absl::Milliseconds(5);

template <typename Work>
absl::Status RunGuarded(Work&& work, SqliteConnection& connection) {
  try {
    return std::forward<Work>(work)(connection);
  } catch (const SQLite::Exception& error) {
    return StatusOfException(error);
  }
}

absl::Status Run(SqliteConnection& connection, std::string_view sql) {
  return RunGuarded(
      [sql](Connection& c) {
        c.Prepare(sql).Run();
        return absl::OkStatus();
      },
      connection);
}

absl::Status Overloaded(absl::string_view message) {
  return base::WithRetry(
      base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED, message),
      absl::Milliseconds(200));
}

}  // namespace

absl::StatusOr<std::string> SqlitePath(absl::string_view storage) {
  if (!absl::ConsumePrefix(&storage, "sqlite:") || storage.empty()) {
    return absl::InvalidArgumentError("--storage must be sqlite:PATH or postgresql://…");
  }
  return std::string(storage);
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(SqliteOptions options,
                                                                     std::span<const Migration> migrations) {
  if (options.readers < 1 || options.queue_limit < 1 || options.batch_limit < 1) {
    return absl::InvalidArgumentError("readers and limits of a database must be positive");
  }
  try {
    auto writer =
        std::make_unique<SqliteConnection>(options.path, SqliteConnection::Mode::kReadWrite, options.busy_timeout);
    if (absl::Status status = ApplyMigrations(*writer, migrations); !status.ok()) return status;
    std::vector<std::unique_ptr<SqliteConnection>> readers;
    for (int i = 0; i < options.readers; ++i) {
      readers.push_back(
          std::make_unique<SqliteConnection>(options.path, SqliteConnection::Mode::kReadOnly, options.busy_timeout));
    }
    return std::unique_ptr<SqliteDatabase>(
        new SqliteDatabase(std::move(options), std::move(writer), std::move(readers)));
  } catch (const SQLite::Exception& error) {
    return StatusOfException(error);
  }
}

SqliteDatabase::SqliteDatabase(SqliteOptions options, std::unique_ptr<SqliteConnection> writer,
                               std::vector<std::unique_ptr<SqliteConnection>> readers)
    : options_(std::move(options)),
      free_readers_(std::move(readers)),
      writer_(std::move(writer)),
      writer_thread_([this] { WriterLoop(); }) {}

SqliteDatabase::~SqliteDatabase() {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  queue_filled_.notify_one();
  writer_thread_.join();
}

absl::Status SqliteDatabase::Write(Work work) {
  // Of std, so that ThreadSanitizer sees who waits for whom.
  std::promise<absl::Status> result;
  WriteAsync([work](Connection& connection) { return work(connection); },
             [&result](absl::Status status) { result.set_value(std::move(status)); });
  return result.get_future().get();
}

void SqliteDatabase::WriteAsync(OwnedWork work, Done done) {
  Pending pending{.work = std::move(work), .done = std::move(done), .queued = absl::Now(), .status = absl::OkStatus()};
  if (!Enqueue(pending)) std::move(pending.done)(Overloaded("too many writes are waiting"));
}

bool SqliteDatabase::Enqueue(Pending& pending) {
  bool wake = false;
  {
    const std::lock_guard lock(queue_mutex_);
    if (queue_.size() >= options_.queue_limit) {
      ++stats_.rejected;
      return false;
    }
    queue_.push_back(std::move(pending));
    wake = queue_.size() == wake_at_;
  }
  if (wake) queue_filled_.notify_one();
  return true;
}

void SqliteDatabase::WriterLoop() {
  while (true) {
    std::vector<Pending> batch = TakeBatch();
    if (batch.empty()) return;
    RunBatch(batch);
    for (Pending& pending : batch) std::move(pending.done)(std::move(pending.status));
    const std::lock_guard lock(queue_mutex_);
    expected_batch_ = std::min(batch.size() + queue_.size(), options_.batch_limit);
  }
}

// Waits for writes and takes those that share the next transaction; none where the database is being closed.
//
// Callers who were just answered and come again are waited for, no longer than a commit takes: otherwise they and those
// who queued during the commit would take turns, each half as many as could share one.
std::vector<SqliteDatabase::Pending> SqliteDatabase::TakeBatch() {
  std::unique_lock lock(queue_mutex_);
  queue_filled_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  if (queue_.size() < expected_batch_ && !stopping_) {
    wake_at_ = expected_batch_;
    queue_filled_.wait_for(lock, absl::ToChronoMicroseconds(std::min(last_commit_, kLongestLinger)),
                           [this] { return stopping_ || queue_.size() >= wake_at_; });
    wake_at_ = 1;
  }
  std::vector<Pending> batch;
  while (!queue_.empty() && batch.size() < options_.batch_limit) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void SqliteDatabase::RunBatch(std::span<Pending> batch) {
  GroupCommitStats delta;
  const absl::Time begun = absl::Now();
  for (const Pending& pending : batch) {
    delta.total_wait += begun - pending.queued;
    delta.longest_wait = std::max(delta.longest_wait, begun - pending.queued);
  }
  const std::size_t size = batch.size();
  while (!batch.empty()) batch = batch.subspan(RunTransaction(batch, delta));

  const std::lock_guard lock(queue_mutex_);
  stats_.CountBatch(size);
  stats_.failed += delta.failed;
  stats_.total_wait += delta.total_wait;
  stats_.longest_wait = std::max(stats_.longest_wait, delta.longest_wait);
  stats_.total_work += delta.total_work;
  stats_.total_commit += delta.total_commit;
}

// Runs the writes from the first on in one transaction and sets each one's status. Returns how many were run: fewer
// than there are only where SQLite gave up the transaction halfway.
std::size_t SqliteDatabase::RunTransaction(std::span<Pending> batch, GroupCommitStats& delta) {
  const auto fail = [&delta](std::span<Pending> writes) {
    ++delta.failed;
    for (Pending& pending : writes) {
      if (!pending.status.ok()) continue;
      pending.status = base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE,
                                   "the write could not be made durable");
    }
  };
  if (!Run(*writer_, "BEGIN IMMEDIATE").ok()) {
    fail(batch);
    return batch.size();
  }
  const absl::Time begun = absl::Now();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Pending& pending = batch[i];
    pending.status = Run(*writer_, "SAVEPOINT one_write");
    if (pending.status.ok()) {
      pending.status = RunGuarded(std::move(pending.work), *writer_);
      absl::Status ended = pending.status.ok() ? absl::OkStatus() : Run(*writer_, "ROLLBACK TO one_write");
      ended.Update(Run(*writer_, "RELEASE one_write"));
      // A savepoint that cannot be ended would take in the writes that follow.
      if (!ended.ok() && writer_->InTransaction()) Run(*writer_, "ROLLBACK").IgnoreError();
    }
    if (!writer_->InTransaction()) {
      // After a full disk or an I/O error SQLite has undone the whole transaction, what earlier writes wrote too.
      fail(batch.first(i + 1));
      return i + 1;
    }
  }
  const absl::Time worked = absl::Now();
  delta.total_work += worked - begun;
  if (!Run(*writer_, "COMMIT").ok()) {
    if (writer_->InTransaction()) Run(*writer_, "ROLLBACK").IgnoreError();
    fail(batch);
  }
  last_commit_ = absl::Now() - worked;
  delta.total_commit += last_commit_;
  return batch.size();
}

absl::Status SqliteDatabase::Read(absl::Time deadline, Work work) {
  std::unique_ptr<SqliteConnection> connection;
  {
    const absl::Time begun = absl::Now();
    std::unique_lock lock(readers_mutex_);
    const auto free = [this] { return !free_readers_.empty(); };
    const bool had = deadline == absl::InfiniteFuture()
                         ? (reader_freed_.wait(lock, free), true)
                         : reader_freed_.wait_until(lock, absl::ToChronoTime(deadline), free);
    reader_stats_.total_wait += absl::Now() - begun;
    if (!had) {
      ++reader_stats_.timed_out;
      return Overloaded("too many reads are running");
    }
    ++reader_stats_.taken;
    connection = std::move(free_readers_.back());
    free_readers_.pop_back();
  }
  const absl::Cleanup give_back = [this, &connection] {
    {
      const std::lock_guard lock(readers_mutex_);
      free_readers_.push_back(std::move(connection));
    }
    reader_freed_.notify_one();
  };
  if (absl::Status status = Run(*connection, "BEGIN"); !status.ok()) return status;
  absl::Status status = RunGuarded(work, *connection);
  if (connection->InTransaction()) status.Update(Run(*connection, "ROLLBACK"));
  return status;
}

absl::Status SqliteDatabase::ClearLog() {
  try {
    SqliteConnection connection(options_.path, SqliteConnection::Mode::kReadWrite, options_.busy_timeout);
    Statement checkpoint = connection.Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
    if (checkpoint.Step() && checkpoint.GetInt(0) == 0) return absl::OkStatus();
    return base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE,
                       "the log of the database is in use");
  } catch (const SQLite::Exception& error) {
    return StatusOfException(error);
  }
}

DatabaseStats SqliteDatabase::Stats() const {
  DatabaseStats stats;
  {
    const std::lock_guard lock(queue_mutex_);
    stats.group_commits = stats_;
  }
  const std::lock_guard lock(readers_mutex_);
  stats.pool = reader_stats_;
  stats.pool.most = options_.readers;
  stats.pool.in_use = options_.readers - static_cast<int>(free_readers_.size());
  return stats;
}

}  // namespace council::sql
