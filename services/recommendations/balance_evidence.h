#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_EVIDENCE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_EVIDENCE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "services/recommendations/balance_model.h"

namespace council::recommendations {

// More entries than these are not looked at one by one.
inline constexpr size_t kMostExaminedEntries = 500;

// Entries that a component rests on.
struct BalanceEvidence {
  // Those that move it, the strongest first, then the newest.
  std::vector<v1::ComponentEvidence> evidence;
  size_t examined_entries = 0;
  size_t total_entries = 0;
};

// What each of the seats' entries does to `component` at `as_of`: its value less what it would be without that entry
// alone. `entries` are the live ones of each seat, by contact id; one with several seats stands with each of them. The
// newest kMostExaminedEntries are tried. A pure function.
BalanceEvidence FindEvidence(Component component, const contacts::v1::GetCouncilResponse& council,
                             std::map<std::string, std::vector<ledger::v1::Interaction>> entries, absl::Time as_of,
                             const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_EVIDENCE_H_
