#include "libs/ties/strength_fit.h"

#include <cmath>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace council::ties {
namespace {

using ::testing::ElementsAre;

const StrengthModel kNoPrior = {.version = "none", .coefficients = {}, .intercept = 0};

double Uniform(std::uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<double>(state >> 11) * 0x1p-53;
}

// People whose ties live on as `truth` says, each with a level of their own.
LookBack People(const StrengthModel& truth, int people, std::uint64_t seed) {
  LookBack result;
  for (int i = 0; i < people; ++i) {
    const double level = 2 * Uniform(seed) - 1;
    Person& person = result.people.emplace_back();
    for (int k = 0; k < 30; ++k) {
      const StrengthFeatures features = {3 * Uniform(seed), 3 * Uniform(seed), -3 * Uniform(seed), 3 * Uniform(seed)};
      StrengthModel own = truth;
      own.intercept += level;
      person.push_back({.features = features, .lived_on = Uniform(seed) < StrengthOf(features, own)});
    }
  }
  return result;
}

TEST(StrengthFit, FindsTheCoefficientsThatMadeTheData) {
  const StrengthModel truth = {.version = "truth", .coefficients = {1.2, 0.5, 0.8, 0.3}, .intercept = -1};
  const std::vector<LookBack> look_backs = {People(truth, 2000, 1)};
  const StrengthFeatures found = FitCoefficients(look_backs, kNoPrior, 1e-6);
  EXPECT_NEAR(found[0], 1.2, 0.06);
  EXPECT_NEAR(found[1], 0.5, 0.06);
  EXPECT_NEAR(found[2], 0.8, 0.06);
  EXPECT_NEAR(found[3], 0.3, 0.06);
}

TEST(StrengthFit, AScaleMakesProbabilitiesOfRanks) {
  StrengthModel truth = {.version = "truth", .coefficients = {1.2, 0.5, 0.8, 0.3}, .intercept = -1};
  LookBack look_back;
  std::uint64_t seed = 6;
  for (int i = 0; i < 3000; ++i) {
    Person& person = look_back.people.emplace_back();
    for (int k = 0; k < 10; ++k) {
      PastTie& tie = person.emplace_back();
      for (double& feature : tie.features) feature = 3 * Uniform(seed) - 1.5;
      tie.lived_on = Uniform(seed) < StrengthOf(tie.features, truth);
    }
  }
  // Twice as far apart as they should be.
  const StrengthScale scale = FitScale({&look_back, 1}, {2.4, 1, 1.6, 0.6}, Outcome, {}, 1e-6);
  EXPECT_NEAR(scale.factor, 0.5, 0.02);
  EXPECT_NEAR(scale.intercept, -1, 0.05);
  // To what a model foretells: nothing to be moved.
  const StrengthScale same = FitScale(
      {&look_back, 1}, truth.coefficients, [&truth](const PastTie& tie) { return StrengthOf(tie.features, truth); }, {},
      1e-6);
  EXPECT_NEAR(same.factor, 1, 1e-4);
  EXPECT_NEAR(same.intercept, -1, 1e-4);
}

TEST(StrengthFit, AScaleIsFiniteWhateverTheOutcomes) {
  for (const bool lived_on : {false, true}) {
    const LookBack alike = {.people = {{{.features = {1, 1, 1, 1}, .lived_on = lived_on},
                                        {.features = {2, 1, 1, 1}, .lived_on = lived_on}}}};
    const StrengthScale scale = FitScale({&alike, 1}, {1, 1, 1, 1}, Outcome, {}, 1e-6);
    EXPECT_GE(scale.factor, 0);
    EXPECT_LE(scale.factor, 10);
    EXPECT_LE(std::abs(scale.intercept), 30);
  }
  const StrengthScale prior = {.factor = 1, .intercept = 2};
  EXPECT_EQ(FitScale({}, {1, 1, 1, 1}, Outcome, prior, 0.1).factor, 1);
  EXPECT_EQ(FitScale({}, {1, 1, 1, 1}, Outcome, prior, 0.1).intercept, 2);
}

TEST(StrengthFit, WithoutDataThePriorStands) {
  const StrengthModel prior = {.version = "prior", .coefficients = {1, 2, 3, 4}, .intercept = 0};
  EXPECT_THAT(FitCoefficients({}, prior, 0.01), ElementsAre(1, 2, 3, 4));
  const std::vector<LookBack> all_live = {{.people = {{{.features = {1, 1, 1, 1}, .lived_on = true}}}}};
  EXPECT_THAT(FitCoefficients(all_live, prior, 0.01), ElementsAre(1, 2, 3, 4));
}

TEST(StrengthFit, LittleDataUnderAStrongRidgeChangesLittle) {
  const StrengthModel truth = {.version = "truth", .coefficients = {3, 0, 3, 0}, .intercept = 0};
  const StrengthModel prior = {.version = "prior", .coefficients = {1, 1, 1, 1}, .intercept = 0};
  const std::vector<LookBack> look_backs = {People(truth, 20, 2)};
  const StrengthFeatures strong = FitCoefficients(look_backs, prior, 100);
  for (const double coefficient : strong) EXPECT_NEAR(coefficient, 1, 0.01);
  EXPECT_GT(FitCoefficients(look_backs, prior, 0.01)[0], 1.5);
}

TEST(StrengthFit, AFeatureThatCountsAgainstContactIsLeftOut) {
  const StrengthModel truth = {.version = "truth", .coefficients = {1, -1, 1, 1}, .intercept = 0};
  const std::vector<LookBack> look_backs = {People(truth, 500, 3)};
  EXPECT_EQ(FitCoefficients(look_backs, kNoPrior, 1e-6)[1], 0);
}

TEST(StrengthFit, EveryLookBackWeighsWhatItsWeightSays) {
  const StrengthModel one = {.version = "one", .coefficients = {2, 0, 0, 0}, .intercept = 0};
  const StrengthModel other = {.version = "other", .coefficients = {0, 2, 0, 0}, .intercept = 0};
  std::vector<LookBack> look_backs = {People(one, 30, 4), People(other, 600, 5)};
  const StrengthFeatures even = FitCoefficients(look_backs, kNoPrior, 1e-3);
  EXPECT_NEAR(even[0], even[1], 0.4);
  look_backs[1].weight = 0.01;
  EXPECT_GT(FitCoefficients(look_backs, kNoPrior, 1e-3)[0], 1.5);
}

TEST(StrengthFit, OnePersonOfManyTiesWeighsAsAnother) {
  Person person;
  for (int i = 0; i < 1000; ++i) {
    person.push_back({.features = {0.001 * i, 1, -1, 0}, .lived_on = i % 2 == 0});
  }
  EXPECT_EQ(PairSumsOf(person, {1, 1, 1, 1}).weight, 1);
  EXPECT_LT(std::abs(PairSumsOf(person, {}).gradient[0]), 0.01);
}

RC_GTEST_PROP(StrengthFitProperty, SumsMayBeTakenAnywhere, (std::uint64_t seed)) {
  // Ten people's sums, taken in two places and added up there, are those of all ten.
  const LookBack people = People(ShippedStrengthModel(), 10, seed);
  const StrengthFeatures at = {1, 0.5, 0.25, 0.75};
  FitSums all;
  FitSums here;
  FitSums there;
  for (std::size_t i = 0; i < people.people.size(); ++i) {
    const FitSums sums = PairSumsOf(people.people[i], at);
    all.Add(sums, 1);
    (i < 4 ? here : there).Add(sums, 1);
  }
  here.Add(there, 1);
  RC_ASSERT(here.weight == all.weight);
  for (int i = 0; i < kStrengthFeatures; ++i) RC_ASSERT(std::abs(here.gradient[i] - all.gradient[i]) < 1e-12);
}

}  // namespace
}  // namespace council::ties
