#include "libs/rpc/rate_limiter.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

// Shorter waits are not worth being said.
constexpr absl::Duration kShortestWait = absl::Milliseconds(1);

}  // namespace

RateLimiter::RateLimiter(const Options& options, const base::Clock& clock, telemetry::Metrics& metrics)
    : clock_(clock),
      light_call_(absl::Seconds(1) / options.calls_per_second),
      whole_(light_call_ * options.burst),
      most_owners_of_shard_(std::max<std::size_t>(options.most_owners / kShards, 1)),
      refusal_(absl::StrCat("too many calls: an owner may make ", options.calls_per_second, " a second here, after ",
                            options.burst, " at once")),
      refused_(metrics.AddCounter("council_rate_limited_calls_total",
                                  "Calls that were refused since their owner makes too many.")) {}

absl::Status RateLimiter::Take(const base::Owner& owner, Cost cost) {
  const std::uint64_t hash = absl::HashOf(owner);
  Shard& shard = shards_[hash % kShards];
  const absl::Duration wait =
      TakeFrom(shard, hash, std::min(light_call_ * static_cast<int>(cost), whole_), clock_.Now());
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  refused_.Increment();
  return base::WithRetry(
      base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_RATE_LIMITED, refusal_),
      std::max(absl::Ceil(wait, kShortestWait), kShortestWait));
}

absl::Duration RateLimiter::TakeFrom(Shard& shard, std::uint64_t owner, absl::Duration cost, absl::Time now) {
  absl::MutexLock lock(&shard.mutex);
  const auto [found, is_new] = shard.by_owner.try_emplace(owner);
  if (is_new) {
    shard.by_use.push_front({.owner = owner, .full_at = now});
    found->second = shard.by_use.begin();
  } else {
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
  }
  Bucket& bucket = *found->second;
  const absl::Time full_at = std::max(bucket.full_at, now) + cost;
  const absl::Duration wait = full_at - now - whole_;
  if (wait <= absl::ZeroDuration()) bucket.full_at = full_at;
  Forget(shard, now);
  return std::max(wait, absl::ZeroDuration());
}

void RateLimiter::Forget(Shard& shard, absl::Time now) const {
  while (shard.by_use.size() > 1 &&
         (shard.by_use.back().full_at <= now || shard.by_use.size() > most_owners_of_shard_)) {
    shard.by_owner.erase(shard.by_use.back().owner);
    shard.by_use.pop_back();
  }
}

std::size_t RateLimiter::owners() const {
  std::size_t owners = 0;
  for (const Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    owners += shard.by_use.size();
  }
  return owners;
}

}  // namespace council::rpc
