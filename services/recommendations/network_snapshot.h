#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_SNAPSHOT_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_SNAPSHOT_H_

#include <vector>

#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::recommendations {

// All that advice is made of: everyone the owner knows, who has a seat, who knows whom, the ties, what is planned.
struct NetworkSnapshot {
  contacts::v1::Settings settings;
  // With the acquaintances among seats.
  contacts::v1::GetCouncilResponse council;
  // Everyone, seated or not, whatever their status; in order of their ids.
  std::vector<contacts::v1::Contact> contacts;
  // Among all contacts.
  std::vector<contacts::v1::Acquaintance> acquaintances;
  // One for each of `contacts` that has entries, former ids included, with strength; in order of contact ids.
  std::vector<ledger::v1::Tie> ties;
  // Coming meetings.
  std::vector<ledger::v1::Plan> plans;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_SNAPSHOT_H_
