#include "services/recommendations/propose_from.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/status.h"
#include "services/recommendations/balance.h"
#include "services/recommendations/council_facts.h"
#include "services/recommendations/council_proposal.h"
#include "services/recommendations/proposal_candidates.h"
#include "services/recommendations/proposal_reasons.h"

namespace council::recommendations {
namespace {

// Leaves those in `chosen`, and who of them know each other.
void Keep(const std::set<std::string>& chosen, contacts::v1::GetCouncilResponse& council) {
  auto& seats = *council.mutable_seats();
  seats.erase(std::remove_if(seats.begin(), seats.end(),
                             [&](const auto& seat) { return !chosen.contains(seat.seat().contact_id()); }),
              seats.end());
  auto& pairs = *council.mutable_acquaintances();
  pairs.erase(std::remove_if(pairs.begin(), pairs.end(),
                             [&](const auto& pair) {
                               return !chosen.contains(pair.contact_id()) || !chosen.contains(pair.other_contact_id());
                             }),
              pairs.end());
}

}  // namespace

absl::StatusOr<v1::ProposeCouncilResponse> ProposeFrom(const v1::ProposeCouncilRequest& request,
                                                       const NetworkSnapshot& network, absl::Time as_of,
                                                       const BalanceModel& model) {
  COUNCIL_ASSIGN_OR_RETURN(ProposalCandidates candidates, CandidatesOf(request, network, as_of));
  const ProposalTask& task = candidates.task;
  const CouncilProposal proposal = ProposeBestCouncil(task, model);
  const std::set<std::string> chosen(proposal.contact_ids.begin(), proposal.contact_ids.end());
  Keep(chosen, candidates.seats);

  v1::ProposeCouncilResponse response;
  response.set_exact(proposal.exact);
  *response.mutable_balance() = ComputeBalance(candidates.seats, network.ties, as_of, model);
  *response.mutable_current() = ComputeBalance(network.council, network.ties, as_of, model);
  for (const contacts::v1::CouncilSeat& seat : network.council.seats()) {
    if (!chosen.contains(seat.seat().contact_id())) response.add_unseated_ids(seat.seat().contact_id());
  }
  std::sort(response.mutable_unseated_ids()->begin(), response.mutable_unseated_ids()->end());

  // Candidates come in the order of their ids, and so do the seats.
  const std::vector<SeatFacts> facts = GatherFacts(candidates.seats, network.ties, as_of).seats;
  std::vector<SeatReason> reasons = ReasonsFor(facts, task, model);
  for (size_t i = 0; i < facts.size(); ++i) {
    v1::ProposedSeat& seat = *response.add_seats();
    contacts::v1::CouncilSeat& council_seat = *candidates.seats.mutable_seats(static_cast<int>(i));
    seat.set_seated(task.seated.contains(facts[i].contact_id));
    seat.mutable_seat()->Swap(council_seat.mutable_seat());
    // That is how newcomers were taken, not when they had a seat.
    if (!seat.seated()) seat.mutable_seat()->clear_first_seated_time();
    seat.mutable_contact()->Swap(council_seat.mutable_contact());
    seat.set_reason(std::move(reasons[i].sentence));
    seat.set_contribution(reasons[i].contribution);
  }
  std::stable_sort(
      response.mutable_seats()->begin(), response.mutable_seats()->end(),
      [](const v1::ProposedSeat& a, const v1::ProposedSeat& b) { return a.contribution() > b.contribution(); });
  return response;
}

}  // namespace council::recommendations
