#ifndef COUNCIL_LIBS_RPC_RATE_LIMITER_H_
#define COUNCIL_LIBS_RPC_RATE_LIMITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/base/owner.h"
#include "libs/telemetry/metrics.h"

namespace council::rpc {

// What a call takes out of its owner's bucket: what reads or writes a little, and what works on all that an owner has.
enum class Cost { kLight = 1, kHeavy = 10 };

// Keeps each owner from making more calls of this process than one person's programs need, so that a script that runs
// wild costs nobody else anything. Each owner has a bucket: it holds `burst` light calls, is full at first, and fills
// at `calls_per_second`. Of this process alone: where several copies of a service answer, each grants as much.
//
// Thread-safe; no lock is held but for the look into a bucket. Owners whose bucket is full again are forgotten, and
// beyond `most_owners` the one who called least lately, which fills their bucket.
class RateLimiter {
 public:
  struct Options {
    double calls_per_second = 50;  // More than 0.
    double burst = 500;            // At least 1.
    std::size_t most_owners = 100'000;
  };

  // `clock`, which should be a monotonic one, and `metrics` must outlive the limiter.
  RateLimiter(const Options& options, const base::Clock& clock, telemetry::Metrics& metrics);

  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;

  // Takes `cost` out of the owner's bucket. Where there is not as much in it nothing is taken, and it fails with
  // RESOURCE_EXHAUSTED (RATE_LIMITED), whose RetryInfo says when there will be. What costs more than a bucket holds
  // takes a full one.
  absl::Status Take(const base::Owner& owner, Cost cost);

  // Owners who are remembered.
  std::size_t owners() const;

 private:
  // Owners are known by a hash with a seed of this process's. Two who share one would share a bucket; among a hundred
  // thousand that is a chance of one in billions.
  struct Bucket {
    std::uint64_t owner = 0;
    absl::Time full_at;  // When it will be full again.
  };

  static constexpr std::size_t kShards = 16;

  // A part of the owners with a lock of their own.
  struct Shard {
    mutable absl::Mutex mutex;
    std::list<Bucket> by_use ABSL_GUARDED_BY(mutex);  // Who called last comes first.
    absl::flat_hash_map<std::uint64_t, std::list<Bucket>::iterator> by_owner ABSL_GUARDED_BY(mutex);
  };

  // How long after `now` the cost can be taken; zero: it is taken.
  absl::Duration TakeFrom(Shard& shard, std::uint64_t owner, absl::Duration cost, absl::Time now);
  void Forget(Shard& shard, absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const base::Clock& clock_;
  const absl::Duration light_call_;  // In which a bucket fills by a light call.
  const absl::Duration whole_;       // In which an empty bucket fills.
  const std::size_t most_owners_of_shard_;
  const std::string refusal_;
  telemetry::Counter& refused_;
  std::array<Shard, kShards> shards_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_RATE_LIMITER_H_
