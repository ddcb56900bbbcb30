#include "services/recommendations/balance.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/balance_models.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr absl::Duration kDay = absl::Hours(24);

contacts::v1::CouncilSeat& AddSeat(contacts::v1::GetCouncilResponse& council, const std::string& id,
                                   const std::string& name, absl::Duration seated_for) {
  contacts::v1::CouncilSeat& seat = *council.add_seats();
  seat.mutable_seat()->set_contact_id(id);
  seat.mutable_contact()->set_id(id);
  seat.mutable_contact()->set_display_name(name);
  *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(kNow - seated_for);
  return seat;
}

ledger::v1::Tie TieOf(const std::string& id, absl::Time touched) {
  ledger::v1::Tie tie;
  tie.set_contact_id(id);
  tie.set_entries(1);
  tie.set_any_coverage(1);
  *tie.mutable_reference_time() = base::ToProto(touched);
  *tie.mutable_last_touch_time() = base::ToProto(touched);
  return tie;
}

v1::BalanceComponent ComponentOf(const v1::CouncilBalance& balance, Component component) {
  return balance.components(static_cast<int>(component));
}

TEST(BalanceTest, EmptyCouncilScoresZeroAndSaysWhatToDo) {
  const v1::CouncilBalance balance = ComputeBalance({}, {}, kNow, BalanceModel());
  EXPECT_EQ(balance.score(), 0);
  EXPECT_EQ(balance.confidence(), 0);
  EXPECT_EQ(balance.model_version(), 1);
  ASSERT_THAT(balance.components(), SizeIs(9));
  EXPECT_EQ(balance.components(0).explanation(), "Nobody has a seat yet; 12 to 18 people serve best.");
}

TEST(BalanceTest, ComponentsComeInTheirOrderWithTheirWeights) {
  const v1::CouncilBalance balance = ComputeBalance({}, {}, kNow, BalanceModel());
  std::vector<std::string> names;
  double weights = 0;
  for (const v1::BalanceComponent& component : balance.components()) {
    names.push_back(component.name());
    weights += component.weight();
  }
  EXPECT_THAT(names, ElementsAre("size", "roles", "diversity", "energy", "reciprocity", "depth", "vitality",
                                 "engagement", "reach"));
  EXPECT_EQ(weights, 100);
}

TEST(BalanceTest, WhatIsNotCoveredReadsAsNotRecordedYet) {
  contacts::v1::GetCouncilResponse council;
  AddSeat(council, "a", "Ann", 100 * kDay);
  AddSeat(council, "b", "Bob", 100 * kDay);
  const v1::CouncilBalance balance = ComputeBalance(council, {}, kNow, BalanceModel());
  EXPECT_EQ(ComponentOf(balance, kEnergy).explanation(),
            "Not recorded yet: no seat has an entry that says how a talk felt.");
  EXPECT_THAT(ComponentOf(balance, kVitality).explanation(), StartsWith("Not recorded yet"));
  EXPECT_THAT(ComponentOf(balance, kDiversity).explanation(), StartsWith("Not recorded yet"));
  EXPECT_FALSE(balance.practice_recorded());
}

TEST(BalanceTest, VitalityNamesTheLongestSilence) {
  contacts::v1::GetCouncilResponse council;
  AddSeat(council, "a", "Ann", 365 * kDay);
  AddSeat(council, "b", "Bob", 365 * kDay);
  const std::vector<ledger::v1::Tie> ties = {TieOf("a", kNow - 74 * kDay), TieOf("b", kNow - 3 * kDay)};
  const auto vitality = ComponentOf(ComputeBalance(council, ties, kNow, BalanceModel()), kVitality);
  EXPECT_EQ(
      vitality.explanation(),
      "You are in touch with 1 of 2 seats as often as you mean to be; it has been quiet with Ann for 74 days, and "
      "you mean to talk every 30.");
  EXPECT_THAT(vitality.contact_ids(), ElementsAre("a"));
  EXPECT_EQ(vitality.evidence_count(), 2);
}

TEST(BalanceTest, NobodyIsRemindedOfThosePausedAndTheFiguresStay) {
  contacts::v1::GetCouncilResponse council;
  for (const char* id : {"a", "b", "c"}) AddSeat(council, id, id, 365 * kDay);
  const std::vector<ledger::v1::Tie> ties = {TieOf("a", kNow - 74 * kDay), TieOf("b", kNow - 50 * kDay),
                                             TieOf("c", kNow - 3 * kDay)};
  const v1::CouncilBalance before = ComputeBalance(council, ties, kNow, BalanceModel());
  contacts::v1::Contact& ann = *council.mutable_seats(0)->mutable_contact();
  ann.set_display_name("Ann");
  ann.set_status(contacts::v1::CONTACT_STATUS_PAUSED);
  const v1::CouncilBalance paused = ComputeBalance(council, ties, kNow, BalanceModel());
  EXPECT_EQ(ComponentOf(paused, kVitality).explanation(),
            "You are in touch with 1 of 3 seats as often as you mean to be, and 1 is paused; it has been quiet with b "
            "for 50 days, and you mean to talk every 30.");
  EXPECT_THAT(ComponentOf(paused, kSize).explanation(),
              StartsWith("3 seats are taken, 1 of them in touch as often as you mean to, and 1 is paused; "));
  for (const Component component : {kSize, kVitality}) {
    EXPECT_THAT(ComponentOf(paused, component).contact_ids(), ElementsAre("b"));
  }
  EXPECT_EQ(paused.score(), before.score());

  // Nobody else is quiet.
  council.mutable_seats()->DeleteSubrange(1, 1);
  EXPECT_EQ(ComponentOf(ComputeBalance(council, ties, kNow, BalanceModel()), kVitality).explanation(),
            "You are in touch with 1 of 2 seats as often as you mean to be, and 1 is paused.");
  // The day, in 2027, has come.
  ann.set_paused_until("2027-01-15");
  EXPECT_THAT(ComponentOf(ComputeBalance(council, ties, kNow, BalanceModel()), kVitality).explanation(),
              HasSubstr("quiet with Ann for 74 days"));
}

TEST(BalanceTest, EnergyNamesWhoTiresLatelyInKindWords) {
  contacts::v1::GetCouncilResponse council;
  AddSeat(council, "a", "Ann", 365 * kDay);
  ledger::v1::Tie tie = TieOf("a", kNow);
  tie.set_energy_coverage(1);
  tie.set_energy_entries(1);
  tie.set_draining(2);
  const auto energy = ComponentOf(ComputeBalance(council, {&tie, 1}, kNow, BalanceModel()), kEnergy);
  EXPECT_THAT(energy.explanation(), HasSubstr("tiring lately: Ann"));
  EXPECT_EQ(energy.evidence_count(), 1);
}

TEST(BalanceTest, DiversityPointsAtThoseWhoAreMostAlike) {
  contacts::v1::GetCouncilResponse council;
  for (const char* id : {"a", "b", "c"}) {
    auto& facets = *AddSeat(council, id, id, 365 * kDay).mutable_contact()->mutable_facets();
    facets["function"] = *id == 'c' ? "law" : "art";
    facets["location"] = id;
  }
  const auto diversity = ComponentOf(ComputeBalance(council, {}, kNow, BalanceModel()), kDiversity);
  EXPECT_THAT(diversity.explanation(), HasSubstr("differ: function 44\u00a0% and location 67\u00a0% (half"));
  EXPECT_THAT(diversity.contact_ids(), ElementsAre("a", "b"));
  EXPECT_EQ(diversity.evidence_count(), 3);
}

TEST(CouncilFactsTest, CadenceCountsAsOneToNinetyDaysAndThirtyWhereUnset) {
  contacts::v1::GetCouncilResponse council;
  *AddSeat(council, "a", "Ann", kDay).mutable_effective_cadence() = base::ToProto(365 * kDay);
  *AddSeat(council, "b", "Bob", kDay).mutable_seat()->mutable_cadence() = base::ToProto(absl::Hours(1));
  AddSeat(council, "c", "Cleo", kDay);
  const CouncilFacts facts = GatherFacts(council, {}, kNow);
  EXPECT_EQ(facts.seats[0].cadence, 90);
  EXPECT_EQ(facts.seats[1].cadence, 1);
  EXPECT_EQ(facts.seats[2].cadence, 30);
}

TEST(CouncilFactsTest, AcquaintanceOutsideTheCouncilDoesNotCount) {
  contacts::v1::GetCouncilResponse council;
  AddSeat(council, "a", "Ann", kDay);
  AddSeat(council, "b", "Bob", kDay);
  for (const auto& [one, other] :
       {std::pair("a", "b"), std::pair("b", "a"), std::pair("a", "x"), std::pair("a", "a")}) {
    auto& pair = *council.add_acquaintances();
    pair.set_contact_id(one);
    pair.set_other_contact_id(other);
  }
  EXPECT_EQ(GatherFacts(council, {}, kNow).acquainted_pairs, 1);
}

TEST(CouncilFactsTest, TimeWithoutDomainsGoesToThoseOfTheSeat) {
  contacts::v1::GetCouncilResponse council;
  auto& seat = AddSeat(council, "a", "Ann", kDay);
  seat.mutable_seat()->add_domains(common::v1::LIFE_DOMAIN_CAREER);
  seat.mutable_seat()->add_domains(common::v1::LIFE_DOMAIN_SOCIAL);
  AddSeat(council, "b", "Bob", kDay);
  std::vector<ledger::v1::Tie> ties = {TieOf("a", kNow), TieOf("b", kNow)};
  for (ledger::v1::Tie& tie : ties) {
    tie.add_hours()->set_hours(3);
    tie.set_no_domain_coverage(1);
  }
  const CouncilFacts facts = GatherFacts(council, ties, kNow);
  EXPECT_THAT(facts.seats[0].tie.hours, ElementsAre(1.5, 0, 0, 0, 1.5));
  EXPECT_EQ(facts.seats[0].tie.domain_coverage, 1);
  EXPECT_THAT(facts.seats[1].tie.hours, ElementsAre(0, 0, 0, 0, 0));
  EXPECT_EQ(facts.seats[1].tie.domain_coverage, 0);
}

TEST(BalanceModelTest, DefaultsHold) {
  EXPECT_TRUE(Validate(BalanceModel()).ok());
}

TEST(BalanceModelTest, EachWrongSettingIsNamed) {
  BalanceModel model;
  model.weights[kDepth] = std::numeric_limits<double>::quiet_NaN();
  model.size_low = 0;
  model.size_high = 151;
  model.career_low = 0.7;
  const auto violations = base::BadRequestOf(Validate(model)).field_violations();
  std::vector<std::string> fields;
  for (const auto& violation : violations) fields.push_back(violation.field());
  EXPECT_THAT(fields, ElementsAre("weights.depth", "size_low", "size_high", "career_high"));
}

TEST(BalanceModelTest, WeightsMustSumToAHundredAndLeaveNeitherSideEmpty) {
  BalanceModel model;
  model.weights[kDepth] = 11;
  EXPECT_FALSE(Validate(model).ok());
  model.weights = {50, 25, 25, 0, 0, 0, 0, 0, 0};
  EXPECT_FALSE(Validate(model).ok());
}

TEST(BalanceModelTest, DigestChangesWithEachSetting) {
  const std::string standard = Digest(BalanceModel());
  EXPECT_THAT(standard, SizeIs(32));
  BalanceModel model;
  std::swap(model.weights[kSize], model.weights[kRoles]);
  EXPECT_NE(Digest(model), standard);
  model = BalanceModel();
  model.career_high = 0.66;
  EXPECT_NE(Digest(model), standard);
  EXPECT_EQ(Digest(BalanceModel()), standard);
}

TEST(BalanceModelsTest, TenantLaysItsSettingsOverTheDefault) {
  const auto models = BalanceModels::FromJson(R"({
    "default": {"careerHigh": 0.7},
    "tenants": {"acme": {"sizeLow": 10, "weights": {"size": 20, "roles": 5}}}
  })");
  ASSERT_TRUE(models.ok()) << models.status();
  EXPECT_EQ(models->For("other").career_high, 0.7);
  EXPECT_EQ(models->For("other").size_low, 12);
  EXPECT_EQ(models->For("acme").career_high, 0.7);
  EXPECT_EQ(models->For("acme").size_low, 10);
  EXPECT_EQ(models->For("acme").weights[kSize], 20);
  EXPECT_EQ(models->For("acme").weights[kDepth], 10);
  EXPECT_EQ(models->DigestFor("acme"), Digest(models->For("acme")));
  EXPECT_NE(models->DigestFor("acme"), models->DigestFor("other"));
}

TEST(BalanceModelsTest, WhatIsWrongIsSaidWithItsPath) {
  const std::pair<const char*, const char*> kWrong[] = {
      {"[]", "must be a JSON object"},
      {"{", "must be a JSON object"},
      {R"({"defaults": {}})", "defaults is not known"},
      {R"({"default": {"sizeLow": 12.5}})", "default.sizeLow must be a whole number"},
      {R"({"default": {"weights": {"luck": 1}}})", "default.weights.luck is no component"},
      {R"({"tenants": {"acme": {"careerLow": "x"}}})", "tenants.acme.careerLow must be a number"},
      {R"({"tenants": {"acme": {"weights": {"size": 20}}}})", "tenants.acme.weights must sum to 100"},
  };
  for (const auto& [json, message] : kWrong) {
    EXPECT_THAT(BalanceModels::FromJson(json).status().message(), HasSubstr(message)) << json;
  }
}

}  // namespace
}  // namespace council::recommendations
