#include "services/recommendations/what_if.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/balance.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {
namespace {

template <typename Seats>
auto FindSeat(Seats& seats, const std::string& contact_id) {
  return std::find_if(seats.begin(), seats.end(),
                      [&](const auto& seat) { return seat.seat().contact_id() == contact_id; });
}

}  // namespace

WhatIf::WhatIf(contacts::v1::GetCouncilResponse council, std::span<const ledger::v1::Tie> ties, absl::Time as_of,
               const BalanceModel& model)
    : council_(std::move(council)), as_of_(as_of), model_(&model) {
  for (const ledger::v1::Tie& tie : ties) ties_.emplace(tie.contact_id(), tie);
}

void WhatIf::Seat(const contacts::v1::Contact& contact, contacts::v1::Seat seat) {
  seat.set_contact_id(contact.id());
  auto& seats = *council_.mutable_seats();
  auto at = FindSeat(seats, contact.id());
  if (at == seats.end()) {
    if (!seat.has_seated_time()) *seat.mutable_seated_time() = base::ToProto(as_of_);
    if (!seat.has_first_seated_time()) *seat.mutable_first_seated_time() = seat.seated_time();
    seats.Add();
    at = std::prev(seats.end());
  } else {
    *seat.mutable_seated_time() = at->seat().seated_time();
    *seat.mutable_first_seated_time() = at->seat().first_seated_time();
  }
  // Without one of its own, a cadence by tag stays.
  if (at->seat().has_cadence()) at->clear_effective_cadence();
  if (seat.has_cadence()) *at->mutable_effective_cadence() = seat.cadence();
  *at->mutable_seat() = std::move(seat);
  *at->mutable_contact() = contact;
}

void WhatIf::Unseat(const std::string& contact_id) {
  auto& seats = *council_.mutable_seats();
  const auto at = FindSeat(seats, contact_id);
  if (at != seats.end()) seats.erase(at);
}

void WhatIf::Acquaint(const std::string& a, const std::string& b) {
  contacts::v1::Acquaintance& acquaintance = *council_.add_acquaintances();
  acquaintance.set_contact_id(std::min(a, b));
  acquaintance.set_other_contact_id(std::max(a, b));
}

void WhatIf::Append(const ledger::v1::Interaction& entry) {
  if (base::FromProto(entry.occur_time()) > as_of_) return;
  for (const std::string& id : entry.contact_ids()) {
    ledger::v1::Tie& tie = ties_[id];
    tie.set_contact_id(id);
    ties::FoldEntry(entry, {&id, 1}, tie);
  }
}

void WhatIf::SetTie(ledger::v1::Tie tie) {
  std::string id = tie.contact_id();
  ties_.insert_or_assign(std::move(id), std::move(tie));
}

bool WhatIf::IsSeated(const std::string& contact_id) const {
  return FindSeat(council_.seats(), contact_id) != council_.seats().end();
}

const ledger::v1::Tie* WhatIf::TieOf(const std::string& contact_id) const {
  const auto at = ties_.find(contact_id);
  return at == ties_.end() ? nullptr : &at->second;
}

BalanceFigures WhatIf::Figures() const {
  std::vector<ledger::v1::Tie> ties;
  for (const contacts::v1::CouncilSeat& seat : council_.seats()) {
    const auto tie = ties_.find(seat.seat().contact_id());
    if (tie != ties_.end()) ties.push_back(tie->second);
  }
  return ComputeFigures(GatherFacts(council_, ties, as_of_), *model_);
}

v1::CouncilBalance WhatIf::Balance() const {
  std::vector<ledger::v1::Tie> ties;
  for (const auto& [id, tie] : ties_) ties.push_back(tie);
  return ComputeBalance(council_, ties, as_of_, *model_);
}

}  // namespace council::recommendations
