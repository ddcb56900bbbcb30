#include "clients/cli/patience.h"

#include <algorithm>
#include <optional>

#include "libs/base/status.h"

namespace council::cli {
namespace {

// So that an answer which asks for no pause at all ends too.
constexpr absl::Duration kShortestPause = absl::Milliseconds(10);

}  // namespace

bool Patience::Waited(const absl::Status& status) {
  if (!absl::IsResourceExhausted(status)) return false;
  const std::optional<absl::Duration> asked = base::RetryDelayOf(status);
  if (!asked.has_value()) return false;
  const absl::Duration pause = std::max(*asked, kShortestPause);
  if (pause > left_) return false;
  left_ -= pause;
  sleep_(pause);
  return true;
}

}  // namespace council::cli
