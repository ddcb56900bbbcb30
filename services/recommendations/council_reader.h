#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_READER_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_READER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"

namespace council::recommendations {

// All that a balance is computed from: a council, and the ties of its contacts, with the states that they were read in.
struct CouncilSnapshot {
  contacts::v1::GetCouncilResponse council;
  std::vector<ledger::v1::Tie> ties;
  std::string contacts_token;
  std::string ledger_token;
  int64_t contacts_revision = 0;
  int64_t ledger_revision = 0;
};

// Reads what a balance needs from the two services that have it: first the council in one snapshot, then the ties of
// its contacts, former ids included, in one snapshot of the ledger. Thread-safe.
class CouncilReader {
 public:
  // Both must outlive the reader.
  CouncilReader(ContactsClient& contacts, LedgerClient& ledger) : contacts_(contacts), ledger_(ledger) {}

  // Now, or as of a past moment; from states at least as fresh as `tokens`. Fails as the clients do.
  absl::StatusOr<CouncilSnapshot> Read(const rpc::CallContext& call, std::span<const std::string> tokens,
                                       std::optional<absl::Time> as_of);

 private:
  ContactsClient& contacts_;
  LedgerClient& ledger_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_READER_H_
