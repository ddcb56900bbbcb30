// When each kind of step is advised, when it goes, and what it says.

#include "services/recommendations/advice.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "services/recommendations/advice_ranking.h"
#include "services/recommendations/advice_scenario.h"

namespace council::recommendations {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto kReconnect = v1::RECOMMENDATION_KIND_RECONNECT;
constexpr auto kGiveBack = v1::RECOMMENDATION_KIND_GIVE_BACK;
constexpr auto kAsk = v1::RECOMMENDATION_KIND_ASK;
constexpr auto kDeepen = v1::RECOMMENDATION_KIND_DEEPEN;
constexpr auto kInvite = v1::RECOMMENDATION_KIND_INVITE;
constexpr auto kRest = v1::RECOMMENDATION_KIND_REST;
constexpr auto kIntroduce = v1::RECOMMENDATION_KIND_INTRODUCE;
constexpr auto kBroaden = v1::RECOMMENDATION_KIND_BROADEN;
constexpr auto kRebalance = v1::RECOMMENDATION_KIND_REBALANCE;
constexpr auto kGiven = ledger::v1::BENEFIT_DIRECTION_GIVEN;
constexpr auto kReceived = ledger::v1::BENEFIT_DIRECTION_RECEIVED;
constexpr auto kAdvice = ledger::v1::BENEFIT_KIND_ADVICE;

std::vector<std::string> Contacts(const std::vector<Step>& steps) {
  std::vector<std::string> ids;
  for (const Step& step : steps) ids.insert(ids.end(), step.contact_ids.begin(), step.contact_ids.end());
  return ids;
}

TEST(ReconnectTest, SeatIsDueWhenGapAndAnyEntryPassItsCadence) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddSeat("tom", 90);
  scenario.AddTalk(74, {"rosa"});
  scenario.AddTalk(74, {"tom"});
  const auto advised = scenario.Recommendations(kReconnect);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].contact_ids(), ElementsAre("rosa"));
  EXPECT_EQ(advised[0].reason(), "You last spoke with P. rosa 74 days ago and meant to talk every 30 days.");
  EXPECT_THAT(advised[0].evidence(), ElementsAre(1));
  EXPECT_GT(advised[0].expected_gain(), 0);
  EXPECT_EQ(advised[0].effort_minutes(), 30);
}

TEST(ReconnectTest, AnyEntryMovesTheReminderEvenOneThatIsNoTouch) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddTalk(74, {"rosa"});
  scenario.AddTalk(5, {"rosa"}).set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  EXPECT_THAT(scenario.Steps(kReconnect), IsEmpty());
}

TEST(ReconnectTest, PlanWithinTheCadenceHoldsItBackAndALaterOrAPastOneDoesNot) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddTalk(74, {"rosa"});
  scenario.AddPlan(40, "rosa");
  scenario.AddPlan(-1, "rosa");
  EXPECT_THAT(scenario.Steps(kReconnect), SizeIs(1));
  scenario.AddPlan(3, "rosa");
  EXPECT_THAT(scenario.Steps(kReconnect), IsEmpty());
}

TEST(ReconnectTest, ReasonCountsWhatPassed) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  for (const double age : {74, 100, 130}) AddBenefit(scenario.AddTalk(age, {"rosa"}), kReceived, kAdvice);
  const auto advised = scenario.Recommendations(kReconnect);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(),
              HasSubstr("P. rosa advised you three times since September; is there something they could use?"));
}

TEST(ReconnectTest, RhythmOfThePastStandsInWhereNoneWasSet) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 0);
  for (const double age : {60, 70, 80, 90}) scenario.AddTalk(age, {"rosa"});
  const auto advised = scenario.Recommendations(kReconnect);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(), HasSubstr("about every 10 days is the rhythm so far"));
}

TEST(ReconnectTest, ALongestGapShorterThanTheRhythmInForceIsWhatCounts) {
  AdviceScenario scenario;
  contacts::v1::CouncilSeat& seat = scenario.AddSeat("rosa", 0);
  for (const double age : {25, 65, 105, 145}) scenario.AddTalk(age, {"rosa"});
  EXPECT_THAT(scenario.Steps(kReconnect), IsEmpty());
  *seat.mutable_effective_longest_gap() = base::ToProto(absl::Hours(24 * 20));
  const auto advised = scenario.Recommendations(kReconnect);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(),
              HasSubstr("You last spoke with P. rosa 25 days ago, and 20 days is the longest gap that you set."));
  scenario.AddPlan(10, "rosa");
  EXPECT_THAT(scenario.Steps(kReconnect), IsEmpty());
}

TEST(ReconnectTest, StrongTieThatFellByHalfIsRememberedWithoutASeat) {
  AdviceScenario scenario;
  scenario.AddContact("ann");
  scenario.AddTalk(120, {"ann"});
  scenario.SetStrength("ann", 0.35, 0.8);
  const auto advised = scenario.Recommendations(kReconnect);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(), AllOf(HasSubstr("80\u00a0%"), HasSubstr("35\u00a0%")));
  EXPECT_EQ(advised[0].expected_gain(), 0);
  EXPECT_EQ(advised[0].component(), "vitality");
  scenario.SetStrength("ann", 0.5, 0.8);
  EXPECT_THAT(scenario.Steps(kReconnect), IsEmpty());
}

TEST(ReconnectTest, CouncilWithoutALedgerGetsAFewToStartWithAndNoFalseFigures) {
  AdviceScenario scenario;
  for (char c = 'a'; c < 'm'; ++c) scenario.AddSeat(std::string(1, c), 30);
  const auto advised = scenario.Recommendations();
  ASSERT_THAT(advised, SizeIs(3));
  for (const auto& recommendation : advised) {
    EXPECT_THAT(recommendation.reason(), AllOf(HasSubstr("is written down yet"), Not(HasSubstr("365"))));
    EXPECT_THAT(recommendation.evidence(), IsEmpty());
  }
}

TEST(GiveBackTest, AppearsWhereReceivedOutweighsGivenAndRestsAfterAGift) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  for (const double age : {10, 40, 70}) AddBenefit(scenario.AddTalk(age, {"rosa"}), kReceived, kAdvice, 2);
  const auto advised = scenario.Recommendations(kGiveBack);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_EQ(advised[0].reason(), "P. rosa advised you three times since November; is there something they could use?");
  EXPECT_THAT(advised[0].evidence(), ElementsAre(1, 2, 3));
  EXPECT_EQ(advised[0].component(), "reciprocity");
  AddBenefit(scenario.AddTalk(1, {"rosa"}), kGiven, ledger::v1::BENEFIT_KIND_INFORMATION);
  EXPECT_THAT(scenario.Steps(kGiveBack), IsEmpty());
}

TEST(AskTest, AppearsWhereGivenOutweighsReceived) {
  AdviceScenario scenario;
  scenario.AddSeat("tom", 30);
  for (const double age : {10, 40}) {
    AddBenefit(scenario.AddTalk(age, {"tom"}), kGiven, ledger::v1::BENEFIT_KIND_SUPPORT, 2);
  }
  const auto advised = scenario.Recommendations(kAsk);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(), HasSubstr("You supported P. tom twice since"));
  AddBenefit(scenario.AddTalk(1, {"tom"}), kReceived, kAdvice);
  EXPECT_THAT(scenario.Steps(kAsk), IsEmpty());
}

TEST(AskTest, MentorIsAskedWhereAQuarterBroughtNoAdvice) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30).mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  AddBenefit(scenario.AddTalk(100, {"rosa"}), kReceived, kAdvice);
  scenario.AddTalk(10, {"rosa"});
  const auto advised = scenario.Recommendations(kAsk);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(), HasSubstr("mentor"));
  AddBenefit(scenario.AddTalk(80, {"rosa"}), kReceived, ledger::v1::BENEFIT_KIND_FEEDBACK);
  EXPECT_THAT(scenario.Steps(kAsk), IsEmpty());
}

TEST(DeepenTest, AppearsWhereOnlyNewsPassForTwoCadences) {
  AdviceScenario scenario;
  scenario.AddSeat("tom", 30);
  scenario.AddTalk(90, {"tom"});
  for (const double age : {10, 25, 50}) scenario.AddTalk(age, {"tom"}).set_depth(ledger::v1::INTERACTION_DEPTH_UPDATE);
  const auto advised = scenario.Recommendations(kDeepen);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(), AllOf(HasSubstr("In the last 60 days"), HasSubstr("three times")));
  EXPECT_EQ(advised[0].component(), "depth");
  scenario.AddTalk(1, {"tom"});
  EXPECT_THAT(scenario.Steps(kDeepen), IsEmpty());
}

void AddEnergizingMentor(AdviceScenario& scenario, const std::string& id) {
  for (const double age : {5, 20, 40}) {
    ledger::v1::Interaction& talk = scenario.AddTalk(age, {id});
    talk.set_energy(2);
    AddBenefit(talk, kReceived, kAdvice);
    AddBenefit(talk, kGiven, kAdvice);
  }
}

TEST(InviteTest, StrongEnergizingContactWhoFillsAMissingRoleIsInvited) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddContact("ann");
  AddEnergizingMentor(scenario, "ann");
  const auto advised = scenario.Recommendations(kInvite);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].contact_ids(), ElementsAre("ann"));
  EXPECT_THAT(advised[0].reason(), AllOf(HasSubstr("an energizer and a mentor"), HasSubstr("last 5 days ago")));
  EXPECT_GT(advised[0].expected_gain(), 0);
  scenario.SetStrength("ann", 0.3, 0.3);
  EXPECT_THAT(scenario.Steps(kInvite), IsEmpty());
}

TEST(InviteTest, NobodyIsInvitedToAFullCouncil) {
  AdviceScenario scenario;
  for (int i = 0; i < 18; ++i) scenario.AddSeat("s" + std::to_string(10 + i), 30);
  scenario.AddContact("zoe");
  AddEnergizingMentor(scenario, "zoe");
  EXPECT_THAT(scenario.Steps(kInvite), IsEmpty());
}

TEST(RestTest, SeatThatTiresIsSeenLessOftenForNowAndNotRemindedOf) {
  AdviceScenario scenario;
  scenario.AddSeat("tom", 7);
  scenario.AddTalk(20, {"tom"}).set_energy(-2);
  scenario.AddTalk(30, {"tom"}).set_energy(-1);
  scenario.AddTalk(60, {"tom"}).set_energy(1);
  const auto advised = scenario.Recommendations();
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_EQ(advised[0].kind(), kRest);
  EXPECT_THAT(advised[0].reason(), HasSubstr("see them less often for now"));
  EXPECT_THAT(advised[0].evidence(), ElementsAre(1, 2));
  EXPECT_GT(advised[0].expected_gain(), 0);
  for (int i = 0; i < 3; ++i) scenario.AddTalk(2, {"tom"}).set_energy(2);
  EXPECT_THAT(scenario.Steps(kRest), IsEmpty());
}

TEST(RestTest, CrowdedCouncilIsToldOfAsManyAsAreTooMany) {
  AdviceScenario scenario;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "s" + std::to_string(10 + i);
    scenario.AddSeat(id, 30);
    if (i > 2) scenario.AddTalk(i, {id});
  }
  const auto rests = scenario.Steps(kRest);
  EXPECT_THAT(rests, SizeIs(2));
  for (const Step& step : rests) EXPECT_GT(step.gain, 0);
}

AdviceScenario TwoWhoShouldMeet() {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddSeat("tom", 30);
  for (const double age : {5, 20}) {
    AddBenefit(scenario.AddTalk(age, {"rosa"}), kReceived, kAdvice, 3);
    AddBenefit(scenario.AddTalk(age, {"tom"}), kGiven, kAdvice, 3);
  }
  return scenario;
}

TEST(IntroduceTest, TwoWhoDoNotKnowEachOtherMeetWhereOneHasWhatTheOtherLacks) {
  const AdviceScenario scenario = TwoWhoShouldMeet();
  const auto advised = scenario.Recommendations(kIntroduce);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].contact_ids(), ElementsAre("rosa", "tom"));
  EXPECT_THAT(advised[0].reason(), AllOf(HasSubstr("P. rosa advised you"), HasSubstr("you advised P. tom;")));
  EXPECT_EQ(advised[0].component(), "reach");
  EXPECT_THAT(advised[0].evidence(), SizeIs(4));
}

TEST(IntroduceTest, WhoKnowEachOtherOrMetOrWereIntroducedAreNot) {
  AdviceScenario acquainted = TwoWhoShouldMeet();
  acquainted.Acquaint("tom", "rosa");
  EXPECT_THAT(acquainted.Steps(kIntroduce), IsEmpty());
  AdviceScenario met = TwoWhoShouldMeet();
  met.AddTalk(200, {"tom", "rosa"});
  EXPECT_THAT(met.Steps(kIntroduce), IsEmpty());
  AdviceScenario introduced = TwoWhoShouldMeet();
  AddBenefit(introduced.AddTalk(40, {"tom"}), kGiven, ledger::v1::BENEFIT_KIND_INTRODUCTION)
      .set_introduced_contact_id("rosa");
  EXPECT_THAT(introduced.Steps(kIntroduce), IsEmpty());
}

TEST(IntroduceTest, WhatGoesBothWaysAlikeIsNeitherHadNorLacked) {
  AdviceScenario scenario = TwoWhoShouldMeet();
  for (const double age : {5, 20}) AddBenefit(scenario.AddTalk(age, {"tom"}), kReceived, kAdvice, 3);
  EXPECT_THAT(scenario.Steps(kIntroduce), IsEmpty());
}

TEST(IntroduceTest, NobodyIsIntroducedToWhoTires) {
  AdviceScenario scenario = TwoWhoShouldMeet();
  for (const double age : {5, 20}) scenario.AddTalk(age, {"tom"}).set_energy(-2);
  EXPECT_THAT(scenario.Steps(kIntroduce), IsEmpty());
}

AdviceScenario AllCareer() {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30).mutable_seat()->add_domains(common::v1::LIFE_DOMAIN_CAREER);
  scenario.AddSeat("tom", 30).mutable_seat()->add_domains(common::v1::LIFE_DOMAIN_PHYSICAL);
  for (int i = 1; i < 8; ++i) scenario.AddTalk(i, {"rosa"}).add_domains(common::v1::LIFE_DOMAIN_CAREER);
  scenario.AddTalk(20, {"tom"}).add_domains(common::v1::LIFE_DOMAIN_CAREER);
  return scenario;
}

TEST(BroadenTest, SideOfLifeWithoutAttentionIsBroughtUpWithWhoSharesIt) {
  AdviceScenario scenario = AllCareer();
  const auto advised = scenario.Recommendations(kBroaden);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].contact_ids(), ElementsAre("tom"));
  EXPECT_THAT(advised[0].reason(), HasSubstr("sport, health or the outdoors"));
  EXPECT_EQ(advised[0].component(), "engagement");
  scenario.AddTalk(1, {"tom"}).add_domains(common::v1::LIFE_DOMAIN_PHYSICAL);
  EXPECT_THAT(scenario.Steps(kBroaden), IsEmpty());
}

TEST(RebalanceTest, TooMuchCareerIsSaidUntilATalkWasAboutSomethingElse) {
  AdviceScenario scenario = AllCareer();
  const auto advised = scenario.Recommendations(kRebalance);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_THAT(advised[0].reason(), AllOf(HasSubstr("100\u00a0%"), HasSubstr("65\u00a0%")));
  scenario.AddTalk(1, {"tom"}).add_domains(common::v1::LIFE_DOMAIN_SOCIAL);
  EXPECT_THAT(scenario.Steps(kRebalance), IsEmpty());
}

TEST(RebalanceTest, RhythmsThatExceedTheHoursSetAsideAreStretched) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 7);
  scenario.AddSeat("tom", 14);
  scenario.AddTalk(1, {"rosa"});
  scenario.AddTalk(1, {"tom"});
  EXPECT_THAT(scenario.Steps(kRebalance), IsEmpty());
  scenario.network.settings.set_hours_per_week(0.5);
  const auto advised = scenario.Recommendations(kRebalance);
  ASSERT_THAT(advised, SizeIs(1));
  EXPECT_EQ(
      advised[0].reason(),
      "The rhythms of your seats ask for about 0.8 hours a week, and you set 0.5 aside; P. rosa every 11 days and "
      "P. tom every 21 days would come closer.");
  scenario.network.settings.set_hours_per_week(1);
  EXPECT_THAT(scenario.Steps(kRebalance), IsEmpty());
}

TEST(AdviceTest, PausedPeopleAreLeftAloneUntilTheirDay) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddTalk(74, {"rosa"});
  contacts::v1::Contact& rosa = scenario.network.contacts[0];
  rosa.set_status(contacts::v1::CONTACT_STATUS_PAUSED);
  EXPECT_THAT(scenario.Steps(), IsEmpty());
  rosa.set_paused_until("2027-01-16");
  EXPECT_THAT(scenario.Steps(), IsEmpty());
  rosa.set_paused_until("2027-01-15");
  EXPECT_THAT(scenario.Steps(), SizeIs(1));
}

TEST(AdviceTest, FactsThatChangeMakeAnotherId) {
  AdviceScenario scenario;
  scenario.AddSeat("rosa", 30);
  scenario.AddTalk(200, {"rosa"});
  const std::string before = scenario.Steps(kReconnect).at(0).id;
  EXPECT_THAT(before, SizeIs(26));
  scenario.AddTalk(74, {"rosa"});
  EXPECT_NE(scenario.Steps(kReconnect).at(0).id, before);
}

Step Simple(v1::RecommendationKind kind, const std::vector<std::string>& contacts, double gain) {
  Step step;
  step.kind = kind;
  step.contact_ids = contacts;
  step.id = contacts.front();
  step.gain = gain;
  return step;
}

TEST(RankTest, KindsAreMixedAndTheBestComesFirst) {
  std::vector<Step> steps;
  for (int i = 7; i >= 0; --i) steps.push_back(Simple(i < 6 ? kReconnect : kAsk, {"c" + std::to_string(i)}, 10 - i));
  EXPECT_THAT(Contacts(Rank(steps)), ElementsAre("c0", "c1", "c6", "c7", "c2", "c3", "c4", "c5"));
}

TEST(RankTest, ContactHasOneStepAndOneWhoIsTakenNone) {
  const std::vector<Step> steps = {Simple(kReconnect, {"a"}, 1), Simple(kIntroduce, {"b", "a"}, 2),
                                   Simple(kAsk, {"c"}, 3)};
  EXPECT_THAT(Contacts(Rank(steps)), ElementsAre("c", "b", "a"));
  EXPECT_THAT(Contacts(Rank(steps, {"c"})), ElementsAre("b", "a"));
}

}  // namespace
}  // namespace council::recommendations
