#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_SUMS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_SUMS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "services/recommendations/balance_model.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {

// Component values depend on a council only by a few sums over its seats, by how its facets are spread, and by how many
// know each other. What tries many councils keeps these instead of seats.

// What is summed over seats.
enum SeatTerm : size_t {
  kPresenceTerm,
  // RoleShare, for each needed role.
  kRoleTerms,
  // Of the tie, scaled so that one friend cannot outshout the table.
  kEnergizingTerm = kRoleTerms + kNeededRoles,
  kDrainingTerm,
  kGivenTerm,
  kReceivedTerm,
  // Mutual benefits, and how much of them is asked of the seat.
  kMutualTerm,
  kMutualAskedTerm,
  // The same of deep talks.
  kDepthTerm,
  kDepthAskedTerm,
  kFreshTerm,
  // By domain of life.
  kHourTerms,
  kIntroductionTerm = kHourTerms + kLifeDomains,
  kSeatTerms,
};
using SeatTerms = std::array<double, kSeatTerms>;

// How the values of one facet are spread over the seats.
struct FacetSums {
  // Seats whose value is known, and the sum over values of the square of the number of seats that have it.
  int64_t known = 0;
  int64_t squares = 0;
};

// What the components of a council are made of. Views `facets`.
struct CouncilSums {
  int64_t seats = 0;
  SeatTerms terms = {};
  // Those that no seat has change nothing.
  std::span<const FacetSums> facets;
  int64_t acquainted_pairs = 0;
};

// The summands of one seat.
SeatTerms TermsOf(const SeatFacts& seat);

// Adds up, term by term.
inline void Add(const SeatTerms& terms, SeatTerms& sums) {
  for (size_t i = 0; i < kSeatTerms; ++i) sums[i] += terms[i];
}

// The components' values, in the order of `Component`, each from 0 to 1; all 0 without seats.
std::array<double, kComponents> ValuesOf(const CouncilSums& sums, const BalanceModel& model);

// Raises each component in the weighted geometric mean, so that an empty one costs much and not all.
inline constexpr double kMeanEpsilon = 0.1;

// 100 times the weighted geometric mean of the components from `begin` to before `end`: 0 to 100.
double MeanOf(const std::array<double, kComponents>& values, const BalanceModel& model, size_t begin, size_t end);

// What `seat` weighs in each of its needed roles: its presence, parted where it has more than two of them.
double RoleShare(const SeatFacts& seat);

// 0 to 1: how mutual the benefits between the owner and `seat` are.
double MutualBenefit(const SeatFacts& seat);

// 0 to 1: whether there were a quarter's deep talks with `seat`: one counsel, or a conversation and a half.
double DepthOf(const SeatFacts& seat);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_SUMS_H_
