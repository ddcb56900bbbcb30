#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_H_

#include <span>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "services/recommendations/balance_model.h"

namespace council::recommendations {

// How balanced `council` is at `as_of`, and why: score, structure, practice, confidence and the nine components with
// their explanations, as docs/score.md explains them.
//
// `ties` are the summaries of its contacts as of then (see GatherFacts). `model` must be valid. Revisions, tokens,
// compute_time and answered_from are left for the caller to fill in. A pure function: the same seats, acquaintances and
// ties in any order give the same bytes.
v1::CouncilBalance ComputeBalance(const contacts::v1::GetCouncilResponse& council,
                                  std::span<const ledger::v1::Tie> ties, absl::Time as_of, const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_H_
