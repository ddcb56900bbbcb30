#include "libs/audit/access_log.h"

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
// Counts that one transaction writes: their owners' writers wait for it.
constexpr std::size_t kWrittenAtOnce = 100;

absl::Time HourOf(absl::Time time) {
  return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Hours(1));
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
  Key key{owner, HourOf(clock_.Now()), method, client};
  const absl::MutexLock lock(&mutex_);
  if (counts_.size() < kMostCounts || counts_.contains(key)) ++counts_[std::move(key)];
}

absl::Status AccessLog::Flush() {
  std::map<Key, int> counts;
  {
    const absl::MutexLock lock(&mutex_);
    counts.swap(counts_);
  }
  absl::Status status;
  while (!counts.empty() && status.ok()) {
    std::vector<CountedAccess> counted;
    auto end = counts.begin();
    for (; end != counts.end() && counted.size() < kWrittenAtOnce; ++end) {
      const auto& [key, calls] = *end;
      CountedAccess& one = counted.emplace_back();
      one.owner = std::get<0>(key);
      *one.access.mutable_time() = base::ToProto(std::get<1>(key));
      one.access.set_method(std::get<2>(key));
      one.access.set_client(std::get<3>(key));
      one.access.set_calls(calls);
    }
    status = store_.AddAccesses(counted, clock_.Now() - kKeptFor);
    if (status.ok()) counts.erase(counts.begin(), end);
  }
  const absl::MutexLock lock(&mutex_);
  for (const auto& [key, calls] : counts) {
    if (counts_.size() < kMostCounts || counts_.contains(key)) counts_[key] += calls;
  }
  return status;
}

absl::StatusOr<std::vector<storage::v1::StoredAccess>> AccessLog::List(const base::Owner& owner, std::size_t limit,
                                                                       std::string& position, absl::Time deadline) {
  COUNCIL_RETURN_IF_ERROR(Flush());
  return store_.ListAccesses(owner, limit, position, deadline);
}

void AccessLog::Run() {
  mutex_.Lock();
  while (!stopping_) {
    const auto due = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || counts_.size() >= kFlushAt; };
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
