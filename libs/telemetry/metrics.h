#ifndef COUNCIL_LIBS_TELEMETRY_METRICS_H_
#define COUNCIL_LIBS_TELEMETRY_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace council::telemetry {

// Figures of a process, which Prometheus collects: a program has one, a unit test makes its own.
//
// Names begin with `council_` but for those that every gRPC server and every process has (`grpc_server_`, `process_`),
// counters end with `_total`, what is measured ends with its unit (`_seconds`, `_bytes`).
// Labels have few values, known beforehand: never an owner, a contact, an id or a text of anyone's.
//
// Thread-safe. What is returned lives as long as the Metrics, and counting is an atomic addition: ask for it once, when
// the part that counts is made.
//
//   telemetry::Counter& hits = metrics.AddCounter("council_hits_total", "Answers from the cache.", {{"from",
//   "redis"}}); hits.Increment();
using Counter = prometheus::Counter;
using Gauge = prometheus::Gauge;
using Histogram = prometheus::Histogram;
using Labels = std::map<std::string, std::string>;

class Metrics {
 public:
  Metrics();

  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // What only grows. The same name and labels give the same counter; one name has one kind and one help.
  Counter& AddCounter(const std::string& name, const std::string& help, const Labels& labels = {});

  // What goes up and down.
  Gauge& AddGauge(const std::string& name, const std::string& help, const Labels& labels = {});

  // How often a measured value was at most each of `bounds`, which ascend.
  Histogram& AddHistogram(const std::string& name, const std::string& help, const Histogram::BucketBoundaries& bounds,
                          const Labels& labels = {});

  // Figures that a part keeps anyway, read when somebody asks. Destroyed before what `read` reads, and before the
  // Metrics. `read` must not block.
  class Reading;
  using Families = std::vector<prometheus::MetricFamily>;
  [[nodiscard]] std::unique_ptr<Reading> AddReading(std::function<Families()> read) ABSL_LOCKS_EXCLUDED(mutex_);

  // All of it, in Prometheus' text format.
  std::string Text() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  prometheus::Registry registry_;
  mutable absl::Mutex mutex_;
  std::list<std::function<Families()>> readings_ ABSL_GUARDED_BY(mutex_);
};

class Metrics::Reading {
 public:
  explicit Reading(std::function<void()> remove) : remove_(std::move(remove)) {}
  ~Reading() { remove_(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  const std::function<void()> remove_;
};

// Families of one figure, for readings.
prometheus::MetricFamily CounterFamily(const std::string& name, const std::string& help, const Labels& labels,
                                       double value);
prometheus::MetricFamily GaugeFamily(const std::string& name, const std::string& help, const Labels& labels,
                                     double value);
// How often something was measured, and what all of it came to: NAME_count and NAME_sum.
prometheus::MetricFamily SummaryFamily(const std::string& name, const std::string& help, const Labels& labels,
                                       std::uint64_t count, double sum);

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_METRICS_H_
