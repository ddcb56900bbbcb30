#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_BENEFITS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_BENEFITS_H_

#include <set>
#include <string_view>

#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::recommendations {

// What passed between the owner and one contact in one entry, in one direction.
struct PassedBenefits {
  bool any = false;
  std::set<ledger::v1::BenefitKind> kinds;
};

// Whether `id` is or was an id of `contact`.
bool Names(const contacts::v1::Contact& contact, std::string_view id);

// The benefits of `entry` in `direction` with `contact`, one of its contacts: those that name the contact and those
// that name nobody.
PassedBenefits Passed(const ledger::v1::Interaction& entry, const contacts::v1::Contact& contact,
                      ledger::v1::BenefitDirection direction);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_BENEFITS_H_
