// What must hold of the model for any council.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "rapidcheck/gtest.h"
#include "services/recommendations/balance.h"
#include "tests/model/scenario.h"

namespace council::testing {
namespace {

using ledger::v1::Interaction;
using recommendations::v1::CouncilBalance;

// Rounding, which no property is about.
constexpr double kHair = 1e-9;

std::string SeatId(int i) {
  return (i < 10 ? "s0" : "s") + std::to_string(i);
}

void FillEntry(int seats, Interaction& entry) {
  entry.set_depth(static_cast<ledger::v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
  entry.set_channel(static_cast<ledger::v1::Channel>(*rc::gen::inRange(0, 7)));
  if (const int energy = *rc::gen::inRange(-2, 5); energy <= 2) entry.set_energy(energy);
  if (*rc::gen::arbitrary<bool>())
    *entry.mutable_duration() = base::ToProto(absl::Seconds(*rc::gen::inRange(0, 20000)));
  for (int domain = 1; domain <= 5; ++domain) {
    if (*rc::gen::inRange(0, 3) == 0) entry.add_domains(static_cast<common::v1::LifeDomain>(domain));
  }
  // Contact `seats` and beyond have no seat.
  const int first = *rc::gen::inRange(0, seats + 2);
  entry.add_contact_ids(SeatId(first));
  if (*rc::gen::inRange(0, 3) == 0) entry.add_contact_ids(SeatId(first + 1));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    AddBenefit(entry, static_cast<ledger::v1::BenefitDirection>(*rc::gen::inRange(1, 3)),
               static_cast<ledger::v1::BenefitKind>(*rc::gen::inRange(1, 8)), *rc::gen::inRange(0, 6),
               *rc::gen::arbitrary<bool>() ? SeatId(first) : "");
  }
}

absl::Duration AnyAge() {
  return Days(*rc::gen::inRange(1, 70'000) / 100.0);
}

void AddAnySeat(int i, Scenario& scenario) {
  static constexpr double kCadences[] = {1, 7, 30, 90, 365};
  auto& seat =
      scenario.AddSeat(SeatId(i), Days(*rc::gen::inRange(0, 50'000) / 100.0), Days(kCadences[*rc::gen::inRange(0, 5)]));
  for (int role = 1; role <= 6; ++role) {
    if (*rc::gen::inRange(0, 3) == 0) seat.mutable_seat()->add_roles(static_cast<common::v1::CouncilRole>(role));
  }
  for (int domain = 1; domain <= 5; ++domain) {
    if (*rc::gen::inRange(0, 3) == 0) seat.mutable_seat()->add_domains(static_cast<common::v1::LifeDomain>(domain));
  }
  for (const char* facet : {"function", "location"}) {
    if (*rc::gen::inRange(0, 4) == 0) continue;
    (*seat.mutable_contact()->mutable_facets())[facet] =
        std::string(1, static_cast<char>('a' + *rc::gen::inRange(0, 4)));
  }
}

Scenario AnyScenario(int most_seats = 25) {
  Scenario scenario;
  const int seats = *rc::gen::inRange(0, most_seats + 1);
  for (int i = 0; i < seats; ++i) AddAnySeat(i, scenario);
  for (int i = *rc::gen::inRange(0, seats + 1); i > 0; --i) {
    const int a = *rc::gen::inRange(0, seats);
    scenario.Acquaint(SeatId(a), SeatId((a + i) % seats));
  }
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) FillEntry(seats, scenario.AddEntry(AnyAge(), {}));
  return scenario;
}

std::string SomeSeat(const Scenario& scenario) {
  return SeatId(*rc::gen::inRange(0, scenario.council.seats_size()));
}

RC_GTEST_PROP(ModelProperty, EveryFigureIsInItsRange, ()) {
  const CouncilBalance balance = AnyScenario().Balance();
  for (const double figure : {balance.score(), balance.structure(), balance.practice(), 100 * balance.confidence()}) {
    RC_ASSERT(figure >= 0 && figure <= 100);
  }
  RC_ASSERT(balance.components_size() == 9);
  for (const auto& component : balance.components()) {
    RC_ASSERT(component.value() >= 0 && component.value() <= 1);
    RC_ASSERT(component.coverage() >= 0 && component.coverage() <= 1);
    RC_ASSERT(!component.explanation().empty());
    RC_ASSERT(component.contact_ids_size() <= 20);
  }
}

RC_GTEST_PROP(ModelProperty, SameInputInAnyOrderGivesTheSameBytes, ()) {
  const Scenario scenario = AnyScenario();
  std::vector<ledger::v1::Tie> ties = scenario.Ties();
  const recommendations::BalanceModel model;
  const std::string first =
      recommendations::ComputeBalance(scenario.council, ties, kScenarioNow, model).SerializeAsString();
  contacts::v1::GetCouncilResponse council = scenario.council;
  std::reverse(council.mutable_seats()->begin(), council.mutable_seats()->end());
  std::reverse(council.mutable_acquaintances()->begin(), council.mutable_acquaintances()->end());
  std::rotate(ties.begin(), ties.begin() + static_cast<std::ptrdiff_t>(ties.size() / 3), ties.end());
  RC_ASSERT(recommendations::ComputeBalance(council, ties, kScenarioNow, model).SerializeAsString() == first);
}

RC_GTEST_PROP(ModelProperty, LateEntriesGiveTheSameScore, ()) {
  Scenario scenario = AnyScenario();
  const double before = scenario.Balance().score();
  std::reverse(scenario.entries.begin(), scenario.entries.end());
  RC_ASSERT(std::abs(scenario.Balance().score() - before) < 1e-9);
}

RC_GTEST_PROP(ModelProperty, NoNumberBreaksIt, ()) {
  static const double kNumbers[] = {
      0, -1, 1e308, -1e308, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), 5e-324};
  Scenario scenario = AnyScenario();
  std::vector<ledger::v1::Tie> ties = scenario.Ties();
  const auto any = [] { return kNumbers[*rc::gen::inRange(0, 7)]; };
  for (ledger::v1::Tie& tie : ties) {
    for (const auto* field :
         {"energizing", "draining", "updates", "conversations", "counsels", "introductions", "any_coverage",
          "energy_coverage", "benefit_coverage", "depth_coverage", "domain_coverage", "no_domain_coverage"}) {
      tie.GetReflection()->SetDouble(&tie, tie.GetDescriptor()->FindFieldByName(field), any());
    }
    for (auto& hours : *tie.mutable_hours()) hours.set_hours(any());
    for (auto& benefit : *tie.mutable_benefits()) benefit.set_given(any());
    tie.mutable_reference_time()->set_seconds(*rc::gen::arbitrary<int64_t>());
    tie.mutable_last_touch_time()->set_seconds(*rc::gen::arbitrary<int64_t>());
  }
  for (auto& seat : *scenario.council.mutable_seats()) {
    seat.mutable_effective_cadence()->set_seconds(*rc::gen::arbitrary<int64_t>());
    seat.mutable_seat()->mutable_first_seated_time()->set_seconds(*rc::gen::arbitrary<int64_t>());
  }
  for (const absl::Time as_of : {kScenarioNow, absl::InfinitePast(), absl::InfiniteFuture()}) {
    const auto balance =
        recommendations::ComputeBalance(scenario.council, ties, as_of, recommendations::BalanceModel());
    RC_ASSERT(balance.score() >= 0 && balance.score() <= 100);
    for (const auto& component : balance.components()) {
      RC_ASSERT(component.value() >= 0 && component.value() <= 1);
      RC_ASSERT(component.coverage() >= 0 && component.coverage() <= 1);
    }
  }
}

RC_GTEST_PROP(ModelProperty, SeatingAnyoneWithRoomNeverLowersSizeOrRoles, ()) {
  Scenario scenario = AnyScenario(17);
  const CouncilBalance before = scenario.Balance();
  AddAnySeat(scenario.council.seats_size(), scenario);
  const CouncilBalance after = scenario.Balance();
  RC_ASSERT(Value(after, "size") >= Value(before, "size") - kHair);
  RC_ASSERT(Value(after, "roles") >= Value(before, "roles") - kHair);
}

RC_GTEST_PROP(ModelProperty, NoEntryEverLowersDepthVitalityOrReach, ()) {
  Scenario scenario = AnyScenario();
  const CouncilBalance before = scenario.Balance();
  FillEntry(scenario.council.seats_size(), scenario.AddEntry(AnyAge(), {}));
  const CouncilBalance after = scenario.Balance();
  for (const char* name : {"depth", "vitality", "reach"}) RC_ASSERT(Value(after, name) >= Value(before, name) - kHair);
}

RC_GTEST_PROP(ModelProperty, BareExchangeChangesNothing, ()) {
  Scenario scenario = AnyScenario();
  const CouncilBalance before = scenario.Balance();
  Interaction& entry = scenario.AddEntry(AnyAge(), {});
  FillEntry(scenario.council.seats_size(), entry);
  entry.set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  entry.clear_energy();
  entry.clear_benefits();
  const CouncilBalance after = scenario.Balance();
  for (const auto& [name, value] : Values(before)) RC_ASSERT(std::abs(Value(after, name) - value) < kHair);
  RC_ASSERT(std::abs(after.score() - before.score()) < kHair);
}

RC_GTEST_PROP(ModelProperty, EnergyMovesItsComponentItsOwnWay, ()) {
  Scenario scenario = AnyScenario();
  RC_PRE(scenario.council.seats_size() > 0);
  const double before = Value(scenario.Balance(), "energy");
  const std::string seat = SomeSeat(scenario);
  // One friend cannot outshout the table: a tie that is all lift, or all drain, and at its cap moves no further.
  bool lifts_fully = false;
  bool drains_fully = false;
  for (const ledger::v1::Tie& tie : scenario.Ties()) {
    lifts_fully |= tie.contact_id() == seat && tie.energizing() >= 4;
    drains_fully |= tie.contact_id() == seat && tie.draining() >= 4;
  }
  Interaction& entry = scenario.AddEntry(AnyAge() / 10, {seat});
  entry.set_energy(*rc::gen::inRange(1, 3));
  const double lifted = Value(scenario.Balance(), "energy");
  RC_ASSERT((lifts_fully ? lifted > before - kHair : lifted > before));
  entry.set_energy(-entry.energy());
  const double drained = Value(scenario.Balance(), "energy");
  RC_ASSERT((drains_fully ? drained < before + kHair : drained < before));
}

RC_GTEST_PROP(ModelProperty, GiftToWhomIOweNeverLowersReciprocity, ()) {
  Scenario scenario = AnyScenario();
  RC_PRE(scenario.council.seats_size() > 0);
  const std::string friend_id = SomeSeat(scenario);
  const int worth = *rc::gen::inRange(1, 6);
  // As much received from them, twice, is owed to them; as much as anyone ever gave is owed to the council.
  double given = 0;
  for (const ledger::v1::Tie& tie : scenario.Ties(kScenarioNow)) {
    for (const auto& benefit : tie.benefits()) given += benefit.given();
  }
  for (int i = static_cast<int>(given / 5) + 12; i > 0; --i) {
    AddBenefit(scenario.AddEntry(absl::Seconds(1), {friend_id}), ledger::v1::BENEFIT_DIRECTION_RECEIVED,
               ledger::v1::BENEFIT_KIND_ADVICE, 5);
  }
  const double before = Value(scenario.Balance(), "reciprocity");
  AddBenefit(scenario.AddEntry(AnyAge(), {friend_id}), ledger::v1::BENEFIT_DIRECTION_GIVEN,
             ledger::v1::BENEFIT_KIND_SUPPORT, worth);
  RC_ASSERT(Value(scenario.Balance(), "reciprocity") >= before - kHair);
}

RC_GTEST_PROP(ModelProperty, VitalityNeverRisesWithTimeAlone, ()) {
  const Scenario scenario = AnyScenario();
  const absl::Time later = kScenarioNow + AnyAge();
  RC_ASSERT(Value(scenario.Balance(later), "vitality") <= Value(scenario.Balance(), "vitality") + kHair);
}

RC_GTEST_PROP(ModelProperty, MovingEveryFigureByAHairMovesTheScoreByAHair, ()) {
  Scenario scenario = AnyScenario();
  const double before = scenario.Balance().score();
  const auto hair = [] { return absl::Milliseconds(*rc::gen::inRange(-1, 2)); };
  for (Interaction& entry : scenario.entries) {
    *entry.mutable_occur_time() = base::ToProto(base::FromProto(entry.occur_time()) + hair());
    if (entry.has_duration()) *entry.mutable_duration() = base::ToProto(base::FromProto(entry.duration()) + hair());
  }
  for (auto& seat : *scenario.council.mutable_seats()) {
    auto& time = *seat.mutable_seat()->mutable_first_seated_time();
    time = base::ToProto(base::FromProto(time) + hair());
    *seat.mutable_effective_cadence() = base::ToProto(base::FromProto(seat.effective_cadence()) + hair());
  }
  RC_ASSERT(std::abs(scenario.Balance().score() - before) < 1e-4);
}

}  // namespace
}  // namespace council::testing
