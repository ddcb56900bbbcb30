#include "services/recommendations/trial_council.h"

namespace council::recommendations {

TrialCouncil::TrialCouncil(const CandidatePool& pool, const BalanceModel& model)
    : pool_(pool),
      model_(model),
      sums_(1),
      facets_(pool.facets()),
      value_counts_(pool.facet_values()),
      known_(pool.size()),
      facets_with_(pool.facets()) {}

void TrialCouncil::Push(size_t candidate) {
  seats_.push_back(candidate);
  SeatTerms sums = sums_.back();
  Add(pool_.terms(candidate), sums);
  sums_.push_back(sums);
  const std::span<const int32_t> values = pool_.values(candidate);
  for (size_t facet = 0; facet < values.size(); ++facet) {
    if (values[facet] == CandidatePool::kUnknown) continue;
    int64_t& count = value_counts_[static_cast<size_t>(values[facet])];
    facets_[facet].squares += 2 * count + 1;
    ++facets_[facet].known;
    ++count;
  }
  acquainted_pairs_ += known_[candidate];
  for (const uint32_t other : pool_.acquaintances(candidate)) ++known_[other];
}

void TrialCouncil::Pop() {
  const size_t candidate = seats_.back();
  seats_.pop_back();
  sums_.pop_back();
  const std::span<const int32_t> values = pool_.values(candidate);
  for (size_t facet = 0; facet < values.size(); ++facet) {
    if (values[facet] == CandidatePool::kUnknown) continue;
    int64_t& count = value_counts_[static_cast<size_t>(values[facet])];
    --count;
    --facets_[facet].known;
    facets_[facet].squares -= 2 * count + 1;
  }
  for (const uint32_t other : pool_.acquaintances(candidate)) --known_[other];
  acquainted_pairs_ -= known_[candidate];
}

void TrialCouncil::Set(std::span<const size_t> candidates) {
  while (!seats_.empty()) Pop();
  for (const size_t candidate : candidates) Push(candidate);
}

ComponentValues TrialCouncil::Values() {
  return ValuesOf({.seats = static_cast<int64_t>(seats_.size()),
                   .terms = sums_.back(),
                   .facets = facets_,
                   .acquainted_pairs = acquainted_pairs_},
                  model_);
}

ComponentValues TrialCouncil::ValuesWith(size_t candidate) {
  CouncilSums sums{.seats = static_cast<int64_t>(seats_.size()) + 1,
                   .terms = sums_.back(),
                   .facets = facets_with_,
                   .acquainted_pairs = acquainted_pairs_ + known_[candidate]};
  Add(pool_.terms(candidate), sums.terms);
  const std::span<const int32_t> values = pool_.values(candidate);
  for (size_t facet = 0; facet < values.size(); ++facet) {
    facets_with_[facet] = facets_[facet];
    if (values[facet] == CandidatePool::kUnknown) continue;
    ++facets_with_[facet].known;
    facets_with_[facet].squares += 2 * value_counts_[static_cast<size_t>(values[facet])] + 1;
  }
  return ValuesOf(sums, model_);
}

}  // namespace council::recommendations
