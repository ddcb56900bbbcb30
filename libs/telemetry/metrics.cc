#include "libs/telemetry/metrics.h"

#include <prometheus/text_serializer.h>

#include <map>

namespace council::telemetry {
namespace {

prometheus::MetricFamily Family(const std::string& name, const std::string& help, const Labels& labels,
                                prometheus::MetricType type, prometheus::ClientMetric metric) {
  for (const auto& [label, value] : labels) metric.label.push_back({label, value});
  return {.name = name, .help = help, .type = type, .metric = {std::move(metric)}};
}

// One family of each name, with the figures of all: the text format wants each name once.
Metrics::Families Merged(const Metrics::Families& families) {
  std::map<std::string, prometheus::MetricFamily> by_name;
  for (const prometheus::MetricFamily& family : families) {
    const auto [place, added] = by_name.try_emplace(family.name, family);
    if (!added) place->second.metric.insert(place->second.metric.end(), family.metric.begin(), family.metric.end());
  }
  Metrics::Families merged;
  for (auto& [name, family] : by_name) merged.push_back(std::move(family));
  return merged;
}

}  // namespace

// Merged: who asks for a name again gets what is there.
Metrics::Metrics() : registry_(prometheus::Registry::InsertBehavior::Merge) {}

Counter& Metrics::AddCounter(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(labels);
}

Gauge& Metrics::AddGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels);
}

Histogram& Metrics::AddHistogram(const std::string& name, const std::string& help,
                                 const Histogram::BucketBoundaries& bounds, const Labels& labels) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(labels, bounds);
}

std::unique_ptr<Metrics::Reading> Metrics::AddReading(std::function<Families()> read) {
  absl::MutexLock lock(&mutex_);
  const auto place = readings_.insert(readings_.end(), std::move(read));
  return std::make_unique<Reading>([this, place] {
    absl::MutexLock removing(&mutex_);
    readings_.erase(place);
  });
}

std::string Metrics::Text() const {
  Families families = registry_.Collect();
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& read : readings_) {
      for (prometheus::MetricFamily& family : read()) families.push_back(std::move(family));
    }
  }
  return prometheus::TextSerializer().Serialize(Merged(families));
}

prometheus::MetricFamily CounterFamily(const std::string& name, const std::string& help, const Labels& labels,
                                       double value) {
  prometheus::ClientMetric metric;
  metric.counter.value = value;
  return Family(name, help, labels, prometheus::MetricType::Counter, std::move(metric));
}

prometheus::MetricFamily GaugeFamily(const std::string& name, const std::string& help, const Labels& labels,
                                     double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return Family(name, help, labels, prometheus::MetricType::Gauge, std::move(metric));
}

prometheus::MetricFamily SummaryFamily(const std::string& name, const std::string& help, const Labels& labels,
                                       std::uint64_t count, double sum) {
  prometheus::ClientMetric metric;
  metric.summary.sample_count = count;
  metric.summary.sample_sum = sum;
  return Family(name, help, labels, prometheus::MetricType::Summary, std::move(metric));
}

}  // namespace council::telemetry
