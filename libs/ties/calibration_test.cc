#include "libs/ties/calibration.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace council::ties {
namespace {

const StrengthModel kPrior = {.version = "prior", .coefficients = {1, 0.5, 0.7, 0}, .intercept = -0.3};
// A company that goes by what was lately.
const StrengthModel kOther = {.version = "other", .coefficients = {0.1, 0.1, 0.2, 2}, .intercept = 1};

double Uniform(std::uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<double>(state >> 11) * 0x1p-53;
}

// Someone whose ties live on as `truth` says, with a level of their own.
Person Someone(const StrengthModel& truth, std::uint64_t& state, int ties = 20) {
  StrengthModel own = truth;
  own.intercept += 2 * Uniform(state) - 1;
  Person person;
  for (int i = 0; i < ties; ++i) {
    const StrengthFeatures features = {3 * Uniform(state), 3 * Uniform(state), -3 * Uniform(state),
                                       3 * Uniform(state) - 2};
    person.push_back({.features = features, .lived_on = Uniform(state) < StrengthOf(features, own)});
  }
  return person;
}

std::vector<LookBack> LookBacks(const StrengthModel& truth, int people, std::uint64_t seed) {
  std::vector<LookBack> look_backs(4);
  for (LookBack& look_back : look_backs) {
    for (int i = 0; i < people; ++i) look_back.people.push_back(Someone(truth, seed));
  }
  return look_backs;
}

Calibration Calibrated(const std::vector<LookBack>& look_backs) {
  return Calibrate(look_backs, look_backs, kPrior, "own");
}

TEST(Calibration, ACompanyOfAnotherRhythmGetsCoefficientsThatRankBetterAndAreProbabilities) {
  const Calibration calibration = Calibrated(LookBacks(kOther, 60, 1));
  EXPECT_TRUE(calibration.own);
  EXPECT_EQ(calibration.model.version, "own");
  EXPECT_GT(calibration.fitted.auc, calibration.prior.auc + 0.05);
  EXPECT_LT(calibration.fitted.brier, calibration.prior.brier - 0.02);
  const LookBack unseen = LookBacks(kOther, 300, 2).front();
  EXPECT_NEAR(AccuracyOf(unseen, calibration.model).auc, AccuracyOf(unseen, kOther).auc, 0.025);
  EXPECT_GT(AccuracyOf(unseen, calibration.model).auc, AccuracyOf(unseen, kPrior).auc + 0.05);
}

TEST(Calibration, WhereItsOwnAreNoBetterTheShippedOnesMostlyStay) {
  int own = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Calibration calibration = Calibrated(LookBacks(kPrior, 30, seed));
    EXPECT_EQ(calibration.model.version, calibration.own ? "own" : "prior");
    own += calibration.own ? 1 : 0;
  }
  // By ranks or by probabilities, each in one of twenty by chance.
  EXPECT_LT(own, 10);
}

TEST(Calibration, WhereFewerTiesLiveOnTheRanksStayAndTheProbabilitiesFollow) {
  StrengthModel fewer = kPrior;
  fewer.intercept -= 2;
  const Calibration calibration = Calibrated(LookBacks(fewer, 300, 8));
  ASSERT_TRUE(calibration.own);
  const LookBack unseen = LookBacks(fewer, 300, 9).front();
  EXPECT_LT(AccuracyOf(unseen, calibration.model).brier, AccuracyOf(unseen, kPrior).brier - 0.05);
  EXPECT_NEAR(AccuracyOf(unseen, calibration.model).auc, AccuracyOf(unseen, kPrior).auc, 0.01);
  EXPECT_FALSE(Calibrate(LookBacks(fewer, 300, 8), {}, kPrior, "own").own);
}

TEST(Calibration, FewerThanTwentyPeopleAreNotFittedTo) {
  EXPECT_TRUE(Calibrated(LookBacks(kOther, kLeastPeople, 3)).own);
  const Calibration too_few = Calibrated(LookBacks(kOther, kLeastPeople - 1, 3));
  EXPECT_FALSE(too_few.own);
  EXPECT_EQ(too_few.model.version, "prior");
  EXPECT_EQ(too_few.fitted.people, 0);
  EXPECT_FALSE(Calibrated({}).own);
  // Twenty in the newest look-back and a few in each of the others are too few as well: these are fitted to.
  std::vector<LookBack> few_before = LookBacks(kOther, 5, 11);
  few_before.front() = LookBacks(kOther, 40, 12).front();
  EXPECT_FALSE(Calibrated(few_before).own);
  // Whoever has only ties that lived on tells nothing, and is not counted.
  std::vector<LookBack> all_live = LookBacks(kOther, kLeastPeople - 1, 3);
  for (LookBack& look_back : all_live) {
    for (int i = 0; i < 10; ++i) look_back.people.push_back({{.features = {1, 1, -1, 0}, .lived_on = true}});
  }
  EXPECT_FALSE(Calibrated(all_live).own);
}

TEST(Calibration, PeopleWhoAreAllAlikeAreFittedToAsWell) {
  std::uint64_t seed = 10;
  StrengthModel fewer = kPrior;
  fewer.intercept -= 3;
  const Person alike = Someone(fewer, seed, 60);
  std::vector<LookBack> look_backs(4);
  for (LookBack& look_back : look_backs) look_back.people.assign(kLeastPeople, alike);
  EXPECT_TRUE(Calibrated(look_backs).own);
}

TEST(Calibration, OfAnOutcomeAfterAnotherTimeTheMeanStrengthStays) {
  const std::vector<LookBack> look_backs = LookBacks(kOther, 60, 4);
  const Calibration calibration = Calibrate(look_backs, {}, kPrior, "own");
  ASSERT_TRUE(calibration.own);
  const auto mean = [&](const StrengthModel& model) {
    double sum = 0;
    int ties = 0;
    for (const LookBack& look_back : look_backs) {
      for (const Person& person : look_back.people) {
        for (const PastTie& tie : person) sum += StrengthOf(tie.features, model);
        ties += static_cast<int>(person.size());
      }
    }
    return sum / ties;
  };
  EXPECT_NEAR(mean(calibration.model), mean(kPrior), 0.02);
}

TEST(Calibration, PersonAtSeesTheDaysUpToTheMomentAndWhatCameInNinetyDays) {
  std::vector<ledger::v1::Tie> ties(4);
  const auto contact = [&ties](int tie, std::int64_t day) {
    ledger::v1::TieDay& added = *ties[tie].add_days();
    added.set_day(day);
    added.set_entries(1);
    added.set_parted_entries(1);
  };
  contact(0, 100);
  contact(0, 290);
  contact(1, 200);
  contact(1, 291);
  contact(2, 201);
  contact(3, 200);
  const absl::Time moment = absl::FromUnixSeconds(200 * 86'400 + 3'600);
  const Person person = PersonAt(ties, moment);
  ASSERT_EQ(person.size(), 3);
  EXPECT_EQ(person[0].features, StrengthFeaturesOf(ties[0], moment));
  EXPECT_TRUE(person[0].lived_on);
  EXPECT_FALSE(person[1].lived_on);
  EXPECT_FALSE(person[2].lived_on);
}

// What one person can do to the coefficients of the smallest company that has some, whatever their ties are like.
RC_GTEST_PROP(CalibrationPrivacy, NobodyMovesThemFar, (std::uint64_t seed)) {
  std::vector<LookBack> look_backs = LookBacks(kOther, kLeastPeople, 5);
  const Calibration before = Calibrated(look_backs);
  const auto size = static_cast<int>(*rc::gen::inRange(2, 2000));
  const double reach = *rc::gen::element(1.0, 30.0, 1e300);
  for (LookBack& look_back : look_backs) {
    Person& person = look_back.people.front();
    person.clear();
    for (int i = 0; i < size; ++i) {
      PastTie& tie = person.emplace_back();
      for (double& feature : tie.features) feature = reach * (2 * Uniform(seed) - 1);
      tie.lived_on = tie.features.back() < 0;
    }
  }
  const Calibration after = Calibrated(look_backs);
  RC_PRE(after.own);
  for (std::size_t i = 0; i < kStrengthFeatures; ++i) {
    RC_ASSERT(std::abs(after.model.coefficients[i] - before.model.coefficients[i]) < 0.5);
  }
}

// Somebody who has the coefficients, knows all ties of one person and what people are like in general, though not who
// else took part, guesses whether that person did: by which of many made-up companies, half of them with the person,
// have coefficients nearest to these. A coin is right half of the time.
TEST(CalibrationPrivacy, WhetherSomebodyTookPartIsAGuess) {
  constexpr int kCompanies = 400;
  constexpr int kShadows = 200;
  constexpr int kNearest = 15;
  std::uint64_t state = 7;
  std::uint64_t noise_state = 1'234'567;
  // One who is unlike the others.
  std::vector<Person> target;
  for (int i = 0; i < 4; ++i) {
    Person& person = target.emplace_back(Someone(kPrior, state, 200));
    for (PastTie& tie : person) tie.lived_on = tie.features[0] > 1.5;
  }
  const auto company = [&](bool with_target) {
    std::vector<LookBack> look_backs = LookBacks(kOther, kLeastPeople, state += 1'000);
    if (with_target) {
      for (std::size_t i = 0; i < look_backs.size(); ++i) look_backs[i].people.front() = target[i];
    }
    const auto uniform = [&noise_state] { return Uniform(noise_state); };
    return Calibrate(look_backs, look_backs, kPrior, "own", DrawNoise(uniform));
  };
  // All that is stored, each figure by about its deviation.
  const auto seen_of = [](const Calibration& calibration) {
    std::vector<double> seen = {calibration.own ? 1.0 : 0.0,         calibration.model.intercept / 0.5,
                                calibration.shown_prior.auc / 0.15,  calibration.shown_prior.brier / 0.15,
                                calibration.shown_fitted.auc / 0.15, calibration.shown_fitted.brier / 0.15};
    for (const double coefficient : calibration.model.coefficients) seen.push_back(coefficient / 0.15);
    return seen;
  };
  struct Shadow {
    std::vector<double> seen;
    bool with_target;
  };
  std::vector<Shadow> shadows;
  for (int i = 0; i < kShadows; ++i) shadows.push_back({seen_of(company(i % 2 == 0)), i % 2 == 0});
  int right = 0;
  for (int i = 0; i < kCompanies; ++i) {
    const bool took_part = i % 2 == 0;
    const std::vector<double> seen = seen_of(company(took_part));
    const auto distance = [&seen](const Shadow& shadow) {
      double sum = 0;
      for (std::size_t k = 0; k < seen.size(); ++k) sum += std::pow(seen[k] - shadow.seen[k], 2);
      return sum;
    };
    std::vector<Shadow> near = shadows;
    std::partial_sort(near.begin(), near.begin() + kNearest, near.end(),
                      [&](const Shadow& a, const Shadow& b) { return distance(a) < distance(b); });
    const auto votes =
        std::count_if(near.begin(), near.begin() + kNearest, [](const Shadow& shadow) { return shadow.with_target; });
    if ((2 * votes > kNearest) == took_part) ++right;
  }
  const double share = static_cast<double>(right) / kCompanies;
  RecordProperty("guessed_right", std::to_string(share));
  std::cout << "whether one of " << kLeastPeople << " took part was guessed right " << 100 * share
            << " % of the time\n";
  EXPECT_LT(share, 0.68);
}

}  // namespace
}  // namespace council::ties
