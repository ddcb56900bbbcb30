#include "services/contacts/access_log.h"

#include <utility>
#include <vector>

#include "libs/base/proto_time.h"

namespace council::contacts {
namespace {

constexpr absl::Duration kFlushEvery = absl::Seconds(10);
constexpr absl::Duration kKeptFor = absl::Hours(90 * 24);
// Above this many, counts are written at once; what still comes while storage is down is not counted.
constexpr size_t kFlushAt = 2'000;
constexpr size_t kMostCounts = 20'000;
// Counts that one transaction writes: their owners' writers wait for it.
constexpr size_t kWrittenAtOnce = 100;

absl::Time HourOf(absl::Time time) {
  return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Hours(1));
}

}  // namespace

AccessLog::AccessLog(ContactsStore& store, const base::Clock& clock)
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

void AccessLog::CountRead(const base::Owner& owner, const std::string& method, const std::string& client) {
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
    std::vector<ReadCount> reads;
    auto end = counts.begin();
    for (; end != counts.end() && reads.size() < kWrittenAtOnce; ++end) {
      const auto& [key, calls] = *end;
      ReadCount& read = reads.emplace_back();
      read.owner = std::get<0>(key);
      *read.access.mutable_time() = base::ToProto(std::get<1>(key));
      read.access.set_method(std::get<2>(key));
      read.access.set_client(std::get<3>(key));
      read.access.set_calls(calls);
    }
    status = store_.AddReads(reads, clock_.Now() - kKeptFor);
    if (status.ok()) counts.erase(counts.begin(), end);
  }
  const absl::MutexLock lock(&mutex_);
  for (const auto& [key, calls] : counts) {
    if (counts_.size() < kMostCounts || counts_.contains(key)) counts_[key] += calls;
  }
  return status;
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

}  // namespace council::contacts
