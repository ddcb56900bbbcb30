// The cache of balances with a real Redis and the near cache in front of it.

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "libs/cache/circuit_breaker.h"
#include "libs/cache/redis.h"
#include "libs/cache/redis_tracking.h"
#include "libs/cache/redis_url.h"
#include "libs/cache/revisions.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_cache_fixture.h"
#include "services/recommendations/near_balance.h"
#include "services/recommendations/redis_balance_cache.h"
#include "tests/support/redis_server.h"

namespace council::recommendations {
namespace {

// A cache in a real Redis, with a near cache in front of it.
class RedisTest : public BalanceCacheTest {
 protected:
  RedisTest() {
    cache::RedisOptions options;
    options.address = *cache::ParseRedisUrl(server_.url());
    redis_ = std::make_unique<cache::RedisClient>(std::move(options));
    EXPECT_TRUE(redis_->WaitUntilConnected(absl::Now() + absl::Seconds(20)));
    tracking_ = std::make_unique<cache::RedisTracking>(
        cache::RedisTrackingOptions{.address = *cache::ParseRedisUrl(server_.url()),
                                    .probe_interval = absl::Milliseconds(100)},
        *redis_, monotonic_, random_, near_);
    backend_ = std::make_unique<RedisBalanceCache>(*redis_, breaker_);
    Use(*backend_, &near_);
  }
  ~RedisTest() override { cache_.reset(); }

  // Gets until an answer comes from the near cache.
  Result GetNear() {
    while (true) {
      Result result = Get();
      if (!result.ok() || result->answered_from() == v1::ANSWERED_FROM_NEAR_CACHE) return result;
    }
  }

  test::RedisServer server_;
  base::MonotonicClock monotonic_;
  telemetry::Metrics redis_metrics_;
  cache::CircuitBreaker breaker_{monotonic_, redis_metrics_};
  const cache::NearCacheMetrics near_metrics_{redis_metrics_};
  NearBalances near_{monotonic_, near_metrics_};
  std::unique_ptr<cache::RedisClient> redis_;
  std::unique_ptr<cache::RedisTracking> tracking_;
  std::unique_ptr<RedisBalanceCache> backend_;
};

TEST_F(RedisTest, HitIsMarkedAsComingFromRedis) {
  Use(*backend_);
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_REDIS);
}

TEST_F(RedisTest, NoTokenIsEverAnsweredFromAnOlderState) {
  services_.Seat(kAda, clock_.Now());
  const std::string tag = sealer_.CacheTag({"dev", kAda});
  ReadAndWriteAtOnce(
      services_, [this](std::vector<std::string> tokens) { return Get(std::move(tokens)); },
      [&](int64_t revision) { backend_->RaiseRevision(cache::RevisionKey(tag, "ledger", "ledger1"), revision); });
  EXPECT_GT(stats().answers_cache.Value() + stats().answers_near.Value(), 0);
}

TEST_F(RedisTest, EverythingStillAnswersWhenRedisIsKilledMidRun) {
  services_.Seat(kAda, clock_.Now());
  std::atomic<int> answers = 0;
  std::atomic<int> failures = 0;
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      while (!stop) {
        const Result mine = Get({services_.Append(kAda)});
        if (!mine.ok()) ++failures;
        ++answers;
      }
    });
  }
  const auto wait_for_more = [&answers] {
    const int enough = answers + 50;
    while (answers < enough) std::this_thread::yield();
  };
  wait_for_more();
  server_.Kill();
  wait_for_more();
  server_.Restart();
  EXPECT_TRUE(redis_->WaitUntilConnected(absl::Now() + absl::Seconds(20)));
  wait_for_more();
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(failures, 0);
  EXPECT_GT(stats().unreachable.Value(), 0);
  EXPECT_TRUE(GetNear().ok());
}

TEST_F(RedisTest, NearHitHasTheSameFiguresAndAsksNothingOfRedis) {
  services_.Seat(kAda, clock_.Now());
  Result first = Get();
  ASSERT_TRUE(first.ok()) << first.status();
  Result near = GetNear();
  ASSERT_TRUE(near.ok()) << near.status();
  // Until the last news of what computing it wrote has come.
  double looks = -1;
  while (looks != stats().hit.Value()) {
    looks = stats().hit.Value();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(Get().ok());
  }
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  near->clear_answered_from();
  first->clear_answered_from();
  EXPECT_EQ(near->SerializeAsString(), first->SerializeAsString());
}

TEST_F(RedisTest, NearHitIsAnsweredWithinTheCall) {
  ASSERT_TRUE(GetNear().ok());
  std::future<Result> answer = Start();
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready);
}

TEST_F(RedisTest, NewRevisionInRedisEndsTheNearCopy) {
  ASSERT_TRUE(GetNear().ok());
  services_.Append(kAda);
  const base::OutboxRow row = {.owner = "", .cache_tag = sealer_.CacheTag({"dev", kAda}), .revision = 1};
  cache::RedisRevisions relay(*redis_);
  ASSERT_TRUE(relay.Raise("ledger", "ledger1", {&row, 1}, absl::Now() + absl::Seconds(20)).ok());
  Result result = Get();
  while (result.ok() && result->ledger_revision() == 0) result = Get();  // until the news has come
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ledger_revision(), 1);
  EXPECT_EQ(GetNear()->ledger_revision(), 1);
}

TEST_F(RedisTest, NearCopyThatATokenOverrulesIsPassedByAtOnce) {
  ASSERT_TRUE(GetNear().ok());
  const Result result = Get({services_.Append(kAda)});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ledger_revision(), 1);
  EXPECT_GT(stats().near_stale.Value(), 0);
}

TEST_F(RedisTest, ForgottenBalanceIsGoneFromTheNearCacheToo) {
  ASSERT_TRUE(GetNear().ok());
  ASSERT_TRUE(cache_->Forget(*CallBy(kAda)).ok());
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
}

TEST_F(RedisTest, FrozenRedisIsGivenUpAndTakenUpAgain) {
  ASSERT_TRUE(GetNear().ok());
  server_.Freeze();
  while (breaker_.Ask() == cache::CircuitBreaker::Verdict::kPass) ASSERT_TRUE(Get({services_.Append(kAda)}).ok());
  EXPECT_TRUE(Get({services_.Append(kAda)}).ok());
  server_.Thaw();
  EXPECT_TRUE(GetNear().ok());
}

}  // namespace
}  // namespace council::recommendations
