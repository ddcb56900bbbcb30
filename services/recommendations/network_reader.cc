#include "services/recommendations/network_reader.h"

#include <algorithm>
#include <utility>

#include "libs/base/status.h"

namespace council::recommendations {

absl::StatusOr<NetworkSnapshot> NetworkReader::Read(const rpc::CallContext& call, std::span<const std::string> tokens) {
  NetworkSnapshot network;
  COUNCIL_ASSIGN_OR_RETURN(network.council, contacts_.GetCouncil(call, tokens, /*as_of=*/std::nullopt));
  COUNCIL_ASSIGN_OR_RETURN(network.contacts, contacts_.ListContacts(call, tokens));
  COUNCIL_ASSIGN_OR_RETURN(network.acquaintances, contacts_.ListAcquaintances(call, tokens));
  COUNCIL_ASSIGN_OR_RETURN(network.settings, contacts_.GetSettings(call, tokens));
  COUNCIL_ASSIGN_OR_RETURN(network.plans, ledger_.ListPlans(call, tokens));
  std::sort(network.contacts.begin(), network.contacts.end(),
            [](const contacts::v1::Contact& a, const contacts::v1::Contact& b) { return a.id() < b.id(); });

  std::vector<ledger::v1::TieContact> contacts;
  for (const contacts::v1::Contact& contact : network.contacts) contacts.push_back(TieContactOf(contact));
  COUNCIL_ASSIGN_OR_RETURN(TiesSnapshot ties, ledger_.ListTies(call, tokens, contacts, /*as_of=*/std::nullopt,
                                                               {.days = false, .strength = true}));
  std::erase_if(ties.ties, [](const ledger::v1::Tie& tie) { return tie.entries() == 0; });
  network.ties = std::move(ties.ties);
  return network;
}

}  // namespace council::recommendations
