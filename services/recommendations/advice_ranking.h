#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_RANKING_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_RANKING_H_

#include <set>
#include <string>
#include <vector>

#include "services/recommendations/advice_step.h"
#include "services/recommendations/kind_answers.h"

namespace council::recommendations {

// Puts simulated steps in the order in which they are advised: by gain per minute, at most one a contact, and among any
// five in a row no more than two of one kind while there are others. Contacts in `taken` have a step already. Gains
// count by the weights of their kinds: `answers`. The same steps in any order give the same.
std::vector<Step> Rank(std::vector<Step> steps, std::set<std::string> taken = {}, const AnswersByKind& answers = {});

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_RANKING_H_
