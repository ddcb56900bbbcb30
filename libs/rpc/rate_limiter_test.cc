#include "libs/rpc/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

const base::Owner kAda = {"acme", "ada"};
const base::Owner kBea = {"acme", "bea"};

class RateLimiterTest : public testing::Test {
 protected:
  static constexpr double kRate = 10;
  static constexpr double kBurst = 20;

  // How many calls of `owner`'s are let pass until one is refused.
  static int Calls(RateLimiter& limiter, const base::Owner& owner, Cost cost = Cost::kLight) {
    int calls = 0;
    while (limiter.Take(owner, cost).ok()) ++calls;
    return calls;
  }

  base::ManualClock clock_{absl::FromUnixSeconds(1'760'000'000)};
  telemetry::Metrics metrics_;
  RateLimiter limiter_{{.calls_per_second = kRate, .burst = kBurst}, clock_, metrics_};
};

TEST_F(RateLimiterTest, BucketHoldsABurstAndFillsAtTheRate) {
  EXPECT_EQ(Calls(limiter_, kAda), 20);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Calls(limiter_, kAda), 10);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Calls(limiter_, kAda), 20);
}

TEST_F(RateLimiterTest, OneOwnersCallsCostNobodyElse) {
  Calls(limiter_, kAda);
  EXPECT_EQ(Calls(limiter_, kBea), 20);
  EXPECT_EQ(Calls(limiter_, {"other", "ada"}), 20);
}

TEST_F(RateLimiterTest, HeavyCallsTakeTenTimesAsMuch) {
  EXPECT_EQ(Calls(limiter_, kAda, Cost::kHeavy), 2);
  EXPECT_EQ(Calls(limiter_, kBea, Cost::kLight), 20);
}

TEST_F(RateLimiterTest, CallThatCostsMoreThanABucketHoldsTakesAFullOne) {
  RateLimiter small({.calls_per_second = 1, .burst = 3}, clock_, metrics_);
  EXPECT_EQ(Calls(small, kAda, Cost::kHeavy), 1);
  clock_.Advance(absl::Seconds(3));
  EXPECT_EQ(Calls(small, kAda, Cost::kHeavy), 1);
}

TEST_F(RateLimiterTest, RefusalSaysWhenTheSameCallWillPass) {
  Calls(limiter_, kAda);
  const absl::Status refused = limiter_.Take(kAda, Cost::kHeavy);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_RATE_LIMITED);
  const auto wait = base::RetryDelayOf(refused);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, absl::Seconds(1));
  clock_.Advance(*wait - absl::Milliseconds(1));
  EXPECT_FALSE(limiter_.Take(kAda, Cost::kHeavy).ok());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(limiter_.Take(kAda, Cost::kHeavy).ok());
}

TEST_F(RateLimiterTest, RefusedCallsAreCountedAndTakeNothing) {
  Calls(limiter_, kAda);
  for (int i = 0; i < 99; ++i) EXPECT_FALSE(limiter_.Take(kAda, Cost::kLight).ok());
  EXPECT_TRUE(absl::StrContains(metrics_.Text(), "council_rate_limited_calls_total 100"));
  clock_.Advance(absl::Milliseconds(100));
  EXPECT_TRUE(limiter_.Take(kAda, Cost::kLight).ok());
}

TEST_F(RateLimiterTest, OwnersWhoseBucketIsFullAgainAreForgotten) {
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter_.Take({"acme", absl::StrCat(i)}, Cost::kLight).ok());
  EXPECT_EQ(limiter_.owners(), 1000u);
  clock_.Advance(absl::Seconds(1));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limiter_.Take({"other", absl::StrCat(i)}, Cost::kLight).ok());
  EXPECT_EQ(limiter_.owners(), 100u);
}

TEST_F(RateLimiterTest, AtMostSoManyOwnersAreRememberedTheLatestOnes) {
  RateLimiter small({.calls_per_second = 1, .burst = 1, .most_owners = 160}, clock_, metrics_);
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(small.Take({"acme", absl::StrCat(i)}, Cost::kLight).ok());
  EXPECT_LE(small.owners(), 160u);
  EXPECT_FALSE(small.Take({"acme", "9999"}, Cost::kLight).ok());
  EXPECT_TRUE(small.Take({"acme", "0"}, Cost::kLight).ok());
}

TEST_F(RateLimiterTest, ManyThreadsTogetherGetNoMoreThanTheBurst) {
  std::atomic<int> passed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < 100; ++call) passed += limiter_.Take(kAda, Cost::kLight).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(passed, 20);
}

}  // namespace
}  // namespace council::rpc
