#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_H_

#include <vector>

#include "services/recommendations/advice_network.h"
#include "services/recommendations/advice_step.h"

namespace council::recommendations {

// All steps that the facts call for, simulated, in no set order; those that would cost points are left out. A pure
// function: the same facts in any order give the same steps with the same ids, and a day that passes without news
// changes no id.
std::vector<Step> FindSteps(const AdviceNetwork& network);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_H_
