#ifndef COUNCIL_LIBS_CACHE_PROBES_H_
#define COUNCIL_LIBS_CACHE_PROBES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"

namespace council::cache {

// Every probe's key begins so.
inline constexpr std::string_view kProbePrefix = "council:probe:";

// Keys that are written for no other reason than to see their invalidation come back, each once, so that one that comes
// late is not taken for a newer one's. Not thread-safe.
class Probes {
 public:
  // `name` tells this process's probes from those of all others.
  explicit Probes(std::string_view name) : prefix_(std::string(kProbePrefix) + std::string(name) + ":") {}

  // The key of a probe that is sent now.
  std::string Send(absl::Time now) {
    ++last_;
    sent_.emplace_back(last_, now);
    if (sent_.size() > kRemembered) sent_.pop_front();
    return prefix_ + std::to_string(last_);
  }

  // When the probe of this key was sent; nothing where it is another's key or one of long ago.
  std::optional<absl::Time> SentAt(std::string_view key) const {
    for (const auto& [number, sent] : sent_) {
      if (key == prefix_ + std::to_string(number)) return sent;
    }
    return std::nullopt;
  }

 private:
  static constexpr size_t kRemembered = 8;

  const std::string prefix_;
  int64_t last_ = 0;
  std::deque<std::pair<int64_t, absl::Time>> sent_;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_PROBES_H_
