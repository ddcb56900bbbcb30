#include "libs/cache/circuit_breaker.h"

#include <gtest/gtest.h>

namespace council::cache {
namespace {

using Outcome = CircuitBreaker::Outcome;
using Verdict = CircuitBreaker::Verdict;

class CircuitBreakerTest : public ::testing::Test {
 protected:
  base::ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  telemetry::Metrics metrics_;
  CircuitBreaker breaker_{
      clock_, metrics_, {.failures = 3, .min_pause = absl::Seconds(1), .max_pause = absl::Seconds(4)}};
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARowAndNotOtherwise) {
  for (int i = 0; i < 10; ++i) {
    breaker_.Report(i % 3 == 2 ? Outcome::kAnswered : Outcome::kFailed);
    EXPECT_EQ(breaker_.Ask(), Verdict::kPass);
  }
  breaker_.Report(Outcome::kFailed);
  EXPECT_EQ(breaker_.Ask(), Verdict::kPass);
  breaker_.Report(Outcome::kFailed);
  EXPECT_EQ(breaker_.Ask(), Verdict::kRefuse);
}

TEST_F(CircuitBreakerTest, OneTimeOutIsEnough) {
  breaker_.Report(Outcome::kTimedOut);
  EXPECT_EQ(breaker_.Ask(), Verdict::kRefuse);
}

TEST_F(CircuitBreakerTest, OneTrialAtATimeClosesItWhenItIsAnswered) {
  breaker_.Report(Outcome::kTimedOut);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(breaker_.Ask(), Verdict::kRefuseAndTry);
  EXPECT_EQ(breaker_.Ask(), Verdict::kRefuse);
  // What was sent long ago says nothing of now.
  breaker_.Report(Outcome::kAnswered);
  EXPECT_EQ(breaker_.Ask(), Verdict::kRefuse);
  breaker_.ReportTrial(Outcome::kAnswered);
  EXPECT_EQ(breaker_.Ask(), Verdict::kPass);
}

TEST_F(CircuitBreakerTest, PausesGrowToTheLongest) {
  breaker_.Report(Outcome::kTimedOut);
  for (const int pause : {1, 2, 4, 4}) {
    clock_.Advance(absl::Seconds(pause) - absl::Milliseconds(1));
    EXPECT_EQ(breaker_.Ask(), Verdict::kRefuse);
    clock_.Advance(absl::Milliseconds(1));
    ASSERT_EQ(breaker_.Ask(), Verdict::kRefuseAndTry);
    breaker_.ReportTrial(Outcome::kTimedOut);
  }
}

}  // namespace
}  // namespace council::cache
