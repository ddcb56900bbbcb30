#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CANDIDATE_POOL_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CANDIDATE_POOL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "services/recommendations/council_facts.h"
#include "services/recommendations/council_sums.h"

namespace council::recommendations {

// Two contacts who know each other, by their ids in any order.
using AcquaintedIds = std::pair<std::string, std::string>;

// Everyone who may have a seat, made ready for trying many councils: facets as numbers, summands and neighbours at
// hand. Candidates go by their place in the order of contact ids, so nothing depends on the order in which they came.
// Immutable.
class CandidatePool {
 public:
  // Each contact once; more than 2^31 values of facets are not expected. Pairs of others, of one with themselves, or
  // named again are passed over.
  CandidatePool(std::span<const SeatFacts> candidates, std::span<const AcquaintedIds> acquainted);

  size_t size() const { return ids_.size(); }
  const std::string& id(size_t candidate) const { return ids_[candidate]; }
  // The candidate of a contact; size() where there is none.
  size_t Find(const std::string& contact_id) const;

  const SeatTerms& terms(size_t candidate) const { return terms_[candidate]; }
  // Of all candidates.
  size_t facets() const { return facets_; }
  // For each facet the number of the candidate's value, or kUnknown. No two facets share a number.
  static constexpr int32_t kUnknown = -1;
  std::span<const int32_t> values(size_t candidate) const { return {values_.data() + candidate * facets_, facets_}; }
  // Values have the numbers from 0 to before this.
  size_t facet_values() const { return facet_values_; }
  // The candidates whom the candidate knows, in order.
  std::span<const uint32_t> acquaintances(size_t candidate) const { return acquaintances_[candidate]; }

 private:
  void NumberFacets(std::span<const SeatFacts* const> ordered);

  std::vector<std::string> ids_;
  std::vector<SeatTerms> terms_;
  size_t facets_ = 0;
  size_t facet_values_ = 0;
  std::vector<int32_t> values_;
  std::vector<std::vector<uint32_t>> acquaintances_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CANDIDATE_POOL_H_
