// Fits the coefficients of tie strength to what became of ties.
//
// What matters is rank within one person's ties: the fit is a logistic regression on the differences between each
// person's ties that lived on and those that faded, a ridge drawing it towards a prior model. That settles the ranks; a
// second fit, to all ties, makes probabilities of them.
//
//     FitSums sums;                                     // At the coefficients of this step.
//     for (person) sums.Add(PairSumsOf(person.ties, coefficients), weight);
//     coefficients = NewtonStep(sums, coefficients, prior, ridge);
//
// A step needs no more than the sums of its people, who may lie anywhere: FitStrength does this for look-backs at hand.
// Deterministic: the same input gives the same bytes.
#ifndef COUNCIL_LIBS_TIES_STRENGTH_FIT_H_
#define COUNCIL_LIBS_TIES_STRENGTH_FIT_H_

#include <array>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "libs/ties/tie_strength.h"

namespace council::ties {

// A tie as it was on a past day, and whether the two were in touch again.
struct PastTie {
  StrengthFeatures features;
  bool lived_on = false;
};

// 1 for a tie that lived on, else 0.
inline double Outcome(const PastTie& tie) {
  return tie.lived_on ? 1 : 0;
}

// The ties of one person.
using Person = std::vector<PastTie>;

// Whether there are ties that lived on and ties that faded.
bool HasBothOutcomes(const Person& person);

// The people of one network as of one past day.
struct LookBack {
  std::vector<Person> people;
  // Of the whole look-back, parted equally among its people who have both outcomes.
  double weight = 1;
};

// Sums of the pairwise log-loss's derivatives.
struct FitSums {
  double weight = 0;
  StrengthFeatures gradient = {};
  std::array<StrengthFeatures, kStrengthFeatures> curvature = {};

  void Add(const FitSums& other, double times);
};

// Mean over one person's pairs of a tie that lived on and one that faded, of weight 1; of weight 0 where the person has
// no such pair. At most 20,000 pairs, evenly taken, are looked at.
FitSums PairSumsOf(std::span<const PastTie> person, const StrengthFeatures& coefficients);

// The coefficients after one step of Newton's method on mean log-loss + ridge/2·|coefficients − prior|², none below 0.
// `ridge` is above 0.
StrengthFeatures NewtonStep(const FitSums& sums, const StrengthFeatures& coefficients, const StrengthFeatures& prior,
                            double ridge);

// What keeps one person from being read off a fit. Weights of look-backs are to be the number of their people then, so
// that each person counts 1.
struct FitProtection {
  // The length of a person's part of a look-back's gradient, at most.
  double most_pull = std::numeric_limits<double>::infinity();
  // Added to the sum of all gradients.
  StrengthFeatures noise = {};
  std::array<double, 2> scale_noise = {};
};

// Coefficients from all look-backs, towards those of `prior`.
StrengthFeatures FitCoefficients(std::span<const LookBack> look_backs, const StrengthModel& prior, double ridge,
                                 const FitProtection& protection = {});

// How strengths become probabilities: the factor of all coefficients and the intercept with which they are nearest, by
// log-loss in the mean over a person's ties, summed over people as FitCoefficients weighs them, to what `wanted` gives
// for each tie, 0 to 1; a ridge draws them towards `prior`. Ranks stay. The factor is between 0 and 10, the intercept
// within ±30; those of the prior where there are no ties. `ridge` is above 0.
struct StrengthScale {
  double factor = 1;
  double intercept = 0;
};
StrengthScale FitScale(std::span<const LookBack> look_backs, const StrengthFeatures& coefficients,
                       absl::FunctionRef<double(const PastTie&)> wanted, const StrengthScale& prior, double ridge,
                       const FitProtection& protection = {});

}  // namespace council::ties

#endif  // COUNCIL_LIBS_TIES_STRENGTH_FIT_H_
