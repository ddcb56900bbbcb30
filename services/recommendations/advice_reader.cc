#include "services/recommendations/advice_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/advice_evidence.h"

namespace council::recommendations {
namespace {

// Half a year and more of a busy ledger.
constexpr size_t kMostNewest = 2000;

bool IsNewer(const ledger::v1::Interaction& a, const ledger::v1::Interaction& b) {
  return std::pair(base::FromProto(a.occur_time()), a.sequence()) >
         std::pair(base::FromProto(b.occur_time()), b.sequence());
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdviceInput>> ReadAdviceInput(const rpc::CallContext& call,
                                                             std::span<const std::string> tokens,
                                                             NetworkReader& network, LedgerClient& ledger,
                                                             absl::Time now, const BalanceModel& model) {
  auto input = std::make_unique<AdviceInput>();
  COUNCIL_ASSIGN_OR_RETURN(input->snapshot, network.Read(call, tokens));
  COUNCIL_ASSIGN_OR_RETURN(input->newest.entries,
                           ledger.ListInteractions(call, tokens, ledger::v1::TieContact(), now, kMostNewest));
  if (input->newest.entries.size() == kMostNewest) {
    input->newest.since = base::FromProto(input->newest.entries.back().occur_time());
  }
  input->network = std::make_unique<AdviceNetwork>(input->snapshot, input->newest, now, model);
  return input;
}

absl::StatusOr<std::vector<ledger::v1::Interaction>> ReadEntriesOf(const rpc::CallContext& call,
                                                                   std::span<const std::string> tokens,
                                                                   LedgerClient& ledger, const AdviceNetwork& network,
                                                                   std::span<const std::string> contact_ids) {
  std::vector<ledger::v1::Interaction> entries;
  for (const std::string& id : contact_ids) {
    const Person* person = network.Find(id);
    // Nothing is known of someone without a tie.
    if (person == nullptr || person->tie == nullptr) continue;
    COUNCIL_ASSIGN_OR_RETURN(auto of_contact, ledger.ListInteractions(call, tokens, TieContactOf(*person->contact),
                                                                      network.as_of(), kMostEntriesRead));
    std::move(of_contact.begin(), of_contact.end(), std::back_inserter(entries));
  }
  std::sort(entries.begin(), entries.end(), IsNewer);
  const auto again = std::unique(entries.begin(), entries.end(),
                                 [](const auto& a, const auto& b) { return a.sequence() == b.sequence(); });
  entries.erase(again, entries.end());
  return entries;
}

}  // namespace council::recommendations
