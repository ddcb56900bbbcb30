#include "services/recommendations/balance_components.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "services/recommendations/council_sums.h"

namespace council::recommendations {
namespace {

using Seats = std::span<const SeatFacts>;

// One for each facet that some seat has, in order of their names.
std::vector<FacetSums> FacetsOf(Seats seats) {
  // Facet → value → number of seats.
  std::map<std::string, std::map<std::string, int64_t>> counts;
  for (const SeatFacts& seat : seats) {
    for (const auto& [facet, value] : seat.facets) ++counts[facet][value];
  }
  std::vector<FacetSums> facets;
  facets.reserve(counts.size());
  for (const auto& [facet, values] : counts) {
    FacetSums& sums = facets.emplace_back();
    for (const auto& [value, count] : values) {
      sums.known += count;
      sums.squares += count * count;
    }
  }
  return facets;
}

// Share of (seat, facet) that is filled in, over the facets in use.
double FacetCoverage(std::span<const FacetSums> facets, size_t seats) {
  if (facets.empty()) return 0;
  double known = 0;
  for (const FacetSums& facet : facets) known += static_cast<double>(facet.known);
  return known / (static_cast<double>(facets.size()) * static_cast<double>(seats));
}

double Covered(Seats seats, double TieFacts::*count) {
  double covered = 0;
  for (const SeatFacts& seat : seats) covered += std::min(1.0, seat.tie.*count);
  return covered / static_cast<double>(seats.size());
}

}  // namespace

BalanceFigures ComputeFigures(const CouncilFacts& facts, const BalanceModel& model) {
  BalanceFigures figures;
  const Seats seats = facts.seats;
  if (seats.empty()) return figures;

  const std::vector<FacetSums> facets = FacetsOf(seats);
  CouncilSums sums{.seats = static_cast<int64_t>(seats.size()),
                   .terms = {},
                   .facets = facets,
                   .acquainted_pairs = facts.acquainted_pairs};
  for (const SeatFacts& seat : seats) Add(TermsOf(seat), sums.terms);
  figures.values = ValuesOf(sums, model);

  figures.coverage[kSize] = 1;
  figures.coverage[kRoles] = 1;
  figures.coverage[kDiversity] = FacetCoverage(facets, seats.size());
  figures.coverage[kEnergy] = Covered(seats, &TieFacts::energy_coverage);
  figures.coverage[kReciprocity] = Covered(seats, &TieFacts::benefit_coverage);
  figures.coverage[kDepth] = Covered(seats, &TieFacts::depth_coverage);
  figures.coverage[kVitality] = Covered(seats, &TieFacts::any_coverage);
  figures.coverage[kEngagement] = Covered(seats, &TieFacts::domain_coverage);
  figures.coverage[kReach] = figures.coverage[kReciprocity];

  for (size_t i = 0; i < kComponents; ++i) figures.confidence += model.weights[i] / 100 * figures.coverage[i];
  figures.confidence = std::clamp(figures.confidence, 0.0, 1.0);
  figures.score = MeanOf(figures.values, model, 0, kComponents);
  figures.structure = MeanOf(figures.values, model, 0, kStructureComponents);
  figures.practice = MeanOf(figures.values, model, kStructureComponents, kComponents);
  return figures;
}

}  // namespace council::recommendations
