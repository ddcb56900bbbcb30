#ifndef COUNCIL_LIBS_CACHE_NEAR_CACHE_H_
#define COUNCIL_LIBS_CACHE_NEAR_CACHE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/cache/invalidations.h"
#include "libs/cache/near_cache_metrics.h"
#include "libs/cache/revisions.h"

namespace council::cache {

struct NearCacheOptions {
  // Owners for whom something is kept; those not asked for longest give way.
  size_t most_entries = 10'000;
  // For how long a probe's return proves that changes are told.
  absl::Duration proof_lifetime = absl::Seconds(3);
};

// Values read from Redis, one an owner, in the memory of this process; found without asking Redis.
//
// Coherent by Redis's word: a value is kept only if no key of its owner changed since before the first read that went
// into it, and is dropped when one changes. While it is not proven that changes are told, nothing is kept or found. So
// what is found was in Redis at most `proof_lifetime` ago, and as long as the network carries the news if all is well.
// A value goes in only after it was read from Redis, never because it was written there: what Redis made of the writing
// is for Redis to say, and own writes are told of like everyone's.
//
// Owners are named by their keys' prefix, cache::KeyPrefix. Thread-safe; a look takes one short lock.
//
//   auto ticket = near.Begin(owner);
//   … read from Redis …
//   if (ticket.has_value()) near.Keep(owner, *ticket, value, until);
template <typename Value>
class NearCache final : public InvalidationSink {
 public:
  // That a read began, and what had changed by then.
  struct Ticket {
    uint64_t epoch = 0;
    uint64_t changes = 0;
    // When, by the monotonic clock.
    absl::Time taken;
  };

  // `clock` (monotonic) must outlive this.
  NearCache(const base::Clock& clock, const NearCacheMetrics& metrics, NearCacheOptions options = {})
      : clock_(clock), metrics_(metrics), options_(options) {}

  // The owner's value; null where there is none that may be believed.
  std::shared_ptr<const Value> Find(std::string_view owner) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::Time now = clock_.Now();
    absl::MutexLock lock(&mutex_);
    if (!IsProven(now)) return nullptr;
    const auto at = index_.find(owner);
    if (at == index_.end()) return nullptr;
    if (at->second->until <= now) {
      Erase(at);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, at->second);
    return at->second->value;
  }

  // To be called before anything is read that may be kept. Nothing while nothing is kept anyway.
  std::optional<Ticket> Begin(std::string_view owner) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::Time now = clock_.Now();
    absl::MutexLock lock(&mutex_);
    if (!IsProven(now)) return std::nullopt;
    return Ticket{.epoch = epoch_, .changes = ChangesOf(owner), .taken = now};
  }

  // Keeps what was read since `ticket`, until `until` at most, unless something changed meanwhile.
  void Keep(std::string_view owner, const Ticket& ticket, std::shared_ptr<const Value> value, absl::Time until)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::Time now = clock_.Now();
    absl::MutexLock lock(&mutex_);
    if (!IsProven(now) || ticket.epoch != epoch_ || ticket.changes != ChangesOf(owner)) {
      metrics_.overtaken.Increment();
      return;
    }
    if (const auto at = index_.find(owner); at != index_.end()) Erase(at);
    if (entries_.size() >= options_.most_entries) {
      metrics_.evicted.Increment();
      Erase(index_.find(entries_.back().owner));
    }
    entries_.push_front({std::string(owner), std::move(value), until});
    index_.emplace(entries_.front().owner, entries_.begin());
    metrics_.kept.Increment();
    metrics_.entries.Set(static_cast<double>(entries_.size()));
  }

  // Drops the owner's value, and what is being read.
  void Forget(std::string_view owner) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    ++ChangesOf(owner);
    if (const auto at = index_.find(owner); at != index_.end()) Erase(at);
  }

  void OnInvalidated(std::string_view key) override ABSL_LOCKS_EXCLUDED(mutex_) {
    const std::string_view owner = OwnerPrefix(key);
    if (owner.empty()) return;
    metrics_.invalidations.Increment();
    absl::MutexLock lock(&mutex_);
    ++ChangesOf(owner);
    if (const auto at = index_.find(owner); at != index_.end()) {
      metrics_.dropped.Increment();
      Erase(at);
    }
  }

  void OnFlushed() override ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    Empty(metrics_.emptied_flushed);
  }

  void OnProof(absl::Time sent) override ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::Time now = clock_.Now();
    absl::MutexLock lock(&mutex_);
    // Found out now, if nobody looked since the last proof grew old.
    IsProven(now);
    proven_until_ = std::max(proven_until_, sent + options_.proof_lifetime);
    metrics_.usable.Set(now < proven_until_ ? 1 : 0);
  }

  void OnLost() override ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (proven_until_ == absl::InfinitePast()) return;
    proven_until_ = absl::InfinitePast();
    metrics_.usable.Set(0);
    Empty(metrics_.emptied_lost);
  }

 private:
  struct Entry {
    std::string owner;
    std::shared_ptr<const Value> value;
    absl::Time until;
  };
  using Entries = std::list<Entry>;
  // By views into the entries' names.
  using Index = std::unordered_map<std::string_view, typename Entries::iterator>;

  // Owners share a count of changes where their hashes meet: then a value is not kept though it might have been.
  static constexpr size_t kCounts = 4096;

  uint64_t& ChangesOf(std::string_view owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return changes_[std::hash<std::string_view>()(owner) % kCounts];
  }

  // Whether it is proven that changes are told; if it is no longer, everything goes.
  bool IsProven(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (now < proven_until_) return true;
    if (proven_until_ != absl::InfinitePast()) {
      proven_until_ = absl::InfinitePast();
      metrics_.usable.Set(0);
      Empty(metrics_.emptied_unproven);
    }
    return false;
  }

  void Erase(typename Index::iterator at) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto entry = at->second;
    index_.erase(at);
    entries_.erase(entry);
    metrics_.entries.Set(static_cast<double>(entries_.size()));
  }

  void Empty(telemetry::Counter& reason) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ++epoch_;
    index_.clear();
    entries_.clear();
    reason.Increment();
    metrics_.entries.Set(0);
  }

  const base::Clock& clock_;
  const NearCacheMetrics metrics_;
  const NearCacheOptions options_;

  absl::Mutex mutex_;
  absl::Time proven_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Times that everything went.
  uint64_t epoch_ ABSL_GUARDED_BY(mutex_) = 0;
  std::array<uint64_t, kCounts> changes_ ABSL_GUARDED_BY(mutex_) = {};
  // The last found first.
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  Index index_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_NEAR_CACHE_H_
