#include "services/recommendations/cached_balance.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/clock.h"
#include "libs/cache/redis.h"
#include "libs/cache/redis_url.h"
#include "rapidcheck/gtest.h"
#include "services/recommendations/memory_balance_cache.h"
#include "services/recommendations/redis_balance_cache.h"
#include "tests/support/redis_server.h"

namespace council::recommendations {
namespace {

const std::string kDigest(32, 'a');

BalanceStamp Stamp(int64_t contacts, int64_t ledger, int64_t micros, int model = 1) {
  return {.revisions = {contacts, ledger},
          .compute_time = absl::FromUnixMicros(micros),
          .model_version = model,
          .model_digest = kDigest};
}

TEST(CachedBalanceTest, StampIsReadBackAndTheRestIsTheBalance) {
  const std::string text = EncodeStamp(Stamp(3, 4, 1'700'000'000'000'000));
  const std::string value = text + std::string("\0 1 2\n", 6);
  const auto decoded = DecodeStamped(value);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->stamp.revisions, (Revisions{3, 4}));
  EXPECT_EQ(absl::ToUnixMicros(decoded->stamp.compute_time), 1'700'000'000'000'000);
  EXPECT_EQ(decoded->stamp.model_version, 1);
  EXPECT_EQ(decoded->stamp.model_digest, kDigest);
  EXPECT_EQ(decoded->stamp_text, text);
  EXPECT_EQ(decoded->sealed, std::string_view("\0 1 2\n", 6));
}

RC_GTEST_PROP(CachedBalanceProperty, NoBytesBreakTheReader, (std::string bytes)) {
  DecodeStamped(bytes);
  const std::string whole = EncodeStamp(Stamp(1, 2, 3));
  DecodeStamped(whole.substr(0, bytes.size() % whole.size()));
}

TEST(CachedBalanceTest, NothingOlderTakesTheNewersPlace) {
  EXPECT_TRUE(MayReplace(Stamp(2, 2, 5), Stamp(2, 2, 5)));
  EXPECT_TRUE(MayReplace(Stamp(2, 3, 1), Stamp(2, 2, 5)));
  EXPECT_FALSE(MayReplace(Stamp(2, 2, 4), Stamp(2, 2, 5)));
  EXPECT_FALSE(MayReplace(Stamp(3, 1, 9), Stamp(2, 2, 5)));
  EXPECT_FALSE(MayReplace(Stamp(9, 9, 9, 1), Stamp(2, 2, 5, 2)));
}

// The same for every backend.
class BackendConformanceTest : public ::testing::TestWithParam<bool> {
 protected:
  BackendConformanceTest() {
    if (!GetParam()) {
      backend_ = std::make_unique<MemoryBalanceCache>(clock_);
      return;
    }
    server_ = std::make_unique<test::RedisServer>();
    cache::RedisOptions options;
    options.address = *cache::ParseRedisUrl(server_->url());
    redis_ = std::make_unique<cache::RedisClient>(std::move(options));
    EXPECT_TRUE(redis_->WaitUntilConnected(absl::Now() + absl::Seconds(20)));
    backend_ = std::make_unique<RedisBalanceCache>(*redis_, breaker_);
  }

  struct Copy {
    std::optional<int64_t> contacts;
    std::optional<int64_t> ledger;
    std::string balance;
  };

  Copy Find() {
    Copy copy;
    absl::Notification found;
    backend_->Find(keys_, [&](absl::StatusOr<BalanceCacheBackend::Found> result) {
      EXPECT_TRUE(result.ok()) << result.status();
      if (result.ok()) copy = {result->contacts_revision, result->ledger_revision, std::string(result->balance)};
      found.Notify();
    });
    found.WaitForNotification();
    return copy;
  }

  const BalanceCacheBackend::Keys keys_ = {"council:{b}:contacts", "council:{b}:ledger", "council:{b}:balance"};
  base::ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  telemetry::Metrics metrics_;
  cache::CircuitBreaker breaker_{clock_, metrics_};
  std::unique_ptr<test::RedisServer> server_;
  std::unique_ptr<cache::RedisClient> redis_;
  std::unique_ptr<BalanceCacheBackend> backend_;
};

TEST(RedisBalanceCacheTest, WhoAsksWhileALookIsUnderWaySharesTheNext) {
  test::RedisServer server;
  const base::MonotonicClock clock;
  telemetry::Metrics metrics;
  cache::CircuitBreaker breaker(clock, metrics);
  cache::RedisOptions options;
  options.address = *cache::ParseRedisUrl(server.url());
  options.command_timeout = absl::Seconds(20);
  cache::RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(absl::Now() + absl::Seconds(20)));
  RedisBalanceCache backend(redis, breaker);
  const BalanceCacheBackend::Keys keys = {"c", "l", "b"};
  constexpr int kCallers = 50;
  absl::BlockingCounter answered(kCallers);
  server.Freeze();
  for (int i = 0; i < kCallers; ++i) {
    backend.Find(keys, [&answered](absl::StatusOr<BalanceCacheBackend::Found> found) {
      EXPECT_TRUE(found.ok()) << found.status();
      answered.DecrementCount();
    });
  }
  server.Thaw();
  answered.Wait();
  const auto stats = redis.Call({"INFO", "commandstats"}, absl::Now() + absl::Seconds(20));
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_THAT(std::string(stats->text()), ::testing::HasSubstr("cmdstat_mget:calls=2,"));
}

TEST(RedisBalanceCacheTest, WithoutRedisEveryoneIsToldSo) {
  test::RedisServer server;
  const base::MonotonicClock clock;
  telemetry::Metrics metrics;
  cache::CircuitBreaker breaker(clock, metrics);
  cache::RedisOptions options;
  options.address = *cache::ParseRedisUrl(server.url());
  options.command_timeout = absl::Milliseconds(100);
  cache::RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(absl::Now() + absl::Seconds(20)));
  RedisBalanceCache backend(redis, breaker);
  const BalanceCacheBackend::Keys keys = {"c", "l", "b"};
  server.Freeze();
  for (int round = 0; round < 2; ++round) {  // under way when it freezes, and when there is no connection any more
    constexpr int kCallers = 20;
    absl::BlockingCounter answered(kCallers);
    for (int i = 0; i < kCallers; ++i) {
      backend.Find(keys, [&answered](absl::StatusOr<BalanceCacheBackend::Found> found) {
        EXPECT_FALSE(found.ok());
        answered.DecrementCount();
      });
    }
    answered.Wait();
  }
}

TEST_P(BackendConformanceTest, NothingIsFoundWhereNothingWasKept) {
  const Copy found = Find();
  EXPECT_EQ(found.contacts, std::nullopt);
  EXPECT_EQ(found.ledger, std::nullopt);
  EXPECT_EQ(found.balance, "");
}

TEST_P(BackendConformanceTest, WhatWasKeptIsFoundToTheByte) {
  const std::string sealed("\0\r\n\xff$3", 6);
  backend_->Keep(keys_.balance, Stamp(1, 2, 3), sealed);
  backend_->RaiseRevision(keys_.contacts_revision, 1);
  backend_->RaiseRevision(keys_.ledger_revision, 2);
  const Copy found = Find();
  EXPECT_EQ(found.contacts, 1);
  EXPECT_EQ(found.ledger, 2);
  EXPECT_EQ(found.balance, EncodeStamp(Stamp(1, 2, 3)) + sealed);
}

TEST_P(BackendConformanceTest, RevisionIsNeverLowered) {
  backend_->RaiseRevision(keys_.ledger_revision, 10);
  backend_->RaiseRevision(keys_.ledger_revision, 9);
  EXPECT_EQ(Find().ledger, 10);
  backend_->RaiseRevision(keys_.ledger_revision, 11);
  EXPECT_EQ(Find().ledger, 11);
}

TEST_P(BackendConformanceTest, DroppedKeyIsGone) {
  backend_->RaiseRevision(keys_.ledger_revision, 10);
  backend_->Drop(keys_.ledger_revision);
  EXPECT_EQ(Find().ledger, std::nullopt);
}

TEST_P(BackendConformanceTest, OlderBalanceNeverTakesTheNewersPlace) {
  const auto try_to_replace = [&](const BalanceStamp& stamp) {
    backend_->Keep(keys_.balance, stamp, "other");
    return Find().balance == EncodeStamp(stamp) + "other";
  };
  backend_->Keep(keys_.balance, Stamp(5, 5, 1'700'000'000'000'005), "first");
  EXPECT_FALSE(try_to_replace(Stamp(4, 5, 1'700'000'000'000'009)));
  EXPECT_FALSE(try_to_replace(Stamp(6, 4, 1'700'000'000'000'009)));
  EXPECT_FALSE(try_to_replace(Stamp(5, 5, 1'700'000'000'000'004)));
  EXPECT_FALSE(try_to_replace(Stamp(9, 9, 1'700'000'000'000'009, 0)));
  EXPECT_TRUE(try_to_replace(Stamp(5, 5, 1'700'000'000'000'006)));
  EXPECT_TRUE(try_to_replace(Stamp(5, 6, 1'700'000'000'000'001)));
  EXPECT_TRUE(try_to_replace(Stamp(5, 6, 1'700'000'000'000'002, 2)));
}

INSTANTIATE_TEST_SUITE_P(Backends, BackendConformanceTest, ::testing::Bool(),
                         [](const auto& param) { return param.param ? "Redis" : "Memory"; });

TEST(MemoryBalanceCacheTest, GivesUpWhatWasNotUsedForLongest) {
  base::ManualClock clock(absl::FromUnixSeconds(1'800'000'000));
  MemoryBalanceCache cache(clock, 2);
  const auto known = [&cache](const std::string& key) {
    bool result = false;
    cache.Find({key, "-", "-"}, [&](const auto& found) { result = found->contacts_revision.has_value(); });
    return result;
  };
  cache.RaiseRevision("a", 1);
  cache.RaiseRevision("b", 1);
  EXPECT_TRUE(known("a"));
  cache.RaiseRevision("c", 1);
  EXPECT_FALSE(known("b"));
  EXPECT_TRUE(known("a"));
  EXPECT_TRUE(known("c"));
}

TEST(MemoryBalanceCacheTest, RevisionIsForgottenAfterAMinute) {
  base::ManualClock clock(absl::FromUnixSeconds(1'800'000'000));
  MemoryBalanceCache cache(clock);
  cache.RaiseRevision("a", 1);
  clock.Advance(absl::Seconds(61));
  cache.Find({"a", "-", "-"}, [](const auto& found) { EXPECT_FALSE(found->contacts_revision.has_value()); });
}

}  // namespace
}  // namespace council::recommendations
