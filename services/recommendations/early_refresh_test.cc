#include "services/recommendations/early_refresh.h"

#include <gtest/gtest.h>

#include <cmath>

namespace council::recommendations {
namespace {

TEST(EarlyRefreshTest, ChanceFallsExponentiallyWithTheCostsLeft) {
  base::SeededRandom random(1);
  for (const double costs_left : {0.1, 0.5, 1.0, 3.0}) {
    constexpr int kTries = 20'000;
    int refreshed = 0;
    for (int i = 0; i < kTries; ++i) {
      refreshed += ShouldRefreshEarly(costs_left * absl::Milliseconds(20), absl::Milliseconds(20), random) ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(refreshed) / kTries, std::exp(-costs_left), 0.015) << costs_left;
  }
}

TEST(EarlyRefreshTest, FarFromTheEndAndForFreeNothingIsRefreshed) {
  base::SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(ShouldRefreshEarly(absl::Seconds(10), absl::Milliseconds(20), random));
    EXPECT_FALSE(ShouldRefreshEarly(absl::ZeroDuration(), absl::ZeroDuration(), random));
    EXPECT_TRUE(ShouldRefreshEarly(absl::ZeroDuration(), absl::Milliseconds(1), random));
  }
}

}  // namespace
}  // namespace council::recommendations
