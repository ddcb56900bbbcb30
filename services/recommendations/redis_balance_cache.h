#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_

#include <string>

#include "libs/cache/redis.h"
#include "libs/cache/revisions.h"
#include "services/recommendations/cached_balance.h"

namespace council::recommendations {

// Balances in Redis, shared by all copies of the service: one MGET finds, one script keeps.
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
  cache::RedisClient& redis_;
  cache::RedisRevisions revisions_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_REDIS_BALANCE_CACHE_H_
