#ifndef COUNCIL_LIBS_BASE_CLOCK_H_
#define COUNCIL_LIBS_BASE_CLOCK_H_

#include <chrono>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace council::base {

// Where the time of day comes from. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Now, cut to whole microseconds, as everything that is stored is.
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

// Time that goes on evenly from the time of day at which the clock was made: for how long something lasts, since it
// does not follow corrections of the machine's clock.
class MonotonicClock final : public Clock {
 public:
  MonotonicClock();
  absl::Time Now() const override;

 private:
  const absl::Time start_;
  const std::chrono::steady_clock::time_point steady_start_;
};

// A clock that stands still until it is moved, for tests and simulations.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}

  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

// `time` cut down to whole microseconds.
absl::Time TruncateToMicros(absl::Time time);

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_CLOCK_H_
