#include "services/recommendations/candidate_pool.h"

#include <algorithm>
#include <map>

namespace council::recommendations {

CandidatePool::CandidatePool(std::span<const SeatFacts> candidates, std::span<const AcquaintedIds> acquainted) {
  std::vector<const SeatFacts*> ordered;
  ordered.reserve(candidates.size());
  for (const SeatFacts& candidate : candidates) ordered.push_back(&candidate);
  std::sort(ordered.begin(), ordered.end(),
            [](const SeatFacts* a, const SeatFacts* b) { return a->contact_id < b->contact_id; });
  for (const SeatFacts* candidate : ordered) {
    ids_.push_back(candidate->contact_id);
    terms_.push_back(TermsOf(*candidate));
  }
  NumberFacets(ordered);

  acquaintances_.resize(size());
  for (const auto& [a, b] : acquainted) {
    const size_t first = Find(a);
    const size_t second = Find(b);
    if (first == size() || second == size() || first == second) continue;
    acquaintances_[first].push_back(static_cast<uint32_t>(second));
    acquaintances_[second].push_back(static_cast<uint32_t>(first));
  }
  for (std::vector<uint32_t>& known : acquaintances_) {
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
  }
}

void CandidatePool::NumberFacets(std::span<const SeatFacts* const> ordered) {
  // Facet → value → number. Facets keep the order of their names, in which the model adds them up.
  std::map<std::string, std::map<std::string, int32_t>> numbers;
  for (const SeatFacts* candidate : ordered) {
    for (const auto& [facet, value] : candidate->facets) {
      if (numbers[facet].emplace(value, static_cast<int32_t>(facet_values_)).second) ++facet_values_;
    }
  }
  facets_ = numbers.size();
  values_.reserve(ordered.size() * facets_);
  for (const SeatFacts* candidate : ordered) {
    for (const auto& [facet, values] : numbers) {
      const auto own = candidate->facets.find(facet);
      values_.push_back(own == candidate->facets.end() ? kUnknown : values.at(own->second));
    }
  }
}

size_t CandidatePool::Find(const std::string& contact_id) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), contact_id);
  if (at == ids_.end() || *at != contact_id) return size();
  return static_cast<size_t>(at - ids_.begin());
}

}  // namespace council::recommendations
