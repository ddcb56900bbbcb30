#include "libs/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/telemetry/process_metrics.h"

namespace council::telemetry {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

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

TEST(MetricsTest, ReadingIsAskedEachTimeUntilItIsDestroyed) {
  Metrics metrics;
  double value = 1;
  {
    const auto reading = metrics.AddReading([&]() -> Metrics::Families {
      return {GaugeFamily("council_things", "Things.", {{"storage", "a"}}, value),
              SummaryFamily("council_wait_seconds", "Waits.", {}, 4, 0.5)};
    });
    EXPECT_THAT(metrics.Text(), HasSubstr("council_things{storage=\"a\"} 1"));
    value = 2;
    const std::string text = metrics.Text();
    EXPECT_THAT(text, HasSubstr("council_things{storage=\"a\"} 2"));
    EXPECT_THAT(text, HasSubstr("council_wait_seconds_count 4"));
    EXPECT_THAT(text, HasSubstr("council_wait_seconds_sum 0.5"));
  }
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("council_things")));
}

// Prometheus refuses a text that says twice what a name means.
TEST(MetricsTest, OneNameFromSeveralReadingsIsOneFamily) {
  Metrics metrics;
  const auto family = [](const char* storage) {
    return [storage]() -> Metrics::Families {
      return {GaugeFamily("council_things", "Things.", {{"storage", storage}}, 1)};
    };
  };
  const auto one = metrics.AddReading(family("a"));
  const auto other = metrics.AddReading(family("b"));
  const std::string text = metrics.Text();
  EXPECT_EQ(text.find("# HELP council_things"), text.rfind("# HELP council_things"));
  EXPECT_THAT(text, HasSubstr("council_things{storage=\"a\"} 1"));
  EXPECT_THAT(text, HasSubstr("council_things{storage=\"b\"} 1"));
}

TEST(MetricsTest, ProcessTellsWhatItIsAndWhatItTakes) {
  Metrics metrics;
  const auto process = AddProcessMetrics(metrics, "ledgerd", "1.2.3+abc");
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("council_build_info{program=\"ledgerd\",version=\"1.2.3+abc\"} 1"));
  EXPECT_THAT(text, ContainsRegex("process_resident_memory_bytes [1-9]"));
  EXPECT_THAT(text, HasSubstr("process_cpu_seconds_total"));
}

}  // namespace
}  // namespace council::telemetry
