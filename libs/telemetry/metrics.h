#ifndef COUNCIL_LIBS_TELEMETRY_METRICS_H_
#define COUNCIL_LIBS_TELEMETRY_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>

namespace council::telemetry {

// Figures of a process, which Prometheus collects: a program has one, a unit test makes its own.
//
// Names begin with `council_`, counters end with `_total`, what is measured ends with its unit (`_seconds`, `_bytes`).
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

  // All of it, in Prometheus' text format.
  std::string Text() const;

  // What a server of /metrics collects from.
  const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

 private:
  const std::shared_ptr<prometheus::Registry> registry_;
};

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_METRICS_H_
