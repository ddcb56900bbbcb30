#include "libs/cache/circuit_breaker.h"

#include <algorithm>

namespace council::cache {

CircuitBreaker::CircuitBreaker(const base::Clock& clock, telemetry::Metrics& metrics, CircuitBreakerOptions options)
    : clock_(clock),
      options_(options),
      open_gauge_(
          metrics.AddGauge("council_redis_breaker_open", "1 while Redis is not asked, since it did not answer.")),
      openings_(metrics.AddCounter("council_redis_breaker_openings_total",
                                   "Times that Redis was given up after failures in a row.")),
      refused_(metrics.AddCounter("council_redis_refused_total", "Commands not sent to Redis while it was given up.")) {
}

CircuitBreaker::Verdict CircuitBreaker::Ask() {
  absl::MutexLock lock(&mutex_);
  if (!open_) return Verdict::kPass;
  refused_.Increment();
  if (trying_ || clock_.Now() < next_trial_) return Verdict::kRefuse;
  trying_ = true;
  return Verdict::kRefuseAndTry;
}

void CircuitBreaker::Report(Outcome outcome) {
  absl::MutexLock lock(&mutex_);
  if (open_) return;
  if (outcome == Outcome::kAnswered) {
    failures_ = 0;
    return;
  }
  if (outcome == Outcome::kFailed && ++failures_ < options_.failures) return;
  openings_.Increment();
  Open(options_.min_pause);
}

void CircuitBreaker::ReportTrial(Outcome outcome) {
  absl::MutexLock lock(&mutex_);
  trying_ = false;
  if (outcome != Outcome::kAnswered) return Open(std::min(2 * pause_, options_.max_pause));
  open_ = false;
  failures_ = 0;
  open_gauge_.Set(0);
}

void CircuitBreaker::Open(absl::Duration pause) {
  open_ = true;
  pause_ = pause;
  next_trial_ = clock_.Now() + pause;
  open_gauge_.Set(1);
}

}  // namespace council::cache
