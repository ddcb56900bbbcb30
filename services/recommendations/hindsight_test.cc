#include "services/recommendations/hindsight.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"
#include "services/recommendations/advice_ranking.h"
#include "services/recommendations/people.h"

namespace council::recommendations {
namespace {

using storage::v1::GivenRecommendation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kGiven = absl::FromUnixSeconds(1'780'000'000);

// Ann, who was Anna before she was merged; and Ben.
class HindsightTest : public ::testing::Test {
 protected:
  HindsightTest() {
    contacts_.resize(2);
    contacts_[0].set_id("ann");
    contacts_[0].add_former_ids("anna");
    contacts_[1].set_id("ben");
  }

  static GivenRecommendation Given(v1::RecommendationKind kind, const std::vector<std::string>& ids = {"ann"}) {
    GivenRecommendation given;
    given.mutable_recommendation()->set_kind(kind);
    given.mutable_recommendation()->set_component("depth");
    given.mutable_recommendation()->set_expected_gain(2);
    for (const std::string& id : ids) given.mutable_recommendation()->add_contact_ids(id);
    *given.mutable_given_time() = base::ToProto(kGiven);
    given.set_score(50);
    given.set_component_value(0.25);
    given.set_model_version(1);
    return given;
  }

  // An entry so many days after the step was given.
  ledger::v1::Interaction& Entry(double days, const std::vector<std::string>& ids) {
    ledger::v1::Interaction& entry = *entries_.emplace(entries_.begin());
    entry.set_sequence(static_cast<std::int64_t>(entries_.size()));
    *entry.mutable_occur_time() = base::ToProto(kGiven + days * kDay);
    for (const std::string& id : ids) entry.add_contact_ids(id);
    return entry;
  }

  static void AddBenefit(ledger::v1::Interaction& entry, ledger::v1::BenefitDirection direction,
                         ledger::v1::BenefitKind kind = ledger::v1::BENEFIT_KIND_ADVICE) {
    entry.add_benefits()->set_direction(direction);
    entry.mutable_benefits(0)->set_kind(kind);
  }

  contacts::v1::CouncilSeat& Seat(const std::string& id) {
    contacts::v1::CouncilSeat& seat = *council_.add_seats();
    seat.mutable_seat()->set_contact_id(id);
    seat.mutable_contact()->set_id(id);
    *seat.mutable_seat()->mutable_seated_time() = base::ToProto(kGiven + kDay);
    return seat;
  }

  v1::HindsightRecord At(double days, const GivenRecommendation& given) {
    const absl::Time now = kGiven + days * kDay;
    councils_[MomentOfSeats(given, now)] = council_;
    const People people(contacts_);
    const HindsightFacts facts = {
        .now = now, .people = people, .entries = entries_, .councils = councils_, .points = points_};
    return LookBack(given, facts).value();
  }
  v1::HindsightOutcome OutcomeAt(double days, const GivenRecommendation& given) { return At(days, given).outcome(); }

  std::vector<contacts::v1::Contact> contacts_;
  std::vector<ledger::v1::Interaction> entries_;
  // As it is by then.
  contacts::v1::GetCouncilResponse council_;
  std::map<absl::Time, contacts::v1::GetCouncilResponse> councils_;
  std::map<std::string, v1::BalancePoint> points_;
};

TEST_F(HindsightTest, ATalkDoesAStepWithinThirtyDaysWhicheverIdItNames) {
  const GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_RECONNECT);
  Entry(-1, {"ann"});
  Entry(2, {"ben"});
  EXPECT_EQ(OutcomeAt(29, given), v1::HINDSIGHT_OUTCOME_OPEN);
  EXPECT_EQ(OutcomeAt(30, given), v1::HINDSIGHT_OUTCOME_NOT_DONE);
  Entry(3, {"anna"});
  Entry(29, {"ben", "ann"});
  Entry(31, {"ann"});
  const v1::HindsightRecord record = At(40, given);
  EXPECT_EQ(record.outcome(), v1::HINDSIGHT_OUTCOME_DONE);
  EXPECT_THAT(record.done_by(), ElementsAre(3, 4));
  EXPECT_EQ(base::FromProto(record.done_time()), kGiven + 3 * kDay);
}

TEST_F(HindsightTest, EachKindIsDoneByWhatItAsksFor) {
  using Fill = std::function<void(ledger::v1::Interaction&)>;
  const auto depth = [](ledger::v1::InteractionDepth value) {
    return [value](ledger::v1::Interaction& entry) { entry.set_depth(value); };
  };
  const auto benefit = [](ledger::v1::BenefitDirection direction) {
    return [direction](ledger::v1::Interaction& entry) { AddBenefit(entry, direction); };
  };
  const auto domain = [](common::v1::LifeDomain value) {
    return [value](ledger::v1::Interaction& entry) { entry.add_domains(value); };
  };
  struct Case {
    v1::RecommendationKind kind;
    Fill falls_short;
    Fill does_it;
  };
  const std::vector<Case> cases = {
      {v1::RECOMMENDATION_KIND_RECONNECT, depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE),
       depth(ledger::v1::INTERACTION_DEPTH_UPDATE)},
      {v1::RECOMMENDATION_KIND_DEEPEN, depth(ledger::v1::INTERACTION_DEPTH_UPDATE),
       depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION)},
      {v1::RECOMMENDATION_KIND_GIVE_BACK, benefit(ledger::v1::BENEFIT_DIRECTION_RECEIVED),
       benefit(ledger::v1::BENEFIT_DIRECTION_GIVEN)},
      {v1::RECOMMENDATION_KIND_ASK, benefit(ledger::v1::BENEFIT_DIRECTION_GIVEN),
       benefit(ledger::v1::BENEFIT_DIRECTION_RECEIVED)},
      {v1::RECOMMENDATION_KIND_BROADEN, domain(common::v1::LIFE_DOMAIN_CAREER),
       domain(common::v1::LIFE_DOMAIN_PHYSICAL)},
  };
  for (const Case& one : cases) {
    entries_.clear();
    GivenRecommendation given = Given(one.kind);
    given.add_domains(common::v1::LIFE_DOMAIN_PHYSICAL);
    one.falls_short(Entry(1, {"ann"}));
    one.does_it(Entry(2, {"ben"}));
    EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_NOT_DONE) << v1::RecommendationKind_Name(one.kind);
    one.does_it(Entry(3, {"ann"}));
    EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_DONE) << v1::RecommendationKind_Name(one.kind);
  }
}

TEST_F(HindsightTest, AnIntroductionIsATalkWithBothOrOneThatIsSaidToBeOne) {
  const GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_INTRODUCE, {"ann", "ben"});
  Entry(1, {"ann"});
  EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_NOT_DONE);
  Entry(2, {"ann", "ben"});
  EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_DONE);
  entries_.clear();
  AddBenefit(Entry(3, {"ben"}), ledger::v1::BENEFIT_DIRECTION_GIVEN, ledger::v1::BENEFIT_KIND_INTRODUCTION);
  EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_DONE);
}

TEST_F(HindsightTest, SeatsDoWhatAsksForSeats) {
  EXPECT_EQ(OutcomeAt(10, Given(v1::RECOMMENDATION_KIND_INVITE)), v1::HINDSIGHT_OUTCOME_OPEN);
  Seat("ann");
  const v1::HindsightRecord invited = At(10, Given(v1::RECOMMENDATION_KIND_INVITE));
  EXPECT_EQ(invited.outcome(), v1::HINDSIGHT_OUTCOME_DONE);
  EXPECT_EQ(base::FromProto(invited.done_time()), kGiven + kDay);
  EXPECT_THAT(invited.done_by(), IsEmpty());

  // With a seat still, a rest is only to be told when the time is over.
  EXPECT_EQ(OutcomeAt(10, Given(v1::RECOMMENDATION_KIND_REST)), v1::HINDSIGHT_OUTCOME_OPEN);
  EXPECT_EQ(OutcomeAt(30, Given(v1::RECOMMENDATION_KIND_REST)), v1::HINDSIGHT_OUTCOME_DONE);
  Entry(5, {"ann"});
  EXPECT_EQ(OutcomeAt(30, Given(v1::RECOMMENDATION_KIND_REST)), v1::HINDSIGHT_OUTCOME_NOT_DONE);
  council_.Clear();
  EXPECT_EQ(OutcomeAt(10, Given(v1::RECOMMENDATION_KIND_REST)), v1::HINDSIGHT_OUTCOME_DONE);

  // A seat from an earlier day on was given after the advice all the same.
  *Seat("ann").mutable_seat()->mutable_seated_time() = base::ToProto(kGiven - 100 * kDay);
  EXPECT_EQ(base::FromProto(At(10, Given(v1::RECOMMENDATION_KIND_INVITE)).done_time()), kGiven);
}

TEST_F(HindsightTest, ALongerRhythmIsComparedWithTheOneThatWasInForce) {
  GivenRecommendation rhythm = Given(v1::RECOMMENDATION_KIND_REBALANCE, {"ann", "ben"});
  for (const char* id : {"ann", "ben"}) *Seat(id).mutable_effective_cadence() = base::ToProto(14 * kDay);
  EXPECT_EQ(OutcomeAt(31, rhythm), v1::HINDSIGHT_OUTCOME_UNSPECIFIED) << "what it asked for was not kept";
  for (int i = 0; i < 2; ++i) *rhythm.add_cadences() = base::ToProto(14 * kDay);
  EXPECT_EQ(OutcomeAt(10, rhythm), v1::HINDSIGHT_OUTCOME_OPEN);
  EXPECT_EQ(OutcomeAt(31, rhythm), v1::HINDSIGHT_OUTCOME_NOT_DONE);
  *council_.mutable_seats(1)->mutable_effective_cadence() = base::ToProto(28 * kDay);
  EXPECT_EQ(OutcomeAt(31, rhythm), v1::HINDSIGHT_OUTCOME_DONE);
}

TEST_F(HindsightTest, ATalkThatIsWrittenDownLaterForTheSameDayCounts) {
  const GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_RECONNECT);
  ledger::v1::Interaction& entry = Entry(-0.1, {"ann"});
  EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_NOT_DONE);
  *entry.mutable_record_time() = base::ToProto(kGiven + 0.1 * kDay);
  EXPECT_EQ(OutcomeAt(31, given), v1::HINDSIGHT_OUTCOME_DONE);
}

TEST_F(HindsightTest, SomebodyWhoIsNoContactAnyMoreIsLeftOutAndTwoWhoAreOneWereNotIntroduced) {
  const People people(contacts_);
  const HindsightFacts facts = {
      .now = kGiven + 40 * kDay, .people = people, .entries = entries_, .councils = councils_, .points = points_};
  EXPECT_FALSE(LookBack(Given(v1::RECOMMENDATION_KIND_RECONNECT, {"gone"}), facts).has_value());
  Entry(2, {"ann"});
  EXPECT_EQ(OutcomeAt(31, Given(v1::RECOMMENDATION_KIND_INTRODUCE, {"ann", "anna"})),
            v1::HINDSIGHT_OUTCOME_UNSPECIFIED);
}

TEST_F(HindsightTest, TheBalanceIsThatOfTheThirtiethDayUnderTheSameModel) {
  GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_DEEPEN);
  EXPECT_FALSE(At(40, given).has_actual_gain());
  v1::BalancePoint point;
  point.set_score(53.5);
  point.set_model_version(1);
  for (int i = 0; i < 9; ++i) point.add_component_values(i / 10.0);
  points_[absl::FormatCivilTime(DayOfHindsight(kGiven))] = point;
  const v1::HindsightRecord record = At(40, given);
  EXPECT_DOUBLE_EQ(record.actual_gain(), 3.5);
  EXPECT_DOUBLE_EQ(record.component_before(), 0.25);
  EXPECT_DOUBLE_EQ(record.component_after(), 0.5);  // Depth is the sixth.
  given.set_model_version(2);
  EXPECT_FALSE(At(40, given).has_actual_gain());
  EXPECT_FALSE(At(40, given).has_component_after());
}

TEST_F(HindsightTest, WhoWentForGoodIsNotSpokenOfNorIsWhatTheScoreLostByIt) {
  const GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_DEEPEN);
  v1::BalancePoint& point = points_[absl::FormatCivilTime(DayOfHindsight(kGiven))];
  point.set_model_version(1);
  for (int i = 0; i < 9; ++i) point.add_component_values(0);
  for (const auto status : {contacts::v1::CONTACT_STATUS_NO_CONTACT, contacts::v1::CONTACT_STATUS_DECEASED}) {
    contacts_[1].set_status(status);
    *Seat("ben").mutable_contact() = contacts_[1];
    councils_[kGiven] = std::exchange(council_, {});
    councils_[EndOfHindsight(given)].Clear();
    EXPECT_FALSE(At(40, given).has_actual_gain());
    EXPECT_FALSE(At(40, given).has_component_after());
    EXPECT_DOUBLE_EQ(At(40, given).component_before(), 0.25);
    // One who went later was there all the time.
    councils_[EndOfHindsight(given)] = councils_[kGiven];
    EXPECT_TRUE(At(40, given).has_actual_gain());
    EXPECT_TRUE(At(40, given).has_component_after());

    const People people(contacts_);
    const HindsightFacts facts = {
        .now = kGiven + 40 * kDay, .people = people, .entries = entries_, .councils = councils_, .points = points_};
    EXPECT_FALSE(LookBack(Given(v1::RECOMMENDATION_KIND_RECONNECT, {"ben"}), facts).has_value());
    EXPECT_FALSE(LookBack(Given(v1::RECOMMENDATION_KIND_INTRODUCE, {"ann", "ben"}), facts).has_value());
  }
  // Whose seat was ended by the owner is another matter.
  contacts_[1].set_status(contacts::v1::CONTACT_STATUS_ACTIVE);
  *councils_[kGiven].mutable_seats(0)->mutable_contact() = contacts_[1];
  councils_[EndOfHindsight(given)].Clear();
  EXPECT_TRUE(At(40, given).has_actual_gain());
}

TEST_F(HindsightTest, WhatTheBalanceDidIsNotToldWhereItWasNotLookedIntoWhoWent) {
  const GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_DEEPEN);
  points_[absl::FormatCivilTime(DayOfHindsight(kGiven))].set_model_version(1);
  const People people(contacts_);
  for (const absl::Time untold_until : {kGiven - absl::Seconds(1), kGiven}) {
    const auto record = LookBack(given, {.now = kGiven + 40 * kDay,
                                         .people = people,
                                         .entries = entries_,
                                         .councils = councils_,
                                         .points = points_,
                                         .untold_until = untold_until});
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->has_actual_gain(), untold_until < kGiven);
    EXPECT_DOUBLE_EQ(record->component_before(), 0.25);
  }
}

TEST_F(HindsightTest, AFadingTieIsKnownToHaveFadedWhenNinetyDaysAreOver) {
  GivenRecommendation given = Given(v1::RECOMMENDATION_KIND_RECONNECT);
  EXPECT_FALSE(At(100, given).has_strength());
  given.set_strength(0.4);
  given.set_strength_version("shipped-1");
  EXPECT_FALSE(At(100, given).has_strength()) << "it did not say so";
  given.set_fading(true);
  EXPECT_EQ(At(89, given).strength_version(), "shipped-1");
  EXPECT_FALSE(At(89, given).has_in_touch());
  EXPECT_FALSE(At(90, given).in_touch());
  EXPECT_TRUE(At(90, given).has_in_touch());
  // Any entry is contact.
  Entry(60, {"ann"}).set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  EXPECT_TRUE(At(61, given).in_touch());
}

TEST_F(HindsightTest, SumsPartWhatWasFollowedFromWhatWasNot) {
  v1::GetHindsightResponse response;
  const auto add = [&response](v1::HindsightOutcome outcome, v1::RecommendationResponse answer, double gain) {
    v1::HindsightRecord& record = *response.add_records();
    record.mutable_recommendation()->set_kind(v1::RECOMMENDATION_KIND_ASK);
    record.mutable_recommendation()->set_response(answer);
    record.mutable_recommendation()->set_expected_gain(2);
    record.set_outcome(outcome);
    record.set_actual_gain(gain);
  };
  add(v1::HINDSIGHT_OUTCOME_DONE, v1::RECOMMENDATION_RESPONSE_UNSPECIFIED, 3);
  add(v1::HINDSIGHT_OUTCOME_NOT_DONE, v1::RECOMMENDATION_RESPONSE_ACCEPT, 1);
  add(v1::HINDSIGHT_OUTCOME_NOT_DONE, v1::RECOMMENDATION_RESPONSE_DISMISS, -2);
  response.add_records()->mutable_recommendation()->set_kind(v1::RECOMMENDATION_KIND_RECONNECT);
  SumUp({}, kGiven, response);
  ASSERT_THAT(response.kinds(), SizeIs(2));
  const v1::HindsightKind& ask = response.kinds(1);
  EXPECT_EQ(ask.answers().kind(), v1::RECOMMENDATION_KIND_ASK);
  EXPECT_EQ(ask.given(), 3);
  EXPECT_EQ(ask.followed(), 2);
  EXPECT_EQ(ask.measured(), 2);
  EXPECT_DOUBLE_EQ(ask.mean_expected_gain(), 2);
  EXPECT_DOUBLE_EQ(ask.mean_actual_gain(), 2);
  EXPECT_EQ(ask.measured_not_followed(), 1);
  EXPECT_DOUBLE_EQ(ask.mean_gain_not_followed(), -2);
  EXPECT_EQ(ask.answers().weight(), 1);
  EXPECT_EQ(response.fading_ties(), 0);
}

TEST_F(HindsightTest, ATieCountsAsFadingOnceInNinetyDaysAndOnlyWhenTheseAreOver) {
  v1::GetHindsightResponse response;
  const auto add = [&response](double days_ago, const char* contact, double strength, std::optional<bool> in_touch) {
    v1::HindsightRecord& record = *response.add_records();
    record.mutable_recommendation()->add_contact_ids(contact);
    *record.mutable_given_time() = base::ToProto(kGiven - days_ago * kDay);
    record.set_strength(strength);
    if (in_touch.has_value()) record.set_in_touch(*in_touch);
  };
  add(50, "ann", 0.2, true);
  add(91, "ben", 0.4, true);
  add(130, "ann", 0.3, false);
  add(160, "ann", 0.3, false);
  SumUp({}, kGiven, response);
  EXPECT_EQ(response.fading_ties(), 2);
  EXPECT_EQ(response.faded_ties(), 1);
  EXPECT_DOUBLE_EQ(response.expected_faded_ties(), 0.7 + 0.6);
}

AnswersByKind Answered(int accepted, int dismissed) {
  std::vector<GivenRecommendation> given(static_cast<size_t>(accepted + dismissed) + 1);
  for (size_t i = 0; i + 1 < given.size(); ++i) {
    given[i].mutable_recommendation()->set_kind(v1::RECOMMENDATION_KIND_ASK);
    given[i].mutable_recommendation()->set_response(
        static_cast<int>(i) < accepted ? v1::RECOMMENDATION_RESPONSE_ACCEPT : v1::RECOMMENDATION_RESPONSE_DISMISS);
  }
  given.back().mutable_recommendation()->set_response(v1::RECOMMENDATION_RESPONSE_SNOOZE);
  return CountAnswers(given);
}

TEST(KindAnswersTest, OneDismissalIsLittleAndManyStopAtAQuarter) {
  EXPECT_THAT(Answered(0, 0), IsEmpty());
  EXPECT_EQ(WeightOf({}, v1::RECOMMENDATION_KIND_ASK), 1);
  EXPECT_NEAR(WeightOf(Answered(0, 1), v1::RECOMMENDATION_KIND_ASK), 6.0 / 7, 1e-12);
  EXPECT_NEAR(WeightOf(Answered(1, 5), v1::RECOMMENDATION_KIND_ASK), 7.5 / 12, 1e-12);
  EXPECT_EQ(WeightOf(Answered(0, 100), v1::RECOMMENDATION_KIND_ASK), 0.25);
  EXPECT_EQ(WeightOf(Answered(100, 1), v1::RECOMMENDATION_KIND_ASK), 1);
}

RC_GTEST_PROP(KindAnswersProperty, DismissingLowersAndAcceptingRaisesWithinTheBounds, ()) {
  const int accepted = *rc::gen::inRange(0, 200);
  const int dismissed = *rc::gen::inRange(0, 200);
  const auto weight = [](int a, int d) { return WeightOf(Answered(a, d), v1::RECOMMENDATION_KIND_ASK); };
  const double now = weight(accepted, dismissed);
  RC_ASSERT(now >= 0.25 && now <= 1);
  RC_ASSERT(weight(accepted, dismissed + 1) <= now);
  RC_ASSERT(weight(accepted + 1, dismissed) >= now);
}

RC_GTEST_PROP(KindAnswersProperty, ADismissedKindNeverComesEarlierAndNeverVanishes, ()) {
  std::vector<Step> steps(*rc::gen::inRange<size_t>(1, 12));
  for (size_t i = 0; i < steps.size(); ++i) {
    steps[i].kind = *rc::gen::element(v1::RECOMMENDATION_KIND_ASK, v1::RECOMMENDATION_KIND_DEEPEN);
    steps[i].id = std::to_string(i);
    steps[i].contact_ids = {std::to_string(i)};
    steps[i].gain = *rc::gen::inRange(-50, 50) / 10.0;
  }
  const auto first_ask = [](const std::vector<Step>& ranked) {
    return std::ranges::find(ranked, v1::RECOMMENDATION_KIND_ASK, &Step::kind) - ranked.begin();
  };
  const std::vector<Step> before = Rank(steps);
  const std::vector<Step> after = Rank(steps, {}, Answered(0, *rc::gen::inRange(1, 30)));
  RC_ASSERT(before.size() == after.size());
  RC_ASSERT(first_ask(after) >= first_ask(before));
}

}  // namespace
}  // namespace council::recommendations
