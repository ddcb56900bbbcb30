// The rules of thumb that tie strength has to beat.
#ifndef COUNCIL_TOOLS_EVAL_SIMPLE_RULES_H_
#define COUNCIL_TOOLS_EVAL_SIMPLE_RULES_H_

#include <functional>
#include <string>
#include <vector>

#include "tools/eval/snapshot.h"

namespace council::eval {

struct SimpleRule {
  std::string name;
  // For a tie with at least one event; the higher the stronger.
  std::function<double(const EgoTie& tie, std::int64_t as_of)> score;
};

// Recency, frequency, active days, frequency × 2^(−gap / 30 days), decayed sums of events at 7, 30, 90 and 180 days,
// power laws Σ (1 + age)^−½ and Σ (1 + age)^−1 of active days.
const std::vector<SimpleRule>& SimpleRules();

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_SIMPLE_RULES_H_
