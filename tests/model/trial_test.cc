// Changes on trial give the score that the changes themselves would give.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "services/recommendations/balance_evidence.h"
#include "services/recommendations/what_if.h"
#include "tests/model/scenario.h"

namespace council::testing {
namespace {

using recommendations::BalanceEvidence;
using recommendations::BalanceModel;
using recommendations::FindEvidence;
using recommendations::WhatIf;

constexpr double kEqual = 1e-9;

std::string Id(int i) {
  return "contact-" + std::to_string(i);
}

ledger::v1::Interaction RandomEntry(int people) {
  Scenario one;
  const double age = *rc::gen::inRange(0, 400) + *rc::gen::inRange(0, 24) / 24.0;
  std::vector<std::string> with = {Id(*rc::gen::inRange(0, people))};
  const std::string other = Id(*rc::gen::inRange(0, people));
  if (other != with.front()) with.push_back(other);
  ledger::v1::Interaction& entry = one.AddEntry(Days(age), with);
  entry.set_depth(static_cast<ledger::v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
  entry.add_domains(static_cast<common::v1::LifeDomain>(*rc::gen::inRange(1, 6)));
  if (*rc::gen::arbitrary<bool>()) entry.set_energy(*rc::gen::inRange(-2, 3));
  if (*rc::gen::arbitrary<bool>()) {
    AddBenefit(entry, static_cast<ledger::v1::BenefitDirection>(*rc::gen::inRange(1, 3)),
               static_cast<ledger::v1::BenefitKind>(*rc::gen::inRange(1, 8)), *rc::gen::inRange(0, 6));
  }
  return entry;
}

Scenario RandomCouncil(int seats, int entries) {
  Scenario scenario;
  for (int i = 0; i < seats; ++i) {
    contacts::v1::CouncilSeat& seat = scenario.AddSeat(Id(i), Days(*rc::gen::inRange(0, 500)));
    seat.mutable_seat()->add_roles(static_cast<common::v1::CouncilRole>(*rc::gen::inRange(1, 7)));
    (*seat.mutable_contact()->mutable_facets())["function"] = std::to_string(*rc::gen::inRange(0, 4));
  }
  for (int i = 0; i < entries; ++i) {
    scenario.entries.push_back(RandomEntry(seats));
    scenario.entries.back().set_sequence(i + 1);
  }
  return scenario;
}

WhatIf Trial(const Scenario& scenario, const BalanceModel& model) {
  return {scenario.council, scenario.Ties(), kScenarioNow, model};
}

RC_GTEST_PROP(TrialTest, AnEntryOnTrialGivesTheScoreThatTheLedgerWouldGive, ()) {
  const BalanceModel model;
  const int seats = *rc::gen::inRange(1, 20);
  Scenario scenario = RandomCouncil(seats, *rc::gen::inRange(0, 40));
  WhatIf trial = Trial(scenario, model);
  const ledger::v1::Interaction entry = RandomEntry(seats);
  trial.Append(entry);
  scenario.entries.push_back(entry);
  RC_ASSERT(std::abs(trial.Figures().score - scenario.Balance().score()) < kEqual);
}

RC_GTEST_PROP(TrialTest, SeatsGivenAndEndedOnTrialAreSeatsGivenAndEnded, ()) {
  const BalanceModel model;
  const int seats = *rc::gen::inRange(1, 20);
  const Scenario scenario = RandomCouncil(seats, *rc::gen::inRange(0, 40));
  WhatIf trial = Trial(scenario, model);
  const double before = trial.Figures().score;
  const contacts::v1::CouncilSeat seat = scenario.council.seats(*rc::gen::inRange(0, seats));
  trial.Unseat(seat.contact().id());
  RC_ASSERT(!trial.IsSeated(seat.contact().id()));

  Scenario without = scenario;
  auto& kept = *without.council.mutable_seats();
  kept.erase(
      std::remove_if(kept.begin(), kept.end(), [&](const auto& s) { return s.contact().id() == seat.contact().id(); }),
      kept.end());
  RC_ASSERT(std::abs(trial.Figures().score - without.Balance().score()) < kEqual);

  trial.Seat(seat.contact(), seat.seat());
  RC_ASSERT(std::abs(trial.Figures().score - before) < kEqual);
}

RC_GTEST_PROP(TrialTest, EvidenceIsWhatAnEntryDoesToItsComponent, ()) {
  const BalanceModel model;
  const Scenario scenario = RandomCouncil(*rc::gen::inRange(1, 12), *rc::gen::inRange(1, 20));
  std::map<std::string, std::vector<ledger::v1::Interaction>> entries;
  for (const ledger::v1::Interaction& entry : scenario.entries) {
    for (const std::string& id : entry.contact_ids()) entries[id].push_back(entry);
  }
  const auto component = static_cast<recommendations::Component>(*rc::gen::inRange<size_t>(0, 9));
  const std::string name(recommendations::ComponentName(component));
  const BalanceEvidence found = FindEvidence(component, scenario.council, entries, kScenarioNow, model);
  RC_ASSERT(found.total_entries == scenario.entries.size());
  RC_ASSERT(found.examined_entries == scenario.entries.size());

  std::map<int64_t, double> changes;
  for (const auto& evidence : found.evidence) changes[evidence.interaction().sequence()] = evidence.change();
  for (const ledger::v1::Interaction& entry : scenario.entries) {
    Scenario without = scenario;
    std::erase_if(without.entries, [&](const auto& e) { return e.sequence() == entry.sequence(); });
    const double change = Value(scenario.Balance(), name) - Value(without.Balance(), name);
    const auto at = changes.find(entry.sequence());
    RC_ASSERT(std::abs((at == changes.end() ? 0 : at->second) - change) < 1e-8);
  }
}

}  // namespace
}  // namespace council::testing
