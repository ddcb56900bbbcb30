#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "libs/cache/redis.h"
#include "libs/cache/revisions.h"
#include "services/recommendations/cached_balance.h"

namespace council::recommendations {

// Balances in Redis, shared by all copies of the service: one MGET finds, one script keeps.
//
// One MGET an owner is under way at a time. Who asks meanwhile shares the next one, and so is never answered from
// before the question.
class RedisBalanceCache final : public BalanceCacheBackend {
 public:
  // `redis` must outlive this.
  explicit RedisBalanceCache(cache::RedisClient& redis) : redis_(redis), revisions_(redis) {}

  void Find(const Keys& keys, FoundCallback found) override;
  void Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) override;
  void RaiseRevision(const std::string& key, int64_t revision) override;
  void Drop(const std::string& key) override;
  v1::AnsweredFrom answered_from() const override { return v1::ANSWERED_FROM_REDIS; }

 private:
  // Looks the keys up for all of `callers`, and then for those who came meanwhile.
  void Look(const Keys& keys, std::vector<FoundCallback> callers) ABSL_LOCKS_EXCLUDED(mutex_);

  cache::RedisClient& redis_;
  cache::RedisRevisions revisions_;

  absl::Mutex mutex_;
  // By the balance's key, for each look that is under way: who came since it began.
  absl::flat_hash_map<std::string, std::vector<FoundCallback>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_
