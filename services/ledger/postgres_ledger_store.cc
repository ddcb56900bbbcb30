#include "services/ledger/postgres_ledger_store.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/migrations.h"

namespace council::ledger {
namespace {

constexpr std::size_t kWriters = 2;
// Callers and entries that share a batch, and callers that may wait for a writer.
constexpr std::size_t kMostCallers = 512;
constexpr std::size_t kMostEntries = 2'000;
constexpr std::size_t kMostWaiting = 4'096;

absl::Status TooManyWaiting() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                     "too many writes are waiting"),
                         absl::Milliseconds(200));
}

absl::Status ServerAway() {
  return base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE,
                     "the storage can't be reached; nothing was written");
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresLedgerStore>> PostgresLedgerStore::Open(sql::PostgresOptions options,
                                                                               const seal::Keys& keys,
                                                                               base::Random& random) {
  options.connection.schema = std::string(StorageSchema().name);
  COUNCIL_ASSIGN_OR_RETURN(std::unique_ptr<sql::PostgresDatabase> database,
                           sql::PostgresDatabase::Open(std::move(options), StorageSchema().postgres));
  COUNCIL_ASSIGN_OR_RETURN(seal::StorageSecrets secrets, seal::OpenSecrets(*database, keys, random));
  std::unique_ptr<PostgresLedgerStore> store(
      new PostgresLedgerStore(std::move(database), std::move(secrets), keys, random));
  COUNCIL_RETURN_IF_ERROR(store->FinishErasures());
  return store;
}

PostgresLedgerStore::PostgresLedgerStore(std::unique_ptr<sql::PostgresDatabase> database, seal::StorageSecrets secrets,
                                         const seal::Keys& keys, base::Random& random)
    : SqlLedgerStore(*database, std::move(secrets), keys, random), database_(std::move(database)) {
  for (std::size_t i = 0; i < kWriters; ++i) {
    Writer& writer = *writers_.emplace_back(std::make_unique<Writer>());
    writer.thread = std::thread([this, &writer] { Run(writer); });
  }
}

PostgresLedgerStore::~PostgresLedgerStore() {
  for (const auto& writer : writers_) {
    absl::MutexLock lock(&writer->mutex);
    writer->stopping = true;
  }
  for (const auto& writer : writers_) writer->thread.join();
}

void PostgresLedgerStore::Flush() {
  for (const auto& writer : writers_) {
    Writer& one = *writer;
    absl::MutexLock lock(&one.mutex);
    const auto idle = [&one]() ABSL_SHARED_LOCKS_REQUIRED(one.mutex) { return one.waiting.empty() && !one.busy; };
    one.mutex.Await(absl::Condition(&idle));
  }
}

sql::DatabaseStats PostgresLedgerStore::Stats() const {
  sql::DatabaseStats stats = database_->Stats();
  absl::MutexLock lock(&stats_mutex_);
  stats.group_commits = stats_;
  return stats;
}

void PostgresLedgerStore::AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) {
  Writer& writer = *writers_[static_cast<unsigned char>(job->key.hash[0]) % kWriters];
  {
    absl::MutexLock lock(&writer.mutex);
    if (writer.waiting.size() < kMostWaiting) {
      writer.waiting.push_back({.job = std::move(job), .done = std::move(done), .queued = absl::Now()});
      return;
    }
  }
  {
    absl::MutexLock lock(&stats_mutex_);
    ++stats_.rejected;
  }
  std::move(done)(TooManyWaiting());
}

void PostgresLedgerStore::Run(Writer& writer) {
  while (true) {
    std::vector<WaitingAppend> batch;
    {
      absl::MutexLock lock(&writer.mutex);
      writer.busy = false;
      const auto called = [&writer]() ABSL_SHARED_LOCKS_REQUIRED(writer.mutex) {
        return writer.stopping || !writer.waiting.empty();
      };
      writer.mutex.Await(absl::Condition(&called));
      if (writer.waiting.empty()) return;
      batch = TakeBatch(writer);
      writer.busy = true;
    }
    RunBatch(writer, std::move(batch));
  }
}

std::vector<WaitingAppend> PostgresLedgerStore::TakeBatch(Writer& writer) {
  std::vector<WaitingAppend> batch;
  std::size_t entries = 0;
  while (!writer.waiting.empty() && batch.size() < kMostCallers && entries < kMostEntries) {
    entries += writer.waiting.front().job->drafts.size();
    batch.push_back(std::move(writer.waiting.front()));
    writer.waiting.pop_front();
  }
  return batch;
}

void PostgresLedgerStore::RunBatch(Writer& writer, std::vector<WaitingAppend> appends) {
  const absl::Time begun = absl::Now();
  std::vector<const AppendJob*> jobs;
  absl::Duration waited;
  absl::Duration longest;
  for (const WaitingAppend& append : appends) {
    jobs.push_back(append.job.get());
    waited += begun - append.queued;
    longest = std::max(longest, begun - append.queued);
  }
  PostgresBatch batch(*database_, sealer());
  std::vector<absl::StatusOr<Appended>> answers = batch.Run(jobs);
  {
    absl::MutexLock lock(&stats_mutex_);
    stats_.CountBatch(appends.size());
    stats_.total_wait += waited;
    stats_.longest_wait = std::max(stats_.longest_wait, longest);
    stats_.total_commit += absl::Now() - begun;
    if (batch.server_away()) ++stats_.failed;
  }
  // Who came meanwhile need not find out once more, one batch after the other. Taken before anybody is answered: who
  // comes after an answer may find the server back.
  std::deque<WaitingAppend> waiting;
  if (batch.server_away()) {
    absl::MutexLock lock(&writer.mutex);
    waiting.swap(writer.waiting);
  }
  for (std::size_t i = 0; i < appends.size(); ++i) {
    WaitingAppend& append = appends[i];
    if (answers[i].ok()) Tell(append.job->key.owner, answers[i]->revision);
    std::move(append.done)(std::move(answers[i]));
  }
  for (WaitingAppend& append : waiting) std::move(append.done)(ServerAway());
}

}  // namespace council::ledger
