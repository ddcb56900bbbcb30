#include "services/recommendations/council_reader.h"

#include <utility>

#include "libs/base/status.h"

namespace council::recommendations {

absl::StatusOr<CouncilSnapshot> CouncilReader::Read(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                    std::optional<absl::Time> as_of) {
  CouncilSnapshot snapshot;
  COUNCIL_ASSIGN_OR_RETURN(snapshot.council, contacts_.GetCouncil(call, tokens, as_of));
  snapshot.contacts_token = snapshot.council.token();
  snapshot.contacts_revision = snapshot.council.revision();

  std::vector<ledger::v1::TieContact> contacts;
  for (const contacts::v1::CouncilSeat& seat : snapshot.council.seats()) {
    contacts.push_back(TieContactOf(seat.contact()));
  }
  if (contacts.empty()) {
    // Without ties to read the ledger's state is asked for.
    COUNCIL_ASSIGN_OR_RETURN(const auto revision, ledger_.GetRevision(call, tokens));
    snapshot.ledger_token = revision.token();
    snapshot.ledger_revision = revision.revision();
    return snapshot;
  }
  COUNCIL_ASSIGN_OR_RETURN(TiesSnapshot ties, ledger_.ListTies(call, tokens, contacts, as_of));
  snapshot.ties = std::move(ties.ties);
  snapshot.ledger_token = std::move(ties.token);
  snapshot.ledger_revision = ties.revision;
  return snapshot;
}

}  // namespace council::recommendations
