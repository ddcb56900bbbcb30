#include "services/ledger/postgres_batch.h"

#include <pqxx/except>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "services/ledger/postgres_append.h"
#include "services/ledger/sql_append.h"

namespace council::ledger {
namespace {

// Rounds of a batch, and so how often an owner may be changed by others before their callers are told to come again.
constexpr int kRounds = 10;
// What a statement waits for a connection.
constexpr absl::Duration kConnectionWait = absl::Seconds(2);

absl::Status ChangedTooOften() {
  return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE,
                                     "the ledger was changed too often meanwhile; nothing was written"),
                         absl::Milliseconds(100));
}

}  // namespace

std::vector<absl::StatusOr<Appended>> PostgresBatch::Run(std::span<const AppendJob* const> jobs) {
  answers_.assign(jobs.size(), std::nullopt);
  std::vector<OfOwner> owners;
  for (std::vector<std::size_t>& places : ByOwner(jobs)) {
    OfOwner& owner = owners.emplace_back();
    for (const std::size_t place : places) owner.jobs.push_back(jobs[place]);
    owner.places = std::move(places);
  }
  RunRounds(std::move(owners));
  std::vector<absl::StatusOr<Appended>> answers;
  answers.reserve(jobs.size());
  const bool alone = !failure_.ok() && !server_away() && jobs.size() > 1;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (answers_[i].has_value()) {
      answers.push_back(*std::move(answers_[i]));
    } else if (alone) {
      answers.push_back(PostgresBatch(database_, sealer_).Run(jobs.subspan(i, 1)).front());
    } else {
      answers.emplace_back(failure_.ok() ? ChangedTooOften() : failure_);
    }
  }
  return answers;
}

void PostgresBatch::RunRounds(std::vector<OfOwner> owners) {
  for (int round = 0; round < kRounds && !owners.empty(); ++round) {
    failure_ = Read(owners);
    if (!failure_.ok()) return;
    std::vector<OfOwner> to_write;
    for (OfOwner& owner : owners) {
      failure_ = Plan(owner);
      if (!failure_.ok()) return;
      if (owner.rows.has_value()) {
        to_write.push_back(std::move(owner));
      } else {
        Answer(owner);
      }
    }
    if (to_write.empty()) return;
    absl::StatusOr<std::vector<OfOwner>> moved = Write(std::move(to_write));
    if (!moved.ok()) {
      failure_ = moved.status();
      return;
    }
    owners = *std::move(moved);
  }
}

absl::Status PostgresBatch::Read(std::span<OfOwner> owners) {
  std::vector<OwnerReads> reads;
  for (OfOwner& owner : owners) {
    owner.reads = AppendReads();
    reads.push_back({.key = &owner.jobs.front()->key, .needs = NeedsOf(owner.jobs), .reads = &owner.reads});
  }
  return database_.Run(absl::Now() + kConnectionWait, [&](sql::Connection& connection) {
    CallAppendRead(connection, sealer_, reads);
    return absl::OkStatus();
  });
}

absl::Status PostgresBatch::Plan(OfOwner& owner) {
  const OwnerKey& key = owner.jobs.front()->key;
  const RowCodec codec(sealer_, key.owner);
  while (true) {
    AppendPlan plan(codec, owner.reads);
    owner.answers.clear();
    for (const AppendJob* job : owner.jobs) owner.answers.push_back(plan.Append(*job));
    if (plan.missing().empty()) {
      COUNCIL_ASSIGN_OR_RETURN(owner.rows, plan.Rows());
      return absl::OkStatus();
    }
    // Later than the state, as all that was read: a change in between shows when it comes to writing.
    COUNCIL_RETURN_IF_ERROR(database_.Read(key.hash, absl::Now() + kConnectionWait, [&](sql::Connection& connection) {
      LoadAppendReads(connection, codec, key, plan.missing(), owner.reads);
      return absl::OkStatus();
    }));
  }
}

absl::StatusOr<std::vector<PostgresBatch::OfOwner>> PostgresBatch::Write(std::vector<OfOwner> owners) {
  std::vector<OwnerWrites> writes;
  for (const OfOwner& owner : owners) {
    writes.push_back({.key = &owner.jobs.front()->key, .known = &owner.reads.state, .rows = &*owner.rows});
  }
  std::vector<std::size_t> moved;
  bool rolled_back = false;
  const absl::Status status = database_.Run(absl::Now() + kConnectionWait, [&](sql::Connection& connection) {
    try {
      moved = CallAppendWrite(connection, sealer_, writes);
    } catch (const pqxx::transaction_rollback&) {
      // A deadlock, or a serialization failure: nothing was written.
      rolled_back = true;
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  std::vector<OfOwner> again;
  for (std::size_t i = 0, next = 0; i < owners.size(); ++i) {
    const bool has_moved = next < moved.size() && moved[next] == i;
    if (has_moved) ++next;
    if (has_moved || rolled_back) {
      again.push_back(std::move(owners[i]));
    } else {
      Answer(owners[i]);
    }
  }
  return again;
}

void PostgresBatch::Answer(OfOwner& owner) {
  for (std::size_t i = 0; i < owner.places.size(); ++i) answers_[owner.places[i]] = std::move(owner.answers[i]);
}

}  // namespace council::ledger
