#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_BENEFITS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_BENEFITS_H_

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::recommendations {

// What passed between the owner and one contact in one entry, in one direction.
struct PassedBenefits {
  bool any = false;
  std::set<ledger::v1::BenefitKind> kinds;
};

// The benefits of `entry` in `direction` with `contact`, one of its contacts: those that name the contact and those
// that name nobody.
PassedBenefits Passed(const ledger::v1::Interaction& entry, const contacts::v1::Contact& contact,
                      ledger::v1::BenefitDirection direction);

// In how many entries something passed, by direction and kind, and when for the last time.
class BenefitSums {
 public:
  // In any order; each entry once for a direction and kind.
  void Add(ledger::v1::BenefitDirection direction, ledger::v1::BenefitKind kind, const ledger::v1::Interaction& entry);
  // In the order of the enums. Leaves nothing behind.
  std::vector<v1::BenefitTimes> Take();

 private:
  std::map<std::pair<int, int>, v1::BenefitTimes> sums_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_BENEFITS_H_
