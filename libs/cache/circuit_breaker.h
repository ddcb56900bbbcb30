#ifndef COUNCIL_LIBS_CACHE_CIRCUIT_BREAKER_H_
#define COUNCIL_LIBS_CACHE_CIRCUIT_BREAKER_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/telemetry/metrics.h"

namespace council::cache {

struct CircuitBreakerOptions {
  // Failures in a row that open it. A time-out opens it by itself: the caller has waited enough for all.
  int failures = 5;
  // The pause before a trial; doubled with each trial that fails, from the first to the second.
  absl::Duration min_pause = absl::Milliseconds(250);
  absl::Duration max_pause = absl::Seconds(2);
};

// Keeps callers from waiting for a server that does not answer: after failures in a row they are turned away at once,
// and a trial that no caller waits for finds out when the server is back.
//
// Thread-safe.
class CircuitBreaker {
 public:
  enum class Verdict {
    kPass,          // go ahead, and Report how it went
    kRefuse,        // do without
    kRefuseAndTry,  // do without, but send something harmless in the background and ReportTrial how it went
  };

  enum class Outcome { kAnswered, kFailed, kTimedOut };

  // `clock` (monotonic) must outlive this. Counts into `metrics`: council_redis_breaker_open (0 or 1),
  // council_redis_breaker_openings_total, council_redis_refused_total.
  CircuitBreaker(const base::Clock& clock, telemetry::Metrics& metrics, CircuitBreakerOptions options = {});

  // To be asked once before each thing that would be sent.
  Verdict Ask() ABSL_LOCKS_EXCLUDED(mutex_);

  // How what was let pass went. Counts only while the breaker is closed: what was sent before it opened says nothing
  // new.
  void Report(Outcome outcome) ABSL_LOCKS_EXCLUDED(mutex_);

  // How a trial went: it closes the breaker, or the pause begins again.
  void ReportTrial(Outcome outcome) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Open(absl::Duration pause) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  const CircuitBreakerOptions options_;
  telemetry::Gauge& open_gauge_;
  telemetry::Counter& openings_;
  telemetry::Counter& refused_;

  absl::Mutex mutex_;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  bool trying_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration pause_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_trial_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_CIRCUIT_BREAKER_H_
