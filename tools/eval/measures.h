// How well scores tell ties that live on from those that fade.
#ifndef COUNCIL_TOOLS_EVAL_MEASURES_H_
#define COUNCIL_TOOLS_EVAL_MEASURES_H_

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace council::eval {

struct Scored {
  int ego = 0;
  double score = 0;
  bool alive = false;
};

// The probability that one that is alive has a higher score than one that is not, equal scores counting half; nothing
// where either is missing.
std::optional<double> Auc(std::span<const Scored> scored);

struct Measures {
  // Of all ties together; 0 where there is none.
  double pooled_auc = 0;
  // Mean over egos with both outcomes.
  double ego_auc = 0;
  // Share that is alive among an ego's five highest, mean over egos with ten ties or more; of equal scores those that
  // come first.
  double precision_at_5 = 0;
  std::map<int, double> auc_of_ego;
};

Measures Measure(std::span<const Scored> scored);

// Of a mean difference between two rules, from 10,000 draws of as many egos as there are, with replacement.
struct Interval {
  double low = 0;   // 2.5 %
  double high = 0;  // 97.5 %
};

// Of `a`'s AUC per ego less that of `b`. Deterministic. Both have the same egos, at least one.
Interval IntervalOfDifference(const Measures& a, const Measures& b);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_MEASURES_H_
