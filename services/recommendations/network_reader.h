#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_READER_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_READER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"

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

// Reads what advice needs from the two services that have it. Thread-safe.
class NetworkReader {
 public:
  // Both must outlive the reader.
  NetworkReader(ContactsClient& contacts, LedgerClient& ledger) : contacts_(contacts), ledger_(ledger) {}

  // From states at least as fresh as `tokens`. Each part is one snapshot; the parts may be some milliseconds apart, so
  // a contact may be new to the one and not in the other. Fails as the clients do.
  absl::StatusOr<NetworkSnapshot> Read(const rpc::CallContext& call, std::span<const std::string> tokens);

 private:
  ContactsClient& contacts_;
  LedgerClient& ledger_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_READER_H_
