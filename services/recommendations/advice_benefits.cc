#include "services/recommendations/advice_benefits.h"

#include <utility>

#include "libs/base/proto_time.h"
#include "services/recommendations/people.h"

namespace council::recommendations {

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

void BenefitSums::Add(ledger::v1::BenefitDirection direction, ledger::v1::BenefitKind kind,
                      const ledger::v1::Interaction& entry) {
  v1::BenefitTimes& sum = sums_[{direction, kind}];
  sum.set_direction(direction);
  sum.set_kind(kind);
  sum.set_times(sum.times() + 1);
  if (!sum.has_last_time() || base::FromProto(sum.last_time()) < base::FromProto(entry.occur_time())) {
    *sum.mutable_last_time() = entry.occur_time();
  }
}

std::vector<v1::BenefitTimes> BenefitSums::Take() {
  std::vector<v1::BenefitTimes> times;
  for (auto& [key, sum] : std::exchange(sums_, {})) times.push_back(std::move(sum));
  return times;
}

}  // namespace council::recommendations
