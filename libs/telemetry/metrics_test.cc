#include "libs/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/telemetry/metrics_server.h"

namespace council::telemetry {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, TextHoldsWhatWasCounted) {
  Metrics metrics;
  metrics.AddCounter("council_hits_total", "Answers from the cache.", {{"from", "redis"}}).Increment();
  metrics.AddGauge("council_things", "Things.").Set(7);
  metrics.AddHistogram("council_wait_seconds", "Waits.", {0.1, 1}).Observe(0.5);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# HELP council_hits_total Answers from the cache."));
  EXPECT_THAT(text, HasSubstr("council_hits_total{from=\"redis\"} 1"));
  EXPECT_THAT(text, HasSubstr("council_things 7"));
  EXPECT_THAT(text, HasSubstr("council_wait_seconds_bucket{le=\"1\"} 1"));
}

TEST(MetricsTest, SameNameAndLabelsAreTheSameCounter) {
  Metrics metrics;
  Counter& one = metrics.AddCounter("council_hits_total", "Hits.", {{"from", "redis"}});
  Counter& same = metrics.AddCounter("council_hits_total", "Hits.", {{"from", "redis"}});
  Counter& other = metrics.AddCounter("council_hits_total", "Hits.", {{"from", "memory"}});
  EXPECT_EQ(&one, &same);
  EXPECT_NE(&one, &other);
}

TEST(MetricsServerTest, AddressThatCannotBeHadIsRefused) {
  const Metrics metrics;
  EXPECT_EQ(MetricsServer::Start(metrics, "nonsense").status().code(), absl::StatusCode::kInvalidArgument);
  const auto first = MetricsServer::Start(metrics, "127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT((*first)->address(), ::testing::Not(::testing::EndsWith(":0")));
  EXPECT_EQ(MetricsServer::Start(metrics, (*first)->address()).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace council::telemetry
