#include "libs/ties/strength_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace council::ties {
namespace {

constexpr std::size_t kMaxPairs = 20'000;
constexpr int kMaxSteps = 50;
constexpr int kSweeps = 200;
constexpr double kConverged = 1e-9;
constexpr double kMostIntercept = 30;

}  // namespace

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

StrengthFeatures FitCoefficients(std::span<const LookBack> look_backs, const StrengthModel& prior, double ridge) {
  StrengthFeatures coefficients = prior.coefficients;
  for (int step = 0; step < kMaxSteps; ++step) {
    FitSums sums;
    for (const LookBack& look_back : look_backs) {
      FitSums people;
      for (const Person& person : look_back.people) people.Add(PairSumsOf(person, coefficients), 1);
      if (people.weight > 0) sums.Add(people, look_back.weight / people.weight);
    }
    const StrengthFeatures next = NewtonStep(sums, coefficients, prior.coefficients, ridge);
    double moved = 0;
    for (std::size_t i = 0; i < kStrengthFeatures; ++i) moved += std::abs(next[i] - coefficients[i]);
    coefficients = next;
    if (moved < kConverged) break;
  }
  return coefficients;
}

double FitIntercept(std::span<const LookBack> look_backs, const StrengthFeatures& coefficients) {
  // The mean strength grows with the intercept, so that halving finds where it meets the mean outcome.
  double low = -kMostIntercept;
  double high = kMostIntercept;
  const auto excess = [&](double intercept) {
    const StrengthModel model = {.version = "", .coefficients = coefficients, .intercept = intercept};
    double total = 0;
    for (const LookBack& look_back : look_backs) {
      double sum = 0;
      std::size_t ties = 0;
      for (const Person& person : look_back.people) {
        for (const PastTie& tie : person) sum += StrengthOf(tie.features, model) - (tie.lived_on ? 1 : 0);
        ties += person.size();
      }
      if (ties > 0) total += look_back.weight * sum / static_cast<double>(ties);
    }
    return total;
  };
  while (high - low > kConverged) {
    const double middle = (low + high) / 2;
    const double above = excess(middle);
    if (above == 0) return middle;
    (above > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

}  // namespace council::ties
