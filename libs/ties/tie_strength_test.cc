#include "libs/ties/tie_strength.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/ties/tie_summary.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace council::ties {
namespace {

constexpr int kToday = 20'000;

absl::Time Noon(std::int64_t day) {
  return absl::FromUnixSeconds(day * 86'400 + 43'200);
}

ledger::v1::TieDay Day(int day, int entries = 1, double parted = 1) {
  ledger::v1::TieDay result;
  result.set_day(day);
  result.set_entries(entries);
  result.set_parted_entries(parted);
  return result;
}

ledger::v1::Tie TieOf(const std::vector<ledger::v1::TieDay>& days) {
  ledger::v1::Tie tie;
  for (const ledger::v1::TieDay& day : days) FoldDay(day, tie);
  return tie;
}

double Strength(const ledger::v1::Tie& tie, std::int64_t day = kToday,
                const StrengthModel& model = ShippedStrengthModel()) {
  return TieStrength(tie, Noon(day), model).value();
}

// Any that a company's own may be.
StrengthModel AnyModel() {
  StrengthModel model = {.version = "any", .coefficients = {}, .intercept = *rc::gen::inRange(-300, 300) / 100.0};
  for (double& coefficient : model.coefficients) coefficient = *rc::gen::inRange(0, 300) / 100.0;
  return model;
}

TEST(TieStrength, TheShippedModelLetsNoFeatureCountAgainstContact) {
  for (const double coefficient : ShippedStrengthModel().coefficients) EXPECT_GE(coefficient, 0);
}

TEST(TieStrength, FeaturesAreThoseOfTheManual) {
  const ledger::v1::Tie tie = TieOf({Day(100, 2, 1), Day(101, 1, 0.25), Day(115)});
  const StrengthFeatures features = StrengthFeaturesOf(tie, Noon(130)).value();
  EXPECT_NEAR(features[0], std::log(1 + (1 - std::exp(-1.0 / 7)) + (1 - std::exp(-2.0))), 1e-12);
  EXPECT_NEAR(features[1], std::log(1 + std::cbrt(0.25) + 1), 1e-12);
  EXPECT_NEAR(features[2], -std::sqrt(15 / ((15.0 + 60) / 3)), 1e-12);
  EXPECT_NEAR(features[3], std::log(0.01 + std::exp2(-1.0) + std::exp2(-29.0 / 30) + std::exp2(-0.5)), 1e-12);
}

TEST(TieStrength, WithoutDaysThereIsNone) {
  EXPECT_FALSE(TieStrength({}, Noon(kToday), ShippedStrengthModel()).has_value());
  const ledger::v1::Tie later = TieOf({Day(kToday + 1)});
  EXPECT_FALSE(TieStrength(later, Noon(kToday), ShippedStrengthModel()).has_value());
  EXPECT_FALSE(TieStrength(later, absl::InfinitePast(), ShippedStrengthModel()).has_value());
}

TEST(TieStrength, ATieWithARhythmOutlivesABurstOfAsManyTalks) {
  const ledger::v1::Tie rhythm = TieOf({Day(kToday - 60), Day(kToday - 45), Day(kToday - 30), Day(kToday - 15)});
  const ledger::v1::Tie burst = TieOf({Day(kToday - 18), Day(kToday - 17), Day(kToday - 16), Day(kToday - 15)});
  EXPECT_GT(Strength(rhythm), Strength(burst));
}

TEST(TieStrength, AMessageToManySaysLessThanOneToOne) {
  EXPECT_GT(Strength(TieOf({Day(kToday - 5)})), Strength(TieOf({Day(kToday - 5, 1, 0.05)})));
}

TEST(TieStrength, TheSameSilenceWeighsMoreOnATieOfEveryDay) {
  std::vector<ledger::v1::TieDay> daily;
  std::vector<ledger::v1::TieDay> monthly;
  for (int i = 0; i < 10; ++i) {
    daily.push_back(Day(kToday - i));
    monthly.push_back(Day(kToday - 30 * i));
  }
  const auto kept = [](const ledger::v1::Tie& tie) { return Strength(tie, kToday + 60) / Strength(tie, kToday); };
  EXPECT_LT(kept(TieOf(daily)), kept(TieOf(monthly)));
}

TEST(TieStrength, CountsThatMakeNoSenseGiveANumber) {
  for (const double parted :
       {0.0, -3.0, 1e300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    const double strength = Strength(TieOf({Day(kToday - 3, std::numeric_limits<int>::max(), parted)}));
    EXPECT_TRUE(strength > 0 && strength < 1) << parted;
  }
}

std::vector<ledger::v1::TieDay> AnyDays() {
  const bool near = *rc::gen::arbitrary<bool>();
  const auto day = near ? rc::gen::inRange(kToday - 400, kToday + 10) : rc::gen::arbitrary<int>();
  const std::vector<int> numbers = *rc::gen::container<std::vector<int>>(day);
  std::vector<ledger::v1::TieDay> days;
  for (const int number : numbers) {
    const int entries = *rc::gen::inRange(1, 40);
    days.push_back(Day(number, entries, entries / static_cast<double>(*rc::gen::inRange(1, 101))));
  }
  return days;
}

RC_GTEST_PROP(TieStrengthProperty, LiesBetweenNothingAndCertainty, (std::int32_t as_of)) {
  const StrengthModel model = AnyModel();
  for (const absl::Time time : {Noon(as_of), Noon(kToday), absl::InfiniteFuture()}) {
    const std::optional<double> strength = TieStrength(TieOf(AnyDays()), time, model);
    RC_ASSERT(!strength.has_value() || (*strength > 0 && *strength < 1));
  }
}

RC_GTEST_PROP(TieStrengthProperty, ContactTodayNeverLowersIt, ()) {
  const StrengthModel model = AnyModel();
  ledger::v1::Tie tie = TieOf(AnyDays());
  const std::optional<double> before = TieStrength(tie, Noon(kToday), model);
  FoldDay(Day(kToday, 1, 1.0 / *rc::gen::inRange(1, 101)), tie);
  RC_ASSERT(!before.has_value() || Strength(tie, kToday, model) >= *before);
}

RC_GTEST_PROP(TieStrengthProperty, TimeWithoutContactNeverRaisesIt, ()) {
  const StrengthModel model = AnyModel();
  const ledger::v1::Tie tie = TieOf(AnyDays());
  const int start = *rc::gen::inRange(kToday - 300, kToday);
  const int wait = *rc::gen::inRange(0, 1000);
  const auto has_contact = [&](const ledger::v1::TieDay& day) {
    return day.day() > start && day.day() <= start + wait;
  };
  RC_PRE(std::none_of(tie.days().begin(), tie.days().end(), has_contact));
  const std::optional<double> before = TieStrength(tie, Noon(start), model);
  RC_PRE(before.has_value());
  RC_ASSERT(Strength(tie, start + wait, model) <= *before);
}

RC_GTEST_PROP(TieStrengthProperty, DaysToComeChangeNothing, ()) {
  const StrengthModel model = AnyModel();
  ledger::v1::Tie tie = TieOf(AnyDays());
  const std::optional<double> before = TieStrength(tie, Noon(kToday), model);
  FoldDay(Day(kToday + *rc::gen::inRange(1, 500)), tie);
  RC_ASSERT(TieStrength(tie, Noon(kToday), model) == before);
}

RC_GTEST_PROP(TieStrengthProperty, TheOrderOfFoldingIsIrrelevant, ()) {
  const StrengthModel model = AnyModel();
  // Halves and quarters add up to the same bits in any order.
  std::vector<ledger::v1::TieDay> days = AnyDays();
  for (ledger::v1::TieDay& day : days) day.set_parted_entries(day.entries() / 4.0);
  const std::optional<double> forth = TieStrength(TieOf(days), Noon(kToday), model);
  std::reverse(days.begin(), days.end());
  RC_ASSERT(TieStrength(TieOf(days), Noon(kToday), model) == forth);
}

}  // namespace
}  // namespace council::ties
