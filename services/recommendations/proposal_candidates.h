#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_CANDIDATES_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_CANDIDATES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "services/recommendations/council_proposal.h"
#include "services/recommendations/network_snapshot.h"

namespace council::recommendations {

// Those who may be on a proposed council.
struct ProposalCandidates {
  ProposalTask task;
  // Everyone of the task with the seat that they have or would have, and who of them know each other. Newcomers are
  // taken as first seated 90 days ago, with the roles that the ledger shows and the cadence of their tags: a stranger
  // is no better than a lapsed seat.
  contacts::v1::GetCouncilResponse seats;
};

// Holds a request to its limits, as far as that can be seen without the network: INVALID_ARGUMENT with a violation for
// each wrong field.
absl::Status CheckProposal(const v1::ProposeCouncilRequest& request);

// Whom `request`, which must have passed CheckProposal, lets be chosen from `network` at `as_of`. With nobody named
// these are all contacts. Whoever is excluded, has died or is not to be contacted is left out, and so is who has no
// seat and wants rest (PAUSED until a day to come), unless pinned. Fails with INVALID_ARGUMENT for ids that are no
// contact's, and pinned ones who can't have a seat.
absl::StatusOr<ProposalCandidates> CandidatesOf(const v1::ProposeCouncilRequest& request,
                                                const NetworkSnapshot& network, absl::Time as_of);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PROPOSAL_CANDIDATES_H_
