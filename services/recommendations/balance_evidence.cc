#include "services/recommendations/balance_evidence.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/what_if.h"

namespace council::recommendations {
namespace {

// Below it a change is rounding.
constexpr double kLeastChange = 1e-9;

using Entries = std::vector<ledger::v1::Interaction>;

// An entry as each of its seats has it.
struct Examined {
  std::vector<std::pair<std::string, ledger::v1::Interaction*>> copies;

  const ledger::v1::Interaction& entry() const { return *copies.front().second; }
};

std::vector<std::string> IdsOf(const contacts::v1::Contact& contact) {
  std::vector<std::string> ids(contact.former_ids().begin(), contact.former_ids().end());
  ids.push_back(contact.id());
  return ids;
}

}  // namespace

BalanceEvidence FindEvidence(Component component, const contacts::v1::GetCouncilResponse& council,
                             std::map<std::string, Entries> entries, absl::Time as_of, const BalanceModel& model) {
  std::map<std::string, std::vector<std::string>> ids;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) ids[seat.contact().id()] = IdsOf(seat.contact());

  std::vector<ledger::v1::Tie> ties;
  std::map<int64_t, Examined> by_sequence;
  for (auto& [contact_id, of_contact] : entries) {
    if (!ids.contains(contact_id)) continue;
    ties.push_back(ties::BuildTie(contact_id, ids[contact_id], of_contact, as_of));
    for (ledger::v1::Interaction& entry : of_contact)
      by_sequence[entry.sequence()].copies.emplace_back(contact_id, &entry);
  }
  std::vector<Examined> newest;
  for (auto& [sequence, examined] : by_sequence) newest.push_back(std::move(examined));
  std::stable_sort(newest.begin(), newest.end(), [](const Examined& a, const Examined& b) {
    return base::FromProto(a.entry().occur_time()) > base::FromProto(b.entry().occur_time());
  });

  BalanceEvidence result;
  result.total_entries = newest.size();
  newest.resize(std::min(newest.size(), kMostExaminedEntries));
  result.examined_entries = newest.size();

  WhatIf trial(council, ties, as_of, model);
  const double value = trial.Figures().values[component];
  for (const Examined& examined : newest) {
    std::vector<ledger::v1::Tie> whole;
    for (const auto& [contact_id, entry] : examined.copies) {
      whole.push_back(*trial.TieOf(contact_id));
      // A corrected entry has no part in a tie.
      entry->set_corrected_by(entry->sequence() + 1);
      trial.SetTie(ties::BuildTie(contact_id, ids[contact_id], entries[contact_id], as_of));
      entry->set_corrected_by(0);
    }
    const double change = value - trial.Figures().values[component];
    for (ledger::v1::Tie& tie : whole) trial.SetTie(std::move(tie));
    if (std::abs(change) < kLeastChange) continue;
    v1::ComponentEvidence& evidence = result.evidence.emplace_back();
    *evidence.mutable_interaction() = examined.entry();
    evidence.set_change(change);
  }
  std::stable_sort(result.evidence.begin(), result.evidence.end(),
                   [](const v1::ComponentEvidence& a, const v1::ComponentEvidence& b) {
                     return std::abs(a.change()) > std::abs(b.change());
                   });
  return result;
}

}  // namespace council::recommendations
