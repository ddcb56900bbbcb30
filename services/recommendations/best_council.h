#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BEST_COUNCIL_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BEST_COUNCIL_H_

#include <array>
#include <limits>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/trial_council.h"

namespace council::recommendations {

// Measures councils against the best so far. Goodness is the logarithm of the weighted geometric mean, from about -2.4
// to 0, and grows with the score.
class BestCouncil {
 public:
  // None so far. `model` must outlive this.
  explicit BestCouncil(const BalanceModel& model) : model_(&model) {}

  // Takes these values for the best so far where they are better than it by more than rounding, and says whether. A
  // logarithm lies below its tangents, so the tangent plane in the best so far tells most that are not better without
  // any logarithm.
  bool Improve(const ComponentValues& values);

  // By more than rounding.
  bool IsBetterThan(const BestCouncil& other) const;

  // Of the best so far; -infinity where there is none.
  double goodness() const { return goodness_; }

 private:
  const BalanceModel* model_;
  double goodness_ = -std::numeric_limits<double>::infinity();
  // The tangent plane: weight over raised value of each component of the best so far, and its own value there.
  std::array<double, kComponents> slopes_ = {};
  double level_ = 0;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BEST_COUNCIL_H_
