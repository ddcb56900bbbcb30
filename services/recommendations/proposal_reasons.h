#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_REASONS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_REASONS_H_

#include <span>
#include <string>
#include <vector>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/council_facts.h"
#include "services/recommendations/council_proposal.h"

namespace council::recommendations {

// Why somebody has a seat in a proposal.
struct SeatReason {
  // Points of the score that the council would lose without them; not positive where it would gain.
  double contribution = 0;
  // One sentence for the owner, about the component that would fall most and from what to what: "One of two mentors:
  // without Rosa roles would fall from 80 to 60." About size, which falls alike for everybody, only where no other one
  // falls.
  std::string sentence;
};

// The reasons for `seats`, in their order, found by leaving each of them out in turn. `task` is what they were chosen
// for.
std::vector<SeatReason> ReasonsFor(std::span<const SeatFacts> seats, const ProposalTask& task,
                                   const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_REASONS_H_
