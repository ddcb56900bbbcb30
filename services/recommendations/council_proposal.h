#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_PROPOSAL_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_PROPOSAL_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/candidate_pool.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {

// Who may be on a council, and what is asked of it.
struct ProposalTask {
  // Each contact once, pinned ones too, and nobody who must have no seat. Facts as they would be with a seat.
  std::vector<SeatFacts> candidates;
  // Pairs of others than candidates are passed over.
  std::vector<AcquaintedIds> acquainted;
  // Must have a seat; at most size_max. Others than candidates are passed over.
  std::set<std::string> pinned;
  // Have a seat today: where changes gain nothing, they keep it. Others than candidates are passed over.
  std::set<std::string> seated;
  // Seats at least and at most, 1 <= size_min <= size_max. With fewer candidates than size_min all are taken.
  int size_min = 12;
  int size_max = 18;
};

// How much may be tried.
struct ProposalEffort {
  // Where there are no more councils than these, every one of them is tried: all of up to 22 candidates.
  int64_t all_councils = int64_t{1} << 22;
  // Else about so many.
  int64_t trials = 3'000'000;
};

struct CouncilProposal {
  // In order of ids.
  std::vector<std::string> contact_ids;
  // 0 to 100, as ComputeFigures gives it.
  double score = 0;
  // Every possible council was tried: none has a better score.
  bool exact = false;
};

// The council with the best score that was found: the best there is where that is known (`exact`). Never one with a
// lower score than today's where today's would be allowed. The same task in any order gives the same proposal. The work
// is bounded: some tenths of a second for 2,000 candidates.
CouncilProposal ProposeBestCouncil(const ProposalTask& task, const BalanceModel& model,
                                   const ProposalEffort& effort = {});

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_PROPOSAL_H_
