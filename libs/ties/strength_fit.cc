#include "libs/ties/strength_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace council::ties {
namespace {

constexpr std::size_t kMaxPairs = 20'000;
constexpr int kMaxSteps = 50;
constexpr int kSweeps = 200;
constexpr double kConverged = 1e-9;
constexpr double kMostIntercept = 30;
constexpr double kMostFactor = 10;

// Of a person's gradient.
double ShareThatPulls(std::span<const double> gradient, const FitProtection& protection) {
  const double length = std::sqrt(std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0));
  return length > protection.most_pull ? protection.most_pull / length : 1;
}

// The part of a look-back's weight that each of its people has.
double WeightOfPerson(const LookBack& look_back) {
  const auto people = std::count_if(look_back.people.begin(), look_back.people.end(), HasBothOutcomes);
  return people > 0 ? look_back.weight / static_cast<double>(people) : 0;
}

}  // namespace

bool HasBothOutcomes(const Person& person) {
  const auto lived_on = std::count_if(person.begin(), person.end(), [](const PastTie& tie) { return tie.lived_on; });
  return lived_on > 0 && lived_on < static_cast<std::ptrdiff_t>(person.size());
}

void FitSums::Add(const FitSums& other, double times) {
  weight += times * other.weight;
  for (std::size_t i = 0; i < kStrengthFeatures; ++i) {
    gradient[i] += times * other.gradient[i];
    for (std::size_t j = 0; j < kStrengthFeatures; ++j) curvature[i][j] += times * other.curvature[i][j];
  }
}

FitSums PairSumsOf(std::span<const PastTie> person, const StrengthFeatures& coefficients) {
  std::vector<const PastTie*> living;
  std::vector<const PastTie*> faded;
  for (const PastTie& tie : person) (tie.lived_on ? living : faded).push_back(&tie);
  FitSums sums;
  const std::size_t pairs = living.size() * faded.size();
  if (pairs == 0) return sums;
  const std::size_t taken = std::min(pairs, kMaxPairs);
  const double weight = 1.0 / static_cast<double>(taken);
  for (std::size_t k = 0; k < taken; ++k) {
    const std::size_t pair = k * pairs / taken;
    const StrengthFeatures& lived = living[pair / faded.size()]->features;
    const StrengthFeatures& gone = faded[pair % faded.size()]->features;
    StrengthFeatures difference;
    double logit = 0;
    for (std::size_t i = 0; i < kStrengthFeatures; ++i) {
      difference[i] = lived[i] - gone[i];
      logit += coefficients[i] * difference[i];
    }
    const double wrong = 1 / (1 + std::exp(logit));
    for (std::size_t i = 0; i < kStrengthFeatures; ++i) {
      sums.gradient[i] -= weight * wrong * difference[i];
      for (std::size_t j = 0; j < kStrengthFeatures; ++j) {
        sums.curvature[i][j] += weight * wrong * (1 - wrong) * difference[i] * difference[j];
      }
    }
  }
  sums.weight = 1;
  return sums;
}

StrengthFeatures NewtonStep(const FitSums& sums, const StrengthFeatures& coefficients, const StrengthFeatures& prior,
                            double ridge) {
  const double scale = sums.weight > 0 ? 1 / sums.weight : 0;
  StrengthFeatures next = coefficients;
  // The least of a convex quadratic over a quadrant, coordinate by coordinate.
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (std::size_t i = 0; i < kStrengthFeatures; ++i) {
      double slope = scale * sums.gradient[i] + ridge * (next[i] - prior[i]);
      for (std::size_t j = 0; j < kStrengthFeatures; ++j) {
        slope += scale * sums.curvature[i][j] * (next[j] - coefficients[j]);
      }
      next[i] = std::max(0.0, next[i] - slope / (scale * sums.curvature[i][i] + ridge));
    }
  }
  return next;
}

StrengthFeatures FitCoefficients(std::span<const LookBack> look_backs, const StrengthModel& prior, double ridge,
                                 const FitProtection& protection) {
  StrengthFeatures coefficients = prior.coefficients;
  for (int step = 0; step < kMaxSteps; ++step) {
    FitSums sums;
    for (const LookBack& look_back : look_backs) {
      FitSums people;
      for (const Person& person : look_back.people) {
        FitSums of_person = PairSumsOf(person, coefficients);
        const double share = ShareThatPulls(of_person.gradient, protection);
        for (double& slope : of_person.gradient) slope *= share;
        people.Add(of_person, 1);
      }
      if (people.weight > 0) sums.Add(people, look_back.weight / people.weight);
    }
    for (std::size_t i = 0; i < kStrengthFeatures; ++i) sums.gradient[i] += protection.noise[i];
    const StrengthFeatures next = NewtonStep(sums, coefficients, prior.coefficients, ridge);
    double moved = 0;
    for (std::size_t i = 0; i < kStrengthFeatures; ++i) moved += std::abs(next[i] - coefficients[i]);
    coefficients = next;
    if (moved < kConverged) break;
  }
  return coefficients;
}

StrengthScale FitScale(std::span<const LookBack> look_backs, const StrengthFeatures& coefficients,
                       absl::FunctionRef<double(const PastTie&)> wanted, const StrengthScale& prior, double ridge,
                       const FitProtection& protection) {
  StrengthScale scale = prior;
  for (int step = 0; step < kMaxSteps; ++step) {
    // Derivatives of the log-loss and the ridge by factor and intercept.
    std::array<double, 2> gradient = {ridge * (scale.factor - prior.factor) + protection.scale_noise[0],
                                      ridge * (scale.intercept - prior.intercept) + protection.scale_noise[1]};
    double factor_twice = ridge;
    double intercept_twice = ridge;
    double both = 0;
    for (const LookBack& look_back : look_backs) {
      const double of_person = WeightOfPerson(look_back);
      for (const Person& person : look_back.people) {
        std::array<double, 2> pull = {};
        const double weight = person.empty() ? 0 : 1 / static_cast<double>(person.size());
        for (const PastTie& tie : person) {
          const double logit = std::inner_product(coefficients.begin(), coefficients.end(), tie.features.begin(), 0.0);
          const double strength = 1 / (1 + std::exp(-(scale.factor * logit + scale.intercept)));
          const double error = weight * (strength - wanted(tie));
          const double curvature = of_person * weight * strength * (1 - strength);
          pull[0] += error * logit;
          pull[1] += error;
          factor_twice += curvature * logit * logit;
          intercept_twice += curvature;
          both += curvature * logit;
        }
        const double share = of_person * ShareThatPulls(pull, protection);
        for (std::size_t i = 0; i < pull.size(); ++i) gradient[i] += share * pull[i];
      }
    }
    const double determinant = factor_twice * intercept_twice - both * both;
    const double factor_step = (intercept_twice * gradient[0] - both * gradient[1]) / determinant;
    const double intercept_step = (factor_twice * gradient[1] - both * gradient[0]) / determinant;
    scale.factor = std::clamp(scale.factor - std::clamp(factor_step, -1.0, 1.0), 0.0, kMostFactor);
    scale.intercept =
        std::clamp(scale.intercept - std::clamp(intercept_step, -1.0, 1.0), -kMostIntercept, kMostIntercept);
    if (std::abs(factor_step) + std::abs(intercept_step) < kConverged) break;
  }
  return scale;
}

}  // namespace council::ties
