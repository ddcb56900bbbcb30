#include "clients/cli/balance_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace council::cli {
namespace {

using recommendations::v1::BalanceComponent;
using recommendations::v1::CouncilBalance;
using ::testing::HasSubstr;
using ::testing::Not;

CouncilBalance Balance(double score, double size, double energy, double energy_coverage) {
  CouncilBalance balance;
  balance.set_score(score);
  balance.set_structure(60);
  balance.set_practice(40);
  balance.set_practice_recorded(energy_coverage >= 0.5);
  BalanceComponent& first = *balance.add_components();
  first.set_name("size");
  first.set_value(size);
  first.set_coverage(1);
  BalanceComponent& second = *balance.add_components();
  second.set_name("energy");
  second.set_value(energy);
  second.set_coverage(energy_coverage);
  return balance;
}

std::string Change(const CouncilBalance& before, const CouncilBalance& after) {
  Terminal terminal;
  return RenderChange(before, after, terminal);
}

TEST(RenderChange, ShowsTheScoreFirstAndOnlyComponentsThatMove) {
  EXPECT_EQ(Change(Balance(70.04, 0.5, 0.8, 1), Balance(72.5, 0.5, 0.75, 1)),
            "           before     after\n"
            "score        70.0  →   72.5  +2.5\n"
            "structure    60.0  →   60.0   0.0\n"
            "practice     40.0  →   40.0   0.0\n"
            "  energy     80.0  →   75.0  −5.0\n");
}

TEST(RenderChange, TellsNoFiguresOfWhatIsNotRecorded) {
  const std::string text = Change(Balance(20, 0.4, 0.5, 0.1), Balance(21, 0.5, 0.6, 0.1));
  EXPECT_THAT(text, HasSubstr("practice        –  →      –\n"));
  EXPECT_THAT(text, HasSubstr("  size       40.0  →   50.0  +10.0\n"));
  EXPECT_THAT(text, Not(HasSubstr("energy")));
  EXPECT_LT(text.find("structure"), text.find("score"));
}

TEST(DescribeBalance, HeadsWithTheStructureUntilThePracticeIsRecorded) {
  EXPECT_EQ(DescribeBalance(Balance(20, 0.5, 0.5, 0.1)).title, "Who sits on your council: 60 of 100");
  EXPECT_EQ(DescribeBalance(Balance(20, 0.5, 0.5, 1)).title, "Your council: 20 of 100");
}

}  // namespace
}  // namespace council::cli
