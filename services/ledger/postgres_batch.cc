#include "services/ledger/postgres_batch.h"

#include <pqxx/except>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "libs/sql/postgres_connection.h"
#include "services/ledger/postgres_append.h"
#include "services/ledger/sql_append.h"

namespace council::ledger {
namespace {

// Rounds of a batch without locks, and so how often an owner may be changed by others before being locked.
constexpr int kRounds = 3;
// What a statement waits for a connection.
constexpr absl::Duration kConnectionWait = absl::Seconds(2);

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
      answers.emplace_back(failure_);
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
      failure_ = Plan(owner, [&](const OwnerKey& key, const AppendNeeds& needs, AppendReads& reads) {
        // Later than the state, as all that was read: a change in between shows when it comes to writing.
        return database_.Read(key.hash, absl::Now() + kConnectionWait, [&](sql::Connection& connection) {
          LoadAppendReads(connection, RowCodec(sealer_, key), key, needs, reads);
          return absl::OkStatus();
        });
      });
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
  if (!owners.empty()) failure_ = RunLocked(std::move(owners));
}

void PostgresBatch::ReadOn(sql::Connection& connection, std::span<OfOwner> owners) const {
  std::vector<OwnerReads> reads;
  for (OfOwner& owner : owners) {
    owner.reads = AppendReads();
    reads.push_back({.key = &owner.jobs.front()->key, .needs = NeedsOf(owner.jobs), .reads = &owner.reads});
  }
  CallAppendRead(connection, sealer_, reads);
}

absl::Status PostgresBatch::Read(std::span<OfOwner> owners) {
  return database_.Run(absl::Now() + kConnectionWait, [&](sql::Connection& connection) {
    ReadOn(connection, owners);
    return absl::OkStatus();
  });
}

absl::Status PostgresBatch::Plan(OfOwner& owner, Load load) const {
  const OwnerKey& key = owner.jobs.front()->key;
  const RowCodec codec(sealer_, key);
  while (true) {
    AppendPlan plan(codec, owner.reads);
    owner.answers.clear();
    for (const AppendJob* job : owner.jobs) owner.answers.push_back(plan.Append(*job));
    if (plan.missing().empty()) {
      COUNCIL_ASSIGN_OR_RETURN(owner.rows, plan.Rows());
      return absl::OkStatus();
    }
    COUNCIL_RETURN_IF_ERROR(load(key, plan.missing(), owner.reads));
  }
}

std::vector<std::size_t> PostgresBatch::WriteOn(sql::Connection& connection, std::span<const OfOwner> owners) const {
  std::vector<OwnerWrites> writes;
  for (const OfOwner& owner : owners) {
    writes.push_back({.key = &owner.jobs.front()->key, .known = &owner.reads.state, .rows = &*owner.rows});
  }
  return CallAppendWrite(connection, sealer_, writes);
}

absl::StatusOr<std::vector<PostgresBatch::OfOwner>> PostgresBatch::Write(std::vector<OfOwner> owners) {
  std::vector<std::size_t> moved;
  bool rolled_back = false;
  const absl::Status status = database_.Run(absl::Now() + kConnectionWait, [&](sql::Connection& connection) {
    try {
      moved = WriteOn(connection, owners);
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

absl::Status PostgresBatch::RunLocked(std::vector<OfOwner> owners) {
  std::vector<std::string> hashes;
  for (const OfOwner& owner : owners) hashes.push_back(owner.jobs.front()->key.hash);
  const absl::Status status = database_.Write(std::span<const std::string>(hashes), [&](sql::Connection& connection) {
    connection.Prepare("SELECT lock_owners(?)")
        .Bind(sql::ByteaArray(std::vector<std::string_view>(hashes.begin(), hashes.end())))
        .Step();
    ReadOn(connection, owners);
    for (OfOwner& owner : owners) {
      COUNCIL_RETURN_IF_ERROR(Plan(owner, [&](const OwnerKey& key, const AppendNeeds& needs, AppendReads& reads) {
        LoadAppendReads(connection, RowCodec(sealer_, key), key, needs, reads);
        return absl::OkStatus();
      }));
    }
    std::vector<OfOwner> to_write;
    for (const OfOwner& owner : owners) {
      if (owner.rows.has_value()) to_write.push_back(owner);
    }
    if (!to_write.empty() && !WriteOn(connection, to_write).empty()) {
      return absl::Status(absl::InternalError("a locked ledger was changed"));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  for (OfOwner& owner : owners) Answer(owner);
  return absl::OkStatus();
}

void PostgresBatch::Answer(OfOwner& owner) {
  for (std::size_t i = 0; i < owner.places.size(); ++i) answers_[owner.places[i]] = std::move(owner.answers[i]);
}

}  // namespace council::ledger
