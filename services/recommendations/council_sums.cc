#include "services/recommendations/council_sums.h"

#include <algorithm>
#include <cmath>

namespace council::recommendations {
namespace {

// Below as many seats the per-seat means count the missing ones as zero.
constexpr double kSmallestCouncil = 6;
constexpr double kPeoplePerRole = 2;
constexpr double kRolesPerPerson = 2;
// Half of what an undecided energy counts, on either side.
constexpr double kEnergyPrior = 1.5;
constexpr double kLargestTieEnergy = 4;
// Benefits, given and received, from which on a tie and a council are judged by their balance alone.
constexpr double kTieBenefits = 6;
constexpr double kCouncilBenefits = 36;
constexpr double kHalfwayHours = 3;
constexpr double kDomainShare = 0.05;
constexpr double kIntroductions = 5;
constexpr double kIntroductionsOfOne = 2;

double SizeOf(const CouncilSums& sums, const BalanceModel& model) {
  const double enough = std::min(1.0, sums.terms[kPresenceTerm] / model.size_low);
  const double not_too_many = std::min(1.0, model.size_high / static_cast<double>(sums.seats));
  return enough * not_too_many * enough * not_too_many;
}

double RolesOf(const SeatTerms& terms) {
  double filled = 0;
  for (size_t role = 0; role < kNeededRoles; ++role) {
    filled += std::min(1.0, terms[kRoleTerms + role] / kPeoplePerRole);
  }
  return filled / kNeededRoles;
}

double DiversityOf(const CouncilSums& sums) {
  const auto n = static_cast<double>(sums.seats);
  double varied = 0;
  double weights = 0;
  for (const FacetSums& facet : sums.facets) {
    const auto known = static_cast<double>(facet.known);
    const double weight = 2 * known / n - 1;
    if (weight <= 0) continue;
    varied += weight * std::min(1.0, 2 * (1 - static_cast<double>(facet.squares) / (known * known)));
    weights += weight;
  }
  if (weights <= 0) return 0;
  const double pairs = n * (n - 1) / 2;
  const double acquainted = pairs > 0 ? static_cast<double>(sums.acquainted_pairs) / pairs : 0;
  return varied / weights * (1 - 0.5 * acquainted) * std::min(1.0, n / kSmallestCouncil);
}

double EnergyOf(const SeatTerms& terms) {
  const double energizing = terms[kEnergizingTerm];
  return (energizing + kEnergyPrior) / (energizing + terms[kDrainingTerm] + 2 * kEnergyPrior);
}

// A sum over seats as a share of what can be asked of them: a new seat is not asked for a quarter's practice, but what
// it brings counts in full.
double PracticeShare(double sum, double asked) {
  return sum / std::max(kSmallestCouncil, asked);
}

double ReciprocityOf(const SeatTerms& terms) {
  const double given = terms[kGivenTerm];
  const double received = terms[kReceivedTerm];
  const double council = 2 * std::min(given, received) / std::max(given + received, kCouncilBenefits);
  return 0.5 * PracticeShare(terms[kMutualTerm], terms[kMutualAskedTerm]) + 0.5 * council;
}

double VitalityOf(const CouncilSums& sums) {
  return sums.terms[kFreshTerm] / std::max(kSmallestCouncil, static_cast<double>(sums.seats));
}

double CareerBand(double share, const BalanceModel& model) {
  if (share > model.career_high) return (1 - share) / (1 - model.career_high);
  if (share < model.career_low) return 0.5 + 0.5 * share / model.career_low;
  return 1;
}

double EngagementOf(const SeatTerms& terms, const BalanceModel& model) {
  double total = 0;
  for (size_t domain = 0; domain < kLifeDomains; ++domain) total += terms[kHourTerms + domain];
  if (total <= 0) return 0;
  double occurring = 0;
  for (const size_t domain : {1, 2, 3}) {
    occurring += std::min(1.0, terms[kHourTerms + domain] / total / kDomainShare);
  }
  const double career = terms[kHourTerms] / total;
  return total / (total + kHalfwayHours) * CareerBand(career, model) * (0.5 + 0.5 * occurring / 3);
}

}  // namespace

double RoleShare(const SeatFacts& seat) {
  if (seat.role_count == 0) return 0;
  return seat.presence * std::min(1.0, kRolesPerPerson / seat.role_count);
}

double MutualBenefit(const SeatFacts& seat) {
  const double given = seat.tie.given;
  const double received = seat.tie.received;
  return 2 * std::min(given, received) / std::max(given + received, kTieBenefits);
}

double DepthOf(const SeatFacts& seat) {
  return std::min(1.0, std::min(1.0, seat.tie.updates) / 3 + seat.tie.conversations * 2 / 3 + seat.tie.counsels);
}

SeatTerms TermsOf(const SeatFacts& seat) {
  const TieFacts& tie = seat.tie;
  SeatTerms terms = {};
  terms[kPresenceTerm] = seat.presence;
  for (size_t role = 0; role < kNeededRoles; ++role) {
    if (seat.roles[role]) terms[kRoleTerms + role] = RoleShare(seat);
  }
  const double both = tie.energizing + tie.draining;
  const double scale = both > kLargestTieEnergy ? kLargestTieEnergy / both : 1.0;
  terms[kEnergizingTerm] = tie.energizing * scale;
  terms[kDrainingTerm] = tie.draining * scale;
  terms[kGivenTerm] = tie.given;
  terms[kReceivedTerm] = tie.received;
  terms[kMutualTerm] = MutualBenefit(seat);
  terms[kMutualAskedTerm] = std::max(terms[kMutualTerm], seat.expected);
  terms[kDepthTerm] = DepthOf(seat);
  terms[kDepthAskedTerm] = std::max(terms[kDepthTerm], seat.expected);
  terms[kFreshTerm] = seat.fresh;
  for (size_t domain = 0; domain < kLifeDomains; ++domain) terms[kHourTerms + domain] = tie.hours[domain];
  terms[kIntroductionTerm] = std::min(kIntroductionsOfOne, tie.introductions);
  return terms;
}

std::array<double, kComponents> ValuesOf(const CouncilSums& sums, const BalanceModel& model) {
  std::array<double, kComponents> values = {};
  if (sums.seats == 0) return values;
  values[kSize] = SizeOf(sums, model);
  values[kRoles] = RolesOf(sums.terms);
  values[kDiversity] = DiversityOf(sums);
  values[kEnergy] = EnergyOf(sums.terms);
  values[kReciprocity] = ReciprocityOf(sums.terms);
  values[kDepth] = PracticeShare(sums.terms[kDepthTerm], sums.terms[kDepthAskedTerm]);
  values[kVitality] = VitalityOf(sums);
  values[kEngagement] = EngagementOf(sums.terms, model);
  values[kReach] = std::min(1.0, sums.terms[kIntroductionTerm] / kIntroductions);
  for (double& value : values) value = std::clamp(value, 0.0, 1.0);
  return values;
}

double MeanOf(const std::array<double, kComponents>& values, const BalanceModel& model, size_t begin, size_t end) {
  double weights = 0;
  double logs = 0;
  for (size_t i = begin; i < end; ++i) {
    weights += model.weights[i];
    logs += model.weights[i] * std::log((values[i] + kMeanEpsilon) / (1 + kMeanEpsilon));
  }
  return 100 * std::clamp((1 + kMeanEpsilon) * std::exp(logs / weights) - kMeanEpsilon, 0.0, 1.0);
}

}  // namespace council::recommendations
