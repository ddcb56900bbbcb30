#include "services/ledger/sqlite_ledger_store.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "libs/base/status.h"
#include "services/ledger/migrations.h"
#include "services/ledger/sql_append.h"

namespace council::ledger {
namespace {

// Callers whose appends share a turn: more would only make all of them wait longer.
constexpr std::size_t kMostInATurn = 512;

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteLedgerStore>> SqliteLedgerStore::Open(sql::SqliteOptions options,
                                                                           const seal::Keys& keys,
                                                                           base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(std::unique_ptr<sql::SqliteDatabase> database,
                           sql::SqliteDatabase::Open(std::move(options), StorageSchema().sqlite));
  COUNCIL_ASSIGN_OR_RETURN(seal::StorageSecrets secrets, seal::OpenSecrets(*database, keys, random));
  std::unique_ptr<SqliteLedgerStore> store(
      new SqliteLedgerStore(std::move(database), std::move(secrets), keys, random));
  COUNCIL_RETURN_IF_ERROR(store->FinishErasures());
  return store;
}

void SqliteLedgerStore::Flush() {
  // What fails together is tried alone after that.
  for (int i = 0; i < 2; ++i) database_->Write([](sql::Connection&) { return absl::OkStatus(); }).IgnoreError();
}

void SqliteLedgerStore::AppendJobOf(std::shared_ptr<const AppendJob> job, AppendDone done) {
  {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(std::make_shared<Waiting>(Waiting{.job = std::move(job), .done = std::move(done)}));
    if (turns_ >= waiting_.size()) return;
    ++turns_;
  }
  auto turn = std::make_shared<Turn>();
  database_->WriteAsync(
      [this, turn](sql::Connection& connection) {
        turn->had = true;
        turn->appends = TakeTurn();
        return Run(connection, *turn);
      },
      [this, turn](const absl::Status& status) {
        if (!turn->had) turn->appends = LoseTurn();
        Finish(status, *turn);
      });
}

std::vector<std::shared_ptr<SqliteLedgerStore::Waiting>> SqliteLedgerStore::TakeTurn() {
  std::vector<std::shared_ptr<Waiting>> taken;
  absl::MutexLock lock(&mutex_);
  --turns_;
  while (!waiting_.empty() && taken.size() < kMostInATurn) {
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

std::vector<std::shared_ptr<SqliteLedgerStore::Waiting>> SqliteLedgerStore::LoseTurn() {
  std::vector<std::shared_ptr<Waiting>> lost;
  absl::MutexLock lock(&mutex_);
  --turns_;
  while (waiting_.size() > turns_) {
    lost.push_back(std::move(waiting_.back()));
    waiting_.pop_back();
  }
  return lost;
}

absl::Status SqliteLedgerStore::Run(sql::Connection& connection, Turn& turn) {
  std::vector<const AppendJob*> jobs;
  jobs.reserve(turn.appends.size());
  for (const auto& append : turn.appends) jobs.push_back(append->job.get());
  COUNCIL_ASSIGN_OR_RETURN(turn.answers, AppendInTransaction(connection, sealer(), jobs));
  return absl::OkStatus();
}

void SqliteLedgerStore::RunAlone(std::shared_ptr<Waiting> waiting) {
  auto turn = std::make_shared<Turn>();
  turn->appends.push_back(std::move(waiting));
  turn->had = true;
  database_->WriteAsync([this, turn](sql::Connection& connection) { return Run(connection, *turn); },
                        [this, turn](const absl::Status& status) { Finish(status, *turn); });
}

void SqliteLedgerStore::Finish(const absl::Status& status, Turn& turn) {
  if (!status.ok() && turn.had && !absl::IsUnavailable(status) && turn.appends.size() > 1) {
    // Nobody fails for a neighbour.
    for (std::shared_ptr<Waiting>& append : turn.appends) RunAlone(std::move(append));
    return;
  }
  for (std::size_t i = 0; i < turn.appends.size(); ++i) {
    Waiting& append = *turn.appends[i];
    absl::StatusOr<Appended> answer = status.ok() ? std::move(turn.answers[i]) : status;
    if (answer.ok()) Tell(append.job->key.owner, answer->revision);
    std::move(append.done)(std::move(answer));
  }
}

}  // namespace council::ledger
