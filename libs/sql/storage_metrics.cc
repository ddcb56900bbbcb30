#include "libs/sql/storage_metrics.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/time/time.h"

namespace council::sql {
namespace {

using telemetry::CounterFamily;
using telemetry::GaugeFamily;
using telemetry::Labels;
using telemetry::Metrics;
using telemetry::SummaryFamily;

prometheus::MetricFamily BatchSizes(const GroupCommitStats& stats, const Labels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  std::uint64_t cumulative = 0;
  // The last slot has no bound.
  for (std::size_t slot = 0; slot + 1 < stats.batches_by_size.size(); ++slot) {
    cumulative += stats.batches_by_size[slot];
    metric.histogram.bucket.push_back(
        {.cumulative_count = cumulative, .upper_bound = static_cast<double>(std::uint64_t{1} << slot)});
  }
  metric.histogram.sample_count = stats.batches;
  metric.histogram.sample_sum = static_cast<double>(stats.writes);
  return {.name = "council_group_commit_batch_size",
          .help = "Writes that shared a transaction.",
          .type = prometheus::MetricType::Histogram,
          .metric = {std::move(metric)}};
}

void AddGroupCommits(const GroupCommitStats& stats, const Labels& labels, Metrics::Families& families) {
  families.push_back(BatchSizes(stats, labels));
  families.push_back(SummaryFamily("council_group_commit_wait_seconds",
                                   "What writes waited for their transaction to begin, in seconds.", labels,
                                   stats.writes, absl::ToDoubleSeconds(stats.total_wait)));
  families.push_back(
      SummaryFamily("council_group_commit_commit_seconds",
                    "What batches took to be durable, in seconds: SQLite's COMMIT, PostgreSQL's round trips.", labels,
                    stats.batches, absl::ToDoubleSeconds(stats.total_commit)));
  families.push_back(CounterFamily("council_group_commit_rejected_total",
                                   "Writes that were turned away since too many waited.", labels,
                                   static_cast<double>(stats.rejected)));
  families.push_back(CounterFamily("council_group_commit_failed_total",
                                   "Times that what was written could not be made durable.", labels,
                                   static_cast<double>(stats.failed)));
}

}  // namespace

std::unique_ptr<Metrics::Reading> AddStorageMetrics(Metrics& metrics, const std::string& name,
                                                    std::function<DatabaseStats()> stats) {
  return metrics.AddReading([labels = Labels{{"storage", name}}, stats = std::move(stats)] {
    const DatabaseStats now = stats();
    Metrics::Families families;
    if (now.group_commits.has_value()) AddGroupCommits(*now.group_commits, labels, families);
    families.push_back(SummaryFamily("council_pool_wait_seconds", "What works waited for a connection, in seconds.",
                                     labels, now.pool.taken + now.pool.timed_out,
                                     absl::ToDoubleSeconds(now.pool.total_wait)));
    families.push_back(CounterFamily("council_pool_timeouts_total", "Works that waited for a connection in vain.",
                                     labels, static_cast<double>(now.pool.timed_out)));
    families.push_back(CounterFamily("council_pool_lost_connections_total",
                                     "Connections that were given up after a failure.", labels,
                                     static_cast<double>(now.pool.lost)));
    families.push_back(
        GaugeFamily("council_pool_connections_in_use", "Connections that works have now.", labels, now.pool.in_use));
    families.push_back(
        GaugeFamily("council_pool_connections_max", "Connections that there may be.", labels, now.pool.most));
    return families;
  });
}

}  // namespace council::sql
