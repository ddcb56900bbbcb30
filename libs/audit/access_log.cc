#include "libs/audit/access_log.h"

#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::audit {
namespace {

constexpr absl::Duration kFlushEvery = absl::Minutes(1);
constexpr absl::Duration kKeptFor = absl::Hours(90 * 24);
// Above this many, counts are written at once; what still comes while storage is down is not counted.
constexpr std::size_t kFlushAt = 2'000;
constexpr std::size_t kMostCounts = 20'000;

absl::Time HourOf(absl::Time time) {
  return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Hours(1));
}

// Damaged rows, or keys that were destroyed: to try again would change nothing, as it does where the storage is away or
// too much waits for it.
bool IsForGood(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status);
}

}  // namespace

AccessLog::AccessLog(AccessStore& store, const base::Clock& clock)
    : store_(store), clock_(clock), thread_([this] { Run(); }) {}

AccessLog::~AccessLog() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
  // Storage that can't be written now was reported to whoever wrote to it.
  Flush().IgnoreError();
}

void AccessLog::Record(const base::Owner& owner, const std::string& method, const std::string& client) {
  Use use{HourOf(clock_.Now()), method, client};
  const absl::MutexLock lock(&mutex_);
  Add(owner, {{std::move(use), 1}});
}

void AccessLog::Add(const base::Owner& owner, const Counts& counts) {
  for (const auto& [use, calls] : counts) {
    const auto known = counts_.find(owner);
    const bool is_new = known == counts_.end() || !known->second.contains(use);
    if (is_new && size_ >= kMostCounts) continue;
    size_ += is_new ? 1 : 0;
    counts_[owner][use] += calls;
  }
}

absl::Status AccessLog::Write(const base::Owner& owner) {
  Counts counts;
  {
    const absl::MutexLock lock(&mutex_);
    const auto counted = counts_.extract(owner);
    if (counted.empty()) return absl::OkStatus();
    counts = std::move(counted.mapped());
    size_ -= counts.size();
  }
  std::vector<storage::v1::StoredAccess> accesses;
  for (const auto& [use, calls] : counts) {
    storage::v1::StoredAccess& access = accesses.emplace_back();
    *access.mutable_time() = base::ToProto(std::get<0>(use));
    access.set_method(std::get<1>(use));
    access.set_client(std::get<2>(use));
    access.set_calls(calls);
  }
  const absl::Status status = store_.AddAccesses(owner, accesses, clock_.Now() - kKeptFor);
  if (status.ok()) return status;
  if (IsForGood(status)) {
    spdlog::warn("calls of an owner can't be recorded: {}", absl::StatusCodeToString(status.code()));
    return status;
  }
  const absl::MutexLock lock(&mutex_);
  Add(owner, counts);
  return status;
}

absl::Status AccessLog::Flush() {
  std::vector<base::Owner> owners;
  {
    const absl::MutexLock lock(&mutex_);
    for (const auto& [owner, counts] : counts_) owners.push_back(owner);
  }
  for (const base::Owner& owner : owners) {
    const absl::Status status = Write(owner);
    // What can't be written for one owner holds nobody else up.
    if (!status.ok() && !IsForGood(status)) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<storage::v1::StoredAccess>> AccessLog::List(const base::Owner& owner, std::size_t limit,
                                                                       std::string& position, absl::Time deadline) {
  COUNCIL_RETURN_IF_ERROR(Write(owner));
  return store_.ListAccesses(owner, limit, position, deadline);
}

void AccessLog::Run() {
  mutex_.Lock();
  while (!stopping_) {
    const auto due = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || size_ >= kFlushAt; };
    mutex_.AwaitWithTimeout(absl::Condition(&due), kFlushEvery);
    mutex_.Unlock();
    const bool written = Flush().ok();
    mutex_.Lock();
    // Storage that is down is not asked again at once.
    if (!written && !stopping_) {
      const auto stop = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_; };
      mutex_.AwaitWithTimeout(absl::Condition(&stop), kFlushEvery);
    }
  }
  mutex_.Unlock();
}

}  // namespace council::audit
