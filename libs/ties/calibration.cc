#include "libs/ties/calibration.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>

namespace council::ties {
namespace {

// The prior weighs as much as so many people at one look-back, given coefficients that are off by 1.
constexpr double kPriorPeople = 20;
// The same for the scale: a tie's curvature is about 0.15.
constexpr double kScaleRidge = 0.15 * kPriorPeople;
constexpr std::size_t kMostTies = 200;
// Logarithms of sums over days, and of silence that is a hundred times as long as usual.
constexpr double kMostFeature = 10;
constexpr double kRounding = 100;
constexpr double kStandardErrors = 1.64;
// What is typical of one person is a third of it.
constexpr double kMostPull = 0.3;
// Standard deviation of the noise, of all look-backs' sum: 1.5 times what somebody does to it who pulls all look-backs
// the same way with full strength.
constexpr double kNoise = 1.5 * kMostPull * kMostLookBacks;
// The same of a mean over people, by how many there are: one moves it by 1 / people at most, and there are four.
constexpr double kAccuracyNoise = 3;

double Rounded(double value) {
  return std::round(value * kRounding) / kRounding;
}

// Weighing as many people as have both outcomes, so that each counts 1.
LookBack Bounded(const LookBack& look_back) {
  LookBack bounded;
  bounded.weight = 0;
  for (const Person& person : look_back.people) {
    bounded.people.push_back(ties::Bounded(person));
    bounded.weight += HasBothOutcomes(bounded.people.back()) ? 1 : 0;
  }
  return bounded;
}

std::vector<LookBack> Bounded(std::span<const LookBack> look_backs) {
  std::vector<LookBack> bounded;
  for (const LookBack& look_back : look_backs) bounded.push_back(Bounded(look_back));
  return bounded;
}

std::span<const LookBack> WithoutNewest(std::span<const LookBack> look_backs) {
  return look_backs.empty() ? look_backs : look_backs.subspan(1);
}

// Each person once for each look-back.
double PeopleIn(std::span<const LookBack> look_backs) {
  return std::accumulate(look_backs.begin(), look_backs.end(), 0.0,
                         [](double sum, const LookBack& look_back) { return sum + look_back.weight; });
}

// The probability that of a tie that lived on and one that faded the first was the stronger one, equal ones counting
// half (Mann and Whitney); nothing where either is missing.
std::optional<double> AucOf(const Person& person, const StrengthModel& model) {
  std::vector<double> living;
  std::vector<double> faded;
  for (const PastTie& tie : person) (tie.lived_on ? living : faded).push_back(StrengthOf(tie.features, model));
  if (living.empty() || faded.empty()) return std::nullopt;
  std::sort(faded.begin(), faded.end());
  double won = 0;
  for (const double strength : living) {
    const auto [below, above] = std::equal_range(faded.begin(), faded.end(), strength);
    won += static_cast<double>((below - faded.begin()) + (above - faded.begin())) / 2;
  }
  return won / static_cast<double>(living.size() * faded.size());
}

double BrierOf(const Person& person, const StrengthModel& model) {
  double sum = 0;
  for (const PastTie& tie : person) sum += std::pow(StrengthOf(tie.features, model) - Outcome(tie), 2);
  return person.empty() ? 0 : sum / static_cast<double>(person.size());
}

// Whether what `measure` gives for people is more for `model` than for `other`, by so much that it would come by chance
// in one of twenty cases.
bool IsMore(const LookBack& look_back, const StrengthModel& model, const StrengthModel& other,
            absl::FunctionRef<std::optional<double>(const Person&, const StrengthModel&)> measure) {
  double people = 0;
  double sum = 0;
  double squares = 0;
  for (const Person& person : look_back.people) {
    const std::optional<double> of_model = measure(person, model);
    const std::optional<double> of_other = measure(person, other);
    if (!of_model.has_value() || !of_other.has_value()) continue;
    const double difference = *of_model - *of_other;
    ++people;
    sum += difference;
    squares += difference * difference;
  }
  if (people < 2) return false;
  // Rounding may leave a little less than nothing.
  const double variance = std::max(0.0, (squares - sum * sum / people) / (people - 1));
  return sum > 0 && sum / people >= kStandardErrors * std::sqrt(variance / people);
}

// Whether there are enough with both outcomes at the newest look-back and at one of the earlier ones.
bool EnoughPeople(std::span<const LookBack> look_backs) {
  const std::span<const LookBack> earlier = WithoutNewest(look_backs);
  return !earlier.empty() && look_backs.front().weight >= kLeastPeople &&
         std::any_of(earlier.begin(), earlier.end(),
                     [](const LookBack& look_back) { return look_back.weight >= kLeastPeople; });
}

// What may be shown of `accuracy`: with noise, between 0 and 1, rounded.
StrengthAccuracy Shown(const StrengthAccuracy& accuracy, double auc_noise, double brier_noise) {
  const auto shown = [&accuracy](double value, double noise) {
    return Rounded(std::clamp(value + noise / std::max(1, accuracy.people), 0.0, 1.0));
  };
  return {
      .people = accuracy.people, .auc = shown(accuracy.auc, auc_noise), .brier = shown(accuracy.brier, brier_noise)};
}

}  // namespace

Person Bounded(const Person& person) {
  Person bounded;
  const std::size_t taken = std::min(person.size(), kMostTies);
  for (std::size_t i = 0; i < taken; ++i) {
    PastTie tie = person[i * person.size() / taken];
    for (double& feature : tie.features) feature = std::clamp(feature, -kMostFeature, kMostFeature);
    bounded.push_back(tie);
  }
  return bounded;
}

StrengthAccuracy AccuracyOf(const LookBack& look_back, const StrengthModel& model) {
  StrengthAccuracy accuracy;
  int with_ties = 0;
  for (const Person& person : look_back.people) {
    if (person.empty()) continue;
    accuracy.brier += BrierOf(person, model);
    ++with_ties;
    const std::optional<double> auc = AucOf(person, model);
    if (!auc.has_value()) continue;
    accuracy.auc += *auc;
    ++accuracy.people;
  }
  if (accuracy.people > 0) accuracy.auc /= accuracy.people;
  if (with_ties > 0) accuracy.brier /= with_ties;
  return accuracy;
}

Person PersonAt(std::span<const ledger::v1::Tie> ties, absl::Time moment) {
  const std::int64_t today = DayNumber(moment);
  const std::int64_t last = today + kStrengthOutlook / absl::Hours(24);
  Person person;
  for (const ledger::v1::Tie& tie : ties) {
    const std::optional<StrengthFeatures> features = StrengthFeaturesOf(tie, moment);
    if (!features.has_value()) continue;
    const bool lived_on = std::any_of(tie.days().begin(), tie.days().end(), [&](const ledger::v1::TieDay& day) {
      return day.day() > today && day.day() <= last && day.entries() > 0;
    });
    person.push_back({.features = *features, .lived_on = lived_on});
  }
  return person;
}

CalibrationNoise DrawNoise(absl::FunctionRef<double()> uniform) {
  // Box and Muller's way to normal numbers.
  const auto normal = [&uniform] {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return kNoise * radius * std::cos(2 * std::numbers::pi * uniform());
  };
  CalibrationNoise noise;
  for (double& number : noise.coefficients) number = normal();
  for (double& number : noise.scale) number = normal();
  for (double& number : noise.accuracy) number = normal() / kNoise * kAccuracyNoise;
  return noise;
}

Calibration Calibrate(std::span<const LookBack> look_backs, std::span<const LookBack> outlooks,
                      const StrengthModel& prior, std::string version, const CalibrationNoise& noise) {
  Calibration calibration;
  calibration.model = prior;
  const std::vector<LookBack> ranked = Bounded(look_backs);
  std::vector<LookBack> others;
  std::span<const LookBack> outcomes = ranked;
  if (outlooks.data() != look_backs.data() || outlooks.size() != look_backs.size()) {
    others = Bounded(outlooks);
    outcomes = others;
  }
  if (!EnoughPeople(ranked)) return calibration;
  const FitProtection protection = {.most_pull = kMostPull, .noise = noise.coefficients, .scale_noise = noise.scale};
  const bool outcomes_known = EnoughPeople(outcomes);
  const auto foretold_by_prior = [&prior](const PastTie& tie) { return StrengthOf(tie.features, prior); };
  const auto fit_ranks = [&](std::span<const LookBack> some) {
    return FitCoefficients(some, prior, kPriorPeople / PeopleIn(some), protection);
  };
  const auto fit_scale = [&](std::span<const LookBack> some, const StrengthFeatures& coefficients) {
    const StrengthScale of_prior = {.factor = 1, .intercept = prior.intercept};
    const StrengthScale scale =
        outcomes_known ? FitScale(some, coefficients, Outcome, of_prior, kScaleRidge, protection)
                       : FitScale(ranked, coefficients, foretold_by_prior, of_prior, kScaleRidge, protection);
    StrengthModel model = {.version = version, .coefficients = coefficients, .intercept = Rounded(scale.intercept)};
    for (double& coefficient : model.coefficients) coefficient = Rounded(scale.factor * coefficient);
    return model;
  };
  const auto less_wrong = [](const Person& person, const StrengthModel& model) -> std::optional<double> {
    return -BrierOf(person, model);
  };
  // First to what was known when the newest look-back was to come.
  const StrengthModel in_ranks = fit_scale(WithoutNewest(outcomes), fit_ranks(WithoutNewest(ranked)));
  const StrengthModel in_scale = fit_scale(WithoutNewest(outcomes), prior.coefficients);
  calibration.prior = AccuracyOf(ranked.front(), prior);
  calibration.fitted = AccuracyOf(ranked.front(), in_ranks);
  if (IsMore(ranked.front(), in_ranks, prior, AucOf)) {
    calibration.model = fit_scale(outcomes, fit_ranks(ranked));
    calibration.own = true;
  } else if (outcomes_known && IsMore(outcomes.front(), in_scale, prior, less_wrong)) {
    // As good in ranks, but a company where more or fewer ties live on.
    calibration.fitted = AccuracyOf(ranked.front(), in_scale);
    calibration.model = fit_scale(outcomes, prior.coefficients);
    calibration.own = true;
  }
  calibration.shown_prior = Shown(calibration.prior, noise.accuracy[0], noise.accuracy[1]);
  calibration.shown_fitted = Shown(calibration.fitted, noise.accuracy[2], noise.accuracy[3]);
  return calibration;
}

}  // namespace council::ties
