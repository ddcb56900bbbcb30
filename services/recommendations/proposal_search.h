#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_SEARCH_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/best_council.h"
#include "services/recommendations/candidate_pool.h"
#include "services/recommendations/trial_council.h"

namespace council::recommendations {

// Which councils may be chosen: all `pinned`, any of `free`, between `low` and `high` seats. low <= high, |pinned| <=
// high, low <= |pinned| + |free|.
struct ProposalSpace {
  const CandidatePool& pool;
  const BalanceModel& model;
  // In order, and apart from each other.
  std::vector<size_t> pinned;
  std::vector<size_t> free;
  size_t low = 0;
  size_t high = 0;
};

// A council with how good it is.
struct FoundCouncil {
  // In order.
  std::vector<size_t> seats;
  BestCouncil best;
};

// How many councils the space holds; as a floating-point number, since it may be huge.
double CountCouncils(const ProposalSpace& space);

// Tries every council of the space. Returns the best of them; `found` itself where none is better by more than
// rounding.
FoundCouncil SearchAll(const ProposalSpace& space, const FoundCouncil& found);

// Looks for a good council by small changes: a seat more, a seat less, another in the place of one, as long as that
// helps; then from there, shaken, again. The same space gives the same council.
class ProposalSearch {
 public:
  // Ends after about `trials` councils. `space` must outlive this.
  ProposalSearch(const ProposalSpace& space, int64_t trials);

  // The best that changes lead to from `seats`, which need not be of the space: too few are joined by others,
  // of too many those are taken who do best together. Never less good than `seats` where those are of the space.
  FoundCouncil Climb(std::vector<size_t> seats);

  // Shakes `found`, climbs again, and so on; returns the best. Never less good than `found`.
  FoundCouncil Shake(FoundCouncil found);

 private:
  // Adds pinned ones, and of `among` or of `seats` until the number of seats is in the space.
  FoundCouncil Complete(std::vector<size_t> seats, std::span<const size_t> among);
  // Changes by candidates of `among` until none helps.
  void ClimbAmong(std::span<const size_t> among, FoundCouncil& found);
  // Each false where it doesn't help.
  bool AddOne(std::span<const size_t> among, FoundCouncil& found);
  bool ReplaceOne(size_t seat, std::span<const size_t> among, FoundCouncil& found);
  // The candidates who come nearest to having a seat in `found`, and those who have one.
  std::vector<size_t> Shortlist(const FoundCouncil& found);
  std::vector<size_t> Shaken(const FoundCouncil& found, const std::vector<size_t>& shortlist);

  bool IsSeated(const FoundCouncil& found, size_t candidate) const;
  bool IsPinned(size_t candidate) const { return pinned_[candidate]; }
  size_t Random(size_t below) { return static_cast<size_t>(random_() % below); }

  const ProposalSpace& space_;
  TrialCouncil trial_;
  std::vector<bool> pinned_;
  int64_t trials_left_;
  // Seeded, so that the same candidates give the same proposal.
  std::mt19937_64 random_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_SEARCH_H_
