#include "tests/model/scenario.h"

#include <algorithm>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/balance.h"

namespace council::testing {

contacts::v1::CouncilSeat& Scenario::AddSeat(const std::string& id, absl::Duration seated_for, absl::Duration cadence) {
  contacts::v1::CouncilSeat& seat = *council.add_seats();
  seat.mutable_seat()->set_contact_id(id);
  seat.mutable_contact()->set_id(id);
  seat.mutable_contact()->set_display_name("Person " + id);
  *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(kScenarioNow - seated_for);
  *seat.mutable_effective_cadence() = base::ToProto(cadence);
  return seat;
}

ledger::v1::Interaction& Scenario::AddEntry(absl::Duration age, const std::vector<std::string>& contacts) {
  ledger::v1::Interaction& entry = entries.emplace_back();
  *entry.mutable_occur_time() = base::ToProto(kScenarioNow - age);
  for (const std::string& id : contacts) entry.add_contact_ids(id);
  return entry;
}

void Scenario::Acquaint(const std::string& a, const std::string& b) {
  contacts::v1::Acquaintance& acquaintance = *council.add_acquaintances();
  acquaintance.set_contact_id(std::min(a, b));
  acquaintance.set_other_contact_id(std::max(a, b));
}

std::vector<ledger::v1::Tie> Scenario::Ties(absl::Time as_of) const {
  std::vector<ledger::v1::Tie> ties;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) {
    const std::string& id = seat.seat().contact_id();
    ledger::v1::Tie tie;
    tie.set_contact_id(id);
    for (const ledger::v1::Interaction& entry : entries) {
      if (base::FromProto(entry.occur_time()) <= as_of) ties::FoldEntry(entry, {&id, 1}, tie);
    }
    ties.push_back(std::move(tie));
  }
  return ties;
}

recommendations::v1::CouncilBalance Scenario::Balance(absl::Time as_of) const {
  return recommendations::ComputeBalance(council, Ties(as_of), as_of, recommendations::BalanceModel());
}

ledger::v1::Benefit& AddBenefit(ledger::v1::Interaction& entry, ledger::v1::BenefitDirection direction,
                                ledger::v1::BenefitKind kind, int weight, const std::string& contact) {
  ledger::v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_direction(direction);
  benefit.set_kind(kind);
  benefit.set_weight(weight);
  benefit.set_contact_id(contact);
  return benefit;
}

std::map<std::string, double> Values(const recommendations::v1::CouncilBalance& balance) {
  std::map<std::string, double> values;
  for (const auto& component : balance.components()) values[component.name()] = component.value();
  return values;
}

double Value(const recommendations::v1::CouncilBalance& balance, const std::string& component) {
  return Values(balance).at(component);
}

}  // namespace council::testing
