#include "tools/eval/measures.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace council::eval {
namespace {

TEST(Measures, AucIsTheShareOfPairsInOrderAndEqualScoresCountHalf) {
  // Of the pairs (3, 1), (3, 2), (2, 1), (2, 2) three and a half are in order.
  const std::vector<Scored> scored = {{0, 3, true}, {0, 2, true}, {0, 1, false}, {0, 2, false}};
  EXPECT_DOUBLE_EQ(Auc(scored).value(), 3.5 / 4);
  EXPECT_FALSE(Auc(std::vector<Scored>{{0, 1, true}}).has_value());
}

TEST(Measures, EgosWeighTheSameAndThoseWithOneOutcomeAreLeftOut) {
  const std::vector<Scored> scored = {{1, 2, true},  {1, 1, false}, {2, 1, true}, {2, 2, false},
                                      {2, 3, false}, {3, 9, true},  {4, 0, false}};
  const Measures measures = Measure(scored);
  EXPECT_EQ(measures.auc_of_ego.size(), 2U);
  EXPECT_DOUBLE_EQ(measures.ego_auc, 0.5);
}

TEST(Measures, PrecisionLooksAtTheFiveHighestOfEgosWithTenTies) {
  std::vector<Scored> scored;
  for (int i = 0; i < 10; ++i) scored.push_back({1, static_cast<double>(i), i == 9 || i == 5 || i == 0});
  for (int i = 0; i < 9; ++i) scored.push_back({2, 1, true});
  EXPECT_DOUBLE_EQ(Measure(scored).precision_at_5, 0.4);
}

TEST(Measures, TheIntervalOfADifferenceHoldsItAndIsTheSameAgain) {
  Measures a;
  Measures b;
  for (int ego = 0; ego < 50; ++ego) {
    a.auc_of_ego[ego] = 0.8 + 0.001 * (ego % 7);
    b.auc_of_ego[ego] = 0.8;
  }
  const Interval interval = IntervalOfDifference(a, b);
  EXPECT_GT(interval.low, 0.002);
  EXPECT_LT(interval.high, 0.004);
  EXPECT_EQ(IntervalOfDifference(a, b).low, interval.low);
}

}  // namespace
}  // namespace council::eval
