#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_READER_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_NETWORK_READER_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/network_snapshot.h"

namespace council::recommendations {

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
