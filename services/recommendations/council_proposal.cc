#include "services/recommendations/council_proposal.h"

#include <algorithm>
#include <utility>

#include "services/recommendations/proposal_search.h"
#include "services/recommendations/trial_council.h"

namespace council::recommendations {

CouncilProposal ProposeBestCouncil(const ProposalTask& task, const BalanceModel& model, const ProposalEffort& effort) {
  const CandidatePool pool(task.candidates, task.acquainted);
  ProposalSpace space{.pool = pool, .model = model, .pinned = {}, .free = {}};
  std::vector<size_t> today;
  for (size_t candidate = 0; candidate < pool.size(); ++candidate) {
    (task.pinned.contains(pool.id(candidate)) ? space.pinned : space.free).push_back(candidate);
    if (task.seated.contains(pool.id(candidate))) today.push_back(candidate);
  }
  space.low = std::min(static_cast<size_t>(task.size_min), pool.size());
  space.high = std::min(static_cast<size_t>(task.size_max), pool.size());

  const bool all = CountCouncils(space) <= static_cast<double>(effort.all_councils);
  ProposalSearch search(space, effort.trials);
  FoundCouncil found = search.Climb(std::move(today));
  if (all) {
    found = SearchAll(space, found);
  } else {
    FoundCouncil anew = search.Climb({});
    if (anew.best.IsBetterThan(found.best)) found = std::move(anew);
    found = search.Shake(std::move(found));
  }

  CouncilProposal proposal;
  for (const size_t seat : found.seats) proposal.contact_ids.push_back(pool.id(seat));
  TrialCouncil council(pool, model);
  council.Set(found.seats);
  proposal.score = MeanOf(council.Values(), model, 0, kComponents);
  proposal.exact = all;
  return proposal;
}

}  // namespace council::recommendations
