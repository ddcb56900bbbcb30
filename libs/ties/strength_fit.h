// Fits the coefficients of tie strength to what became of ties.
//
// What matters is rank within one person's ties: the fit is a logistic regression on the differences between each
// person's ties that lived on and those that faded, a ridge drawing it towards a prior model. Where the strength of
// ties is a probability, the odds that of two ties of which one lived on it was the first are e^(difference of their
// logits): the coefficients have the scale of a probability, and only the intercept is left to be fitted to all ties.
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
#include <span>
#include <string>
#include <vector>

#include "libs/ties/tie_strength.h"

namespace council::ties {

// A tie as it was on a past day, and whether the two were in touch again.
struct PastTie {
  StrengthFeatures features;
  bool lived_on = false;
};

// The ties of one person.
using Person = std::vector<PastTie>;

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

// Coefficients from all look-backs, towards those of `prior`.
StrengthFeatures FitCoefficients(std::span<const LookBack> look_backs, const StrengthModel& prior, double ridge);

// The intercept with which the strengths of all ties have the mean of their outcomes, each look-back by its weight. 0
// where there are none; within ±30.
double FitIntercept(std::span<const LookBack> look_backs, const StrengthFeatures& coefficients);

}  // namespace council::ties

#endif  // COUNCIL_LIBS_TIES_STRENGTH_FIT_H_
