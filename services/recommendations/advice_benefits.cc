#include "services/recommendations/advice_benefits.h"

#include <algorithm>

namespace council::recommendations {

bool Names(const contacts::v1::Contact& contact, std::string_view id) {
  const auto& former = contact.former_ids();
  return contact.id() == id || std::find(former.begin(), former.end(), id) != former.end();
}

PassedBenefits Passed(const ledger::v1::Interaction& entry, const contacts::v1::Contact& contact,
                      ledger::v1::BenefitDirection direction) {
  PassedBenefits passed;
  for (const ledger::v1::Benefit& benefit : entry.benefits()) {
    if (benefit.direction() != direction) continue;
    if (!benefit.contact_id().empty() && !Names(contact, benefit.contact_id())) continue;
    passed.any = true;
    passed.kinds.insert(benefit.kind());
  }
  return passed;
}

}  // namespace council::recommendations
