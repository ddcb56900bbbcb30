#ifndef COUNCIL_CLIENTS_CLI_PATIENCE_H_
#define COUNCIL_CLIENTS_CLI_PATIENCE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace council::cli {

// Waits where the suite asks for it: a call that was refused for now (RESOURCE_EXHAUSTED with a RetryInfo: too many
// calls of this owner's, or of all) had no effect and is made again after the pause. One object for each call.
class Patience {
 public:
  // Waits for `most` altogether; `sleep` is how.
  explicit Patience(absl::Duration most, std::function<void(absl::Duration)> sleep = absl::SleepFor)
      : left_(most), sleep_(std::move(sleep)) {}

  // True: the call that failed with `status` is to be made again, and the pause is over. False: it failed for good.
  bool Waited(const absl::Status& status);

 private:
  absl::Duration left_;
  const std::function<void(absl::Duration)> sleep_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_PATIENCE_H_
