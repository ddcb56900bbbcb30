#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_EXPLANATION_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_EXPLANATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/recommendations/balance_components.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {

// A component of which less is covered reads as "not recorded yet": no judgement can stand on it.
inline constexpr double kRecordedCoverage = 0.25;

// What a component's value rests on, for the owner to read.
struct Explanation {
  // One sentence with the figures, in plain English, kind and factual.
  std::string sentence;
  // Number of seats (size, roles, diversity) or of entries (the others).
  int64_t evidence_count = 0;
  // The contacts behind it, those who matter most to the sentence first; at most 20.
  std::vector<std::string> contact_ids;
};

// Explains the value that `figures` gives `component` for `facts` under `model`.
Explanation Explain(Component component, const CouncilFacts& facts, const BalanceFigures& figures,
                    const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_EXPLANATION_H_
