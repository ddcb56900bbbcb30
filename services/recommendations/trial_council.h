#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_TRIAL_COUNCIL_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_TRIAL_COUNCIL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/candidate_pool.h"
#include "services/recommendations/council_sums.h"

namespace council::recommendations {

using ComponentValues = std::array<double, kComponents>;

// A council of candidates that grows and shrinks at its end, whose component values are those of ComputeFigures. A step
// costs what one seat brings, however many there are. Nothing is ever taken off a sum, so no rounding is carried over.
// Not thread-safe.
class TrialCouncil {
 public:
  // Nobody. Both must outlive this.
  TrialCouncil(const CandidatePool& pool, const BalanceModel& model);

  size_t size() const { return seats_.size(); }
  // In the order in which they came.
  std::span<const size_t> seats() const { return seats_; }

  // Seats a candidate who has no seat.
  void Push(size_t candidate);
  // Takes back the last Push.
  void Pop();
  // Seats these instead, each once.
  void Set(std::span<const size_t> candidates);

  // The components of the council as it is, and with one more seat, for somebody who has none.
  ComponentValues Values();
  ComponentValues ValuesWith(size_t candidate);

 private:
  const CandidatePool& pool_;
  const BalanceModel& model_;
  std::vector<size_t> seats_;
  // The sums after each Push; the first are those of nobody.
  std::vector<SeatTerms> sums_;
  std::vector<FacetSums> facets_;
  // Seats by number of the facet's value.
  std::vector<int64_t> value_counts_;
  int64_t acquainted_pairs_ = 0;
  // By candidate: how many seats they know.
  std::vector<int32_t> known_;
  std::vector<FacetSums> facets_with_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_TRIAL_COUNCIL_H_
