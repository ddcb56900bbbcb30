#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_COMPONENTS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_COMPONENTS_H_

#include <array>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {

// Figures of a council, without words. docs/score.md derives each formula.
struct BalanceFigures {
  // In the order of `Component`, each from 0 to 1.
  std::array<double, kComponents> values = {};
  std::array<double, kComponents> coverage = {};
  // 0 to 100: all nine, the first three, the other six.
  double score = 0;
  double structure = 0;
  double practice = 0;
  // 0 to 1.
  double confidence = 0;
};

// The figures of `facts` under `model`, which must be valid. All are 0 for a council without seats, and none is ever
// NaN.
BalanceFigures ComputeFigures(const CouncilFacts& facts, const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_COMPONENTS_H_
