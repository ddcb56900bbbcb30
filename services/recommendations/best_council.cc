#include "services/recommendations/best_council.h"

#include <cmath>

#include "services/recommendations/council_sums.h"

namespace council::recommendations {
namespace {

// Differences of goodness below are rounding: some 1e-10 points of the score.
constexpr double kHair = 1e-12;

}  // namespace

bool BestCouncil::Improve(const ComponentValues& values) {
  if (std::isfinite(goodness_)) {
    double plane = 0;
    for (size_t i = 0; i < kComponents; ++i) plane += slopes_[i] * (values[i] + kMeanEpsilon);
    if (plane - level_ <= kHair) return false;
  }
  double goodness = 0;
  for (size_t i = 0; i < kComponents; ++i) {
    goodness += model_->weights[i] / 100 * std::log((values[i] + kMeanEpsilon) / (1 + kMeanEpsilon));
  }
  if (goodness <= goodness_ + kHair) return false;
  goodness_ = goodness;
  level_ = 0;
  for (size_t i = 0; i < kComponents; ++i) {
    slopes_[i] = model_->weights[i] / 100 / (values[i] + kMeanEpsilon);
    level_ += slopes_[i] * (values[i] + kMeanEpsilon);
  }
  return true;
}

bool BestCouncil::IsBetterThan(const BestCouncil& other) const {
  return goodness_ > other.goodness_ + kHair;
}

}  // namespace council::recommendations
