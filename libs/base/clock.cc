#include "libs/base/clock.h"

#include "absl/time/clock.h"

namespace council::base {

absl::Time TruncateToMicros(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

absl::Time SystemClock::Now() const {
  return TruncateToMicros(absl::Now());
}

MonotonicClock::MonotonicClock() : start_(absl::Now()), steady_start_(std::chrono::steady_clock::now()) {}

absl::Time MonotonicClock::Now() const {
  return TruncateToMicros(start_ + absl::FromChrono(std::chrono::steady_clock::now() - steady_start_));
}

absl::Time ManualClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return TruncateToMicros(now_);
}

void ManualClock::Set(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  now_ = now;
}

void ManualClock::Advance(absl::Duration by) {
  absl::MutexLock lock(&mutex_);
  now_ += by;
}

}  // namespace council::base
