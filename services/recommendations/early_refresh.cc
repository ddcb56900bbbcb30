#include "services/recommendations/early_refresh.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace council::recommendations {
namespace {

// -log of the smallest number that is drawn: beyond so many times the cost, no draw is early enough.
constexpr double kMostCosts = 37;

// Evenly from (0, 1].
double Draw(base::Random& random) {
  std::array<uint8_t, sizeof(uint64_t)> bytes = {};
  random.Fill(bytes);
  uint64_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof(word));
  return (static_cast<double>(word >> 11) + 1) * 0x1p-53;
}

}  // namespace

bool ShouldRefreshEarly(absl::Duration left, absl::Duration cost, base::Random& random) {
  if (cost <= absl::ZeroDuration()) return false;
  const double costs_left = absl::FDivDuration(left, cost);
  return costs_left < kMostCosts && -std::log(Draw(random)) >= costs_left;
}

}  // namespace council::recommendations
