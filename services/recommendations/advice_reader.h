#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_READER_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_READER_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/rpc/call.h"
#include "services/recommendations/advice_network.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/network_reader.h"

namespace council::recommendations {

// What advice is made of, as read for one call.
struct AdviceInput {
  NetworkSnapshot snapshot;
  NewestEntries newest;
  // Views the two.
  std::unique_ptr<AdviceNetwork> network;
};

// Reads the caller's network and their newest entries as of `now`, from states at least as fresh as `tokens`. `model`
// must outlive the input. Fails as the clients do.
absl::StatusOr<std::unique_ptr<AdviceInput>> ReadAdviceInput(const rpc::CallContext& call,
                                                             std::span<const std::string> tokens,
                                                             NetworkReader& network, LedgerClient& ledger,
                                                             absl::Time now, const BalanceModel& model);

// The newest entries of some of the network's contacts, newest first, each once; of each contact at most
// kMostEntriesRead. Fails as the client does.
absl::StatusOr<std::vector<ledger::v1::Interaction>> ReadEntriesOf(const rpc::CallContext& call,
                                                                   std::span<const std::string> tokens,
                                                                   LedgerClient& ledger, const AdviceNetwork& network,
                                                                   std::span<const std::string> contact_ids);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_READER_H_
