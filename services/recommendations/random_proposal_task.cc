#include "services/recommendations/random_proposal_task.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace council::recommendations {

TieFacts RandomProposalTask::MakeTie(const Manner& manner) {
  TieFacts tie;
  const auto some = [this](double chance, double most) { return Chance(chance) ? most * Share() * Share() : 0.0; };
  tie.energizing = some(0.6, 6);
  tie.draining = some(manner.drain, 6);
  tie.updates = some(0.6, 3);
  tie.conversations = some(0.5, 2);
  tie.counsels = some(0.3, 2);
  tie.given = some(0.6, 12);
  tie.received = some(0.6, 12);
  tie.introductions = some(0.2, 3);
  for (size_t domain = 0; domain < kLifeDomains; ++domain) {
    tie.hours[domain] = some(domain == 0 ? manner.career : (1 - manner.career) / 2, 8);
  }
  return tie;
}

SeatFacts RandomProposalTask::MakeSeat(const Manner& manner, size_t number) {
  SeatFacts seat;
  seat.contact_id = absl::StrFormat("c%05d", number);
  seat.name = absl::StrCat("Person ", number);
  for (bool& role : seat.roles) role = Chance(manner.role);
  seat.role_count = static_cast<int>(std::count(seat.roles.begin(), seat.roles.end(), true));
  for (size_t facet = 0; facet < manner.facets; ++facet) {
    if (!Chance(manner.facet_known)) continue;
    seat.facets[absl::StrCat("facet", facet)] = absl::StrCat("value", Below(1 + Below(manner.facet_values)));
  }
  seat.gap = Chance(manner.newcomer) ? 90 : 200 * Share() * Share();
  seat.fresh = seat.gap <= seat.cadence ? 1 : std::exp2(-(seat.gap - seat.cadence) / seat.cadence);
  seat.presence = 0.5 + 0.5 * seat.fresh;
  seat.expected = Chance(0.8) ? 1 : Share();
  if (Chance(manner.recorded)) seat.tie = MakeTie(manner);
  return seat;
}

ProposalTask RandomProposalTask::Make(size_t candidates) {
  Manner manner;
  manner.role = 0.1 + 0.5 * Share();
  manner.recorded = Chance(0.2) ? 0 : Share();
  manner.drain = 0.4 * Share();
  manner.career = Share();
  manner.newcomer = Share();
  manner.facets = Below(5);
  manner.facet_values = 1 + Below(8);
  manner.facet_known = Chance(0.5) ? 1 : 0.4 + 0.6 * Share();
  ProposalTask task;
  for (size_t i = 0; i < candidates; ++i) {
    task.candidates.push_back(MakeSeat(manner, i));
    if (Chance(1.0 / 3)) task.seated.insert(task.candidates.back().contact_id);
  }
  // Some groups in which most know each other, and some who just do.
  const size_t groups = 1 + Below(6);
  const double within = Share();
  const double across = candidates > 100 ? 5.0 / static_cast<double>(candidates) : 0.3 * Share() * Share();
  for (size_t i = 0; i < candidates; ++i) {
    for (size_t k = i + 1; k < candidates; ++k) {
      const bool together = candidates > 100 ? i / 20 == k / 20 : i % groups == k % groups;
      if (!Chance(together ? within : across)) continue;
      task.acquainted.emplace_back(task.candidates[i].contact_id, task.candidates[k].contact_id);
    }
  }
  return task;
}

CouncilFacts FactsOf(const ProposalTask& task, const std::set<std::string>& contact_ids) {
  CouncilFacts facts;
  for (const SeatFacts& candidate : task.candidates) {
    if (contact_ids.contains(candidate.contact_id)) facts.seats.push_back(candidate);
  }
  std::set<AcquaintedIds> pairs;
  for (const auto& [a, b] : task.acquainted) {
    if (a != b && contact_ids.contains(a) && contact_ids.contains(b)) pairs.insert(std::minmax(a, b));
  }
  facts.acquainted_pairs = static_cast<int64_t>(pairs.size());
  return facts;
}

}  // namespace council::recommendations
