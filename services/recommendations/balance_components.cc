#include "services/recommendations/balance_components.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>

namespace council::recommendations {
namespace {

using Seats = std::span<const SeatFacts>;

// Raises each component in the mean, so that an empty one costs much and not all.
constexpr double kEpsilon = 0.1;
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

template <typename Of>
double Sum(Seats seats, const Of& of) {
  double sum = 0;
  for (const SeatFacts& seat : seats) sum += of(seat);
  return sum;
}

double SizeOf(Seats seats, const BalanceModel& model) {
  const double present = Sum(seats, [](const SeatFacts& s) { return s.presence; });
  const double enough = std::min(1.0, present / model.size_low);
  const double not_too_many = std::min(1.0, model.size_high / static_cast<double>(seats.size()));
  return std::pow(enough * not_too_many, 2);
}

double RolesOf(Seats seats) {
  double filled = 0;
  for (size_t role = 0; role < kNeededRoles; ++role) {
    const double people = Sum(seats, [role](const SeatFacts& s) { return s.roles[role] ? RoleShare(s) : 0.0; });
    filled += std::min(1.0, people / kPeoplePerRole);
  }
  return filled / kNeededRoles;
}

// Facet → value → number of seats.
using FacetCounts = std::map<std::string, std::map<std::string, int>>;

FacetCounts CountFacets(Seats seats) {
  FacetCounts counts;
  for (const SeatFacts& seat : seats) {
    for (const auto& [facet, value] : seat.facets) ++counts[facet][value];
  }
  return counts;
}

int Known(const std::map<std::string, int>& values) {
  int known = 0;
  for (const auto& [value, count] : values) known += count;
  return known;
}

double DiversityOf(Seats seats, int64_t acquainted_pairs) {
  const auto n = static_cast<double>(seats.size());
  double varied = 0;
  double weights = 0;
  for (const auto& [facet, values] : CountFacets(seats)) {
    const double known = Known(values);
    double same = 0;
    for (const auto& [value, count] : values) same += (count / known) * (count / known);
    const double weight = std::max(0.0, 2 * known / n - 1);
    varied += weight * std::min(1.0, 2 * (1 - same));
    weights += weight;
  }
  if (weights <= 0) return 0;
  const double pairs = n * (n - 1) / 2;
  const double acquainted = pairs > 0 ? static_cast<double>(acquainted_pairs) / pairs : 0;
  return varied / weights * (1 - 0.5 * acquainted) * std::min(1.0, n / kSmallestCouncil);
}

double EnergyOf(Seats seats) {
  double energizing = 0;
  double draining = 0;
  for (const SeatFacts& seat : seats) {
    const double both = seat.tie.energizing + seat.tie.draining;
    const double scale = both > kLargestTieEnergy ? kLargestTieEnergy / both : 1.0;
    energizing += seat.tie.energizing * scale;
    draining += seat.tie.draining * scale;
  }
  return (energizing + kEnergyPrior) / (energizing + draining + 2 * kEnergyPrior);
}

// Sum of a figure of each seat over what can be asked of them: a new seat is not asked for a quarter's practice, but
// what it brings counts in full.
template <typename Of>
double PracticeShare(Seats seats, const Of& of) {
  const double asked = Sum(seats, [&of](const SeatFacts& s) { return std::max(of(s), s.expected); });
  return Sum(seats, of) / std::max(kSmallestCouncil, asked);
}

double ReciprocityOf(Seats seats) {
  const double given = Sum(seats, [](const SeatFacts& s) { return s.tie.given; });
  const double received = Sum(seats, [](const SeatFacts& s) { return s.tie.received; });
  const double council = 2 * std::min(given, received) / std::max(given + received, kCouncilBenefits);
  return 0.5 * PracticeShare(seats, MutualBenefit) + 0.5 * council;
}

double VitalityOf(Seats seats) {
  return Sum(seats, [](const SeatFacts& s) { return s.fresh; }) /
         std::max(kSmallestCouncil, static_cast<double>(seats.size()));
}

double CareerBand(double share, const BalanceModel& model) {
  if (share > model.career_high) return (1 - share) / (1 - model.career_high);
  if (share < model.career_low) return 0.5 + 0.5 * share / model.career_low;
  return 1;
}

double EngagementOf(Seats seats, const BalanceModel& model) {
  std::array<double, kLifeDomains> hours = {};
  for (const SeatFacts& seat : seats) {
    for (size_t domain = 0; domain < kLifeDomains; ++domain) hours[domain] += seat.tie.hours[domain];
  }
  double total = 0;
  for (const double h : hours) total += h;
  if (total <= 0) return 0;
  double occurring = 0;
  for (const size_t domain : {1, 2, 3}) occurring += std::min(1.0, hours[domain] / total / kDomainShare);
  return total / (total + kHalfwayHours) * CareerBand(hours[0] / total, model) * (0.5 + 0.5 * occurring / 3);
}

double ReachOf(Seats seats) {
  const double introductions =
      Sum(seats, [](const SeatFacts& s) { return std::min(kIntroductionsOfOne, s.tie.introductions); });
  return std::min(1.0, introductions / kIntroductions);
}

// Share of (seat, facet) that is filled in, over the facets in use.
double FacetCoverage(Seats seats) {
  const FacetCounts counts = CountFacets(seats);
  if (counts.empty()) return 0;
  double known = 0;
  for (const auto& [facet, values] : counts) known += Known(values);
  return known / (static_cast<double>(counts.size()) * static_cast<double>(seats.size()));
}

double Covered(Seats seats, double TieFacts::*count) {
  return Sum(seats, [count](const SeatFacts& s) { return std::min(1.0, s.tie.*count); }) /
         static_cast<double>(seats.size());
}

// 100 times the weighted geometric mean of the components from `begin` to before `end`, each raised by epsilon.
double Mean(const std::array<double, kComponents>& values, const BalanceModel& model, size_t begin, size_t end) {
  double weights = 0;
  double logs = 0;
  for (size_t i = begin; i < end; ++i) {
    weights += model.weights[i];
    logs += model.weights[i] * std::log((values[i] + kEpsilon) / (1 + kEpsilon));
  }
  return 100 * std::clamp((1 + kEpsilon) * std::exp(logs / weights) - kEpsilon, 0.0, 1.0);
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

BalanceFigures ComputeFigures(const CouncilFacts& facts, const BalanceModel& model) {
  BalanceFigures figures;
  const Seats seats = facts.seats;
  if (seats.empty()) return figures;

  figures.values[kSize] = SizeOf(seats, model);
  figures.values[kRoles] = RolesOf(seats);
  figures.values[kDiversity] = DiversityOf(seats, facts.acquainted_pairs);
  figures.values[kEnergy] = EnergyOf(seats);
  figures.values[kReciprocity] = ReciprocityOf(seats);
  figures.values[kDepth] = PracticeShare(seats, DepthOf);
  figures.values[kVitality] = VitalityOf(seats);
  figures.values[kEngagement] = EngagementOf(seats, model);
  figures.values[kReach] = ReachOf(seats);
  for (double& value : figures.values) value = std::clamp(value, 0.0, 1.0);

  figures.coverage[kSize] = 1;
  figures.coverage[kRoles] = 1;
  figures.coverage[kDiversity] = FacetCoverage(seats);
  figures.coverage[kEnergy] = Covered(seats, &TieFacts::energy_coverage);
  figures.coverage[kReciprocity] = Covered(seats, &TieFacts::benefit_coverage);
  figures.coverage[kDepth] = Covered(seats, &TieFacts::depth_coverage);
  figures.coverage[kVitality] = Covered(seats, &TieFacts::any_coverage);
  figures.coverage[kEngagement] = Covered(seats, &TieFacts::domain_coverage);
  figures.coverage[kReach] = figures.coverage[kReciprocity];

  for (size_t i = 0; i < kComponents; ++i) figures.confidence += model.weights[i] / 100 * figures.coverage[i];
  figures.confidence = std::clamp(figures.confidence, 0.0, 1.0);
  figures.score = Mean(figures.values, model, 0, kComponents);
  figures.structure = Mean(figures.values, model, 0, kStructureComponents);
  figures.practice = Mean(figures.values, model, kStructureComponents, kComponents);
  return figures;
}

}  // namespace council::recommendations
