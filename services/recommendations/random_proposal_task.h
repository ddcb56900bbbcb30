#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RANDOM_PROPOSAL_TASK_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RANDOM_PROPOSAL_TASK_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>

#include "services/recommendations/council_facts.h"
#include "services/recommendations/council_proposal.h"

namespace council::recommendations {

// Makes up candidates of all sorts for tests and measurements: few and many roles and facets, strangers and friends,
// groups who know each other. The same seed gives the same tasks.
class RandomProposalTask {
 public:
  explicit RandomProposalTask(uint64_t seed) : random_(seed) {}

  // A task with so many candidates, at the default sizes, nobody pinned; about a third have a seat today.
  ProposalTask Make(size_t candidates);

  // From 0 to before `below`.
  size_t Below(size_t below) { return static_cast<size_t>(random_() % below); }
  // From 0 to 1.
  double Share() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  bool Chance(double share) { return Share() < share; }

 private:
  // What the candidates of one task have in common.
  struct Manner {
    double role = 0;
    double recorded = 0;
    double drain = 0;
    double career = 0;
    double newcomer = 0;
    size_t facets = 0;
    size_t facet_values = 1;
    double facet_known = 0;
  };

  SeatFacts MakeSeat(const Manner& manner, size_t number);
  TieFacts MakeTie(const Manner& manner);

  std::mt19937_64 random_;
};

// The facts of those of `task.candidates` who are in `contact_ids`, as a council.
CouncilFacts FactsOf(const ProposalTask& task, const std::set<std::string>& contact_ids);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RANDOM_PROPOSAL_TASK_H_
