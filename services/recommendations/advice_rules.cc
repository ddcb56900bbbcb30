#include "services/recommendations/advice_rules.h"

#include <algorithm>

#include "services/recommendations/advice_benefits.h"

namespace council::recommendations {

bool IsShallow(const ledger::v1::Interaction& entry) {
  return entry.depth() == ledger::v1::INTERACTION_DEPTH_EXCHANGE ||
         entry.depth() == ledger::v1::INTERACTION_DEPTH_UPDATE;
}

bool HasRole(const contacts::v1::Seat& seat, common::v1::CouncilRole role) {
  return std::ranges::find(seat.roles(), role) != seat.roles().end();
}

bool Advised(const ledger::v1::Interaction& entry, const contacts::v1::Contact& contact) {
  const PassedBenefits received = Passed(entry, contact, ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  return received.kinds.contains(ledger::v1::BENEFIT_KIND_ADVICE) ||
         received.kinds.contains(ledger::v1::BENEFIT_KIND_FEEDBACK);
}

}  // namespace council::recommendations
