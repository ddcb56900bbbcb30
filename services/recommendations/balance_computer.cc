#include "services/recommendations/balance_computer.h"

#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/balance.h"

namespace council::recommendations {

absl::StatusOr<ComputedBalance> BalanceComputer::Compute(const rpc::CallContext& call,
                                                         std::span<const std::string> tokens,
                                                         std::optional<absl::Time> as_of) {
  COUNCIL_ASSIGN_OR_RETURN(const CouncilSnapshot snapshot, reader_.Read(call, tokens, as_of));
  COUNCIL_ASSIGN_OR_RETURN(const seal::ConsistencyToken contacts,
                           tokens_.ParseConsistencyToken(call.owner(), snapshot.contacts_token));
  COUNCIL_ASSIGN_OR_RETURN(const seal::ConsistencyToken ledger,
                           tokens_.ParseConsistencyToken(call.owner(), snapshot.ledger_token));
  const absl::Time now = clock_.Now();
  ComputedBalance computed;
  computed.states = {.lineages = {contacts.lineage, ledger.lineage},
                     .revisions = {snapshot.contacts_revision, snapshot.ledger_revision}};
  v1::CouncilBalance& balance = computed.balance;
  balance = ComputeBalance(snapshot.council, snapshot.ties, as_of.value_or(now), models_.For(call.owner().tenant));
  balance.set_contacts_revision(snapshot.contacts_revision);
  balance.set_ledger_revision(snapshot.ledger_revision);
  balance.add_tokens(snapshot.contacts_token);
  balance.add_tokens(snapshot.ledger_token);
  *balance.mutable_compute_time() = base::ToProto(now);
  balance.set_answered_from(v1::ANSWERED_FROM_COMPUTATION);
  return computed;
}

absl::StatusOr<ServiceStates> BalanceComputer::AskStates(const rpc::CallContext& call) {
  COUNCIL_ASSIGN_OR_RETURN(const auto contacts, contacts_.GetRevision(call));
  COUNCIL_ASSIGN_OR_RETURN(const auto ledger, ledger_.GetRevision(call));
  return ServiceStates{.lineages = {contacts.lineage(), ledger.lineage()},
                       .revisions = {contacts.revision(), ledger.revision()}};
}

}  // namespace council::recommendations
