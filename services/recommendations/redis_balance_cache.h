#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "libs/cache/circuit_breaker.h"
#include "libs/cache/redis_commands.h"
#include "libs/cache/revisions.h"
#include "services/recommendations/cached_balance.h"

namespace council::recommendations {

// Balances in Redis, shared by all copies of the service: one MGET finds, one script keeps.
//
// One MGET an owner is under way at a time. Who asks meanwhile shares the next one, and so is never answered from
// before the question. With it goes a PTTL for each revision, since a near cache must not believe it for longer.
//
// A Redis that does not answer is given up for a while (cache::CircuitBreaker): looks fail at once with UNAVAILABLE and
// nothing is sent, except a PING now and then, for which nobody waits.
class RedisBalanceCache final : public BalanceCacheBackend {
 public:
  // `redis` must outlive this, and `breaker` must outlive `redis`.
  RedisBalanceCache(cache::RedisCommands& redis, cache::CircuitBreaker& breaker)
      : redis_(redis), breaker_(breaker), revisions_(redis) {}

  void Find(const Keys& keys, FoundCallback found) override;
  void Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) override;
  void RaiseRevision(const std::string& key, int64_t revision) override;
  void Drop(const std::string& key) override;
  v1::AnsweredFrom answered_from() const override { return v1::ANSWERED_FROM_REDIS; }

 private:
  // Looks the keys up for all of `callers`, and then for those who came meanwhile.
  void Look(const Keys& keys, std::vector<FoundCallback> callers) ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes the replies to all of `callers`, and looks again for those who came meanwhile.
  void OnLooked(const Keys& keys, std::vector<FoundCallback> callers, const absl::StatusOr<Found>& found)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether Redis may be asked now. Sends a trial where one is due.
  bool MayAsk();
  // Sends what nobody waits for, where Redis may be asked.
  void SendUnawaited(absl::Span<const std::string_view> command);

  cache::RedisCommands& redis_;
  cache::CircuitBreaker& breaker_;
  cache::RedisRevisions revisions_;

  absl::Mutex mutex_;
  // By the balance's key, for each look that is under way: who came since it began.
  absl::flat_hash_map<std::string, std::vector<FoundCallback>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_
