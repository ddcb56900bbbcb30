#include "tests/trial/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace council::trial {
namespace {

using ::testing::HasSubstr;

// A company in which everybody knows the fourteen who sit next to them.
Structure Neighbours() {
  Structure structure;
  structure.name = "neighbours";
  constexpr int kPeople = 30;
  for (int node = 0; node < kPeople; ++node) {
    structure.nodes.push_back({absl::StrCat("function ", node % 3), node % 5 == 0 ? "lead" : "staff", "here"});
    structure.ties.emplace_back();
    structure.serves.emplace_back();
    for (int step = 1; step <= 7; ++step) {
      for (const int other : {(node + step) % kPeople, (node + kPeople - step) % kPeople}) {
        structure.ties.back().emplace_back(other, 8 - step);
        structure.serves.back().emplace_back();
      }
    }
  }
  return structure;
}

TEST(TrialTest, TheSameSeedGivesTheSameLivesThroughTheRealServices) {
  const Structure structure = Neighbours();
  const SeedResult once = RunSeed(structure, 1, /*people=*/2, /*weeks=*/8).value();
  EXPECT_EQ(RunSeed(structure, 1, 2, 8).value(), once);
  EXPECT_NE(RunSeed(structure, 2, 2, 8).value(), once);
  EXPECT_EQ(RunSeed(structure, 1, /*people=*/31, 8).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(TrialTest, EveryArmSpendsTheHoursThatThereAre) {
  const SeedResult seed = RunSeed(Neighbours(), 3, /*people=*/3, /*weeks=*/26).value();
  constexpr std::size_t kHours = kMeasures - 1;
  for (const Measures& arm : seed) EXPECT_NEAR(arm[kHours], seed[0][kHours], 0.05);
}

TEST(TrialTest, TheTableHasMeansIntervalsAndDifferencesSeedBySeed) {
  std::vector<SeedResult> seeds(4);
  for (std::size_t seed = 0; seed < seeds.size(); ++seed) {
    for (Measures& arm : seeds[seed]) arm.fill(static_cast<double>(seed));
    for (double& measure : seeds[seed][static_cast<std::size_t>(Arm::kCouncil)]) measure += 1;
  }
  std::ostringstream out;
  WriteTable("four", seeds, out);
  for (const Arm arm : kArms) EXPECT_THAT(out.str(), HasSubstr(NameOf(arm)));
  // 0 to 3: mean 1.5, deviation √(5/3), t for three degrees of freedom about 3.18.
  EXPECT_THAT(out.str(), HasSubstr("| mutual ties | 1.50 ± 2.0"));
  EXPECT_THAT(out.str(), HasSubstr("| +1.00 ± 0.00, better | +1.00 ± 0.00, better |"));
  EXPECT_THAT(out.str(), HasSubstr("| +1.0 ± 0.0, worse |"));
  EXPECT_NEAR(StudentsT(3), 3.182, 0.03);
  EXPECT_NEAR(StudentsT(19), 2.093, 0.002);
  EXPECT_NEAR(StudentsT(29), 2.045, 0.002);
}

Ego Two() {
  Ego ego;
  for (const double closeness : {0.9, 0.1}) {
    Alter& alter = ego.alters.emplace_back();
    alter.closeness = closeness;
    alter.gives = 1;
    alter.takes = 0;
    alter.serves = {false, true, true, true, true};
  }
  ego.acquainted.assign(2, std::vector<bool>(2));
  return ego;
}

TEST(LifeTest, WarmTiesThatAreAskedServeNeedsAndOnesThatAreTakenFromHoldBack) {
  const Ego ego = Two();
  Life life(ego, 1);
  int early = 0;
  int late = 0;
  for (int week = 0; week < 200; ++week) {
    life.BeginWeek(week);
    const Talk talk = life.Meet({.alter = 0, .deep = true, .asks = true, .gives = false, .about = std::nullopt});
    (week < 4 ? early : late) += talk.received > 0 ? 1 : 0;
    life.EndWeek(/*counts=*/true);
  }
  EXPECT_GE(early, 3);
  EXPECT_LT(late / 196.0, 0.85);
  // No talk gave anything back: nothing of it is mutual.
  EXPECT_EQ(life.outcome().mutual_ties, 0);
  EXPECT_EQ(life.outcome().all_served, 0) << "nobody energizes";
  EXPECT_GT(life.outcome().hours, 0);
}

TEST(LifeTest, SilenceCoolsATieByHalfInFourMonthsAndATalkWarmsIt) {
  const Ego ego = Two();
  Life life(ego, 1);
  const double before = life.warmth(0);
  for (int week = 1; week <= 17; ++week) life.BeginWeek(week);
  EXPECT_NEAR(life.warmth(0), before / 2, 0.01);
  const double cooled = life.warmth(0);
  life.Meet({.alter = 0, .deep = false, .asks = false, .gives = false, .about = std::nullopt});
  EXPECT_GT(life.warmth(0), cooled + 0.1);
}

TEST(LifeTest, WhoeverKnowsEachOtherOrIsNotCloseIsNotIntroduced) {
  Ego ego = Two();
  ego.alters[1].closeness = 0.9;
  ego.alters[1].lacks = {true, true, true, true, true};
  int led = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Life life(ego, seed);
    if (life.Introduce(0, 1)) ++led;
    EXPECT_TRUE(life.acquainted(0, 1));
    EXPECT_FALSE(life.Introduce(0, 1));
  }
  EXPECT_NEAR(led / 200.0, 0.6, 0.12);
  const Ego cold = Two();
  Life life(cold, 1);
  EXPECT_FALSE(life.Introduce(0, 1));
  EXPECT_FALSE(life.acquainted(0, 1));
}

}  // namespace
}  // namespace council::trial
