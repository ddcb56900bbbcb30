// The part of an append that keeps the ties' summaries.
#include <algorithm>
#include <set>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/append_plan.h"

namespace council::ledger {

bool AppendPlan::IsUpcoming(std::int64_t sequence) const {
  if (const bool* staged = upcoming_.Find(sequence)) return *staged;
  return reads_.upcoming.contains(sequence);
}

absl::Status AppendPlan::FoldDue(absl::Time now) {
  std::vector<v1::Interaction> due;
  const auto add_if_due = [&](const v1::Interaction& entry) {
    if (IsUpcoming(entry.sequence()) && base::FromProto(entry.occur_time()) <= now) due.push_back(entry);
  };
  for (const auto& [sequence, row] : reads_.upcoming) {
    if (!row.ok()) return row.status();
    add_if_due(row->entry);
  }
  for (const auto& [sequence, upcoming] : upcoming_.kept()) {
    if (!reads_.upcoming.contains(sequence)) {
      COUNCIL_ASSIGN_OR_RETURN(const v1::Interaction entry, EntryAt(sequence));
      add_if_due(entry);
    }
  }
  absl::Status result;
  for (const v1::Interaction& entry : due) {
    upcoming_.Set(entry.sequence(), false);
    for (const std::string& contact_id : entry.contact_ids()) {
      if (!contact_id.empty()) result.Update(Fold(entry, contact_id));
    }
  }
  return result;
}

absl::Status AppendPlan::Summarize(const v1::Interaction& entry, const v1::Interaction* corrected, absl::Time now) {
  const bool upcoming = TellsSomething(entry) && base::FromProto(entry.occur_time()) > now;
  if (upcoming) upcoming_.Set(entry.sequence(), true);
  absl::Status result;
  if (corrected != nullptr) {
    std::set<std::string> contact_ids(entry.contact_ids().begin(), entry.contact_ids().end());
    contact_ids.insert(corrected->contact_ids().begin(), corrected->contact_ids().end());
    contact_ids.erase("");  // Those who were erased.
    for (const std::string& contact_id : contact_ids) result.Update(Rebuild(IdBytes(contact_id)));
    return result;
  }
  for (const std::string& contact_id : entry.contact_ids()) {
    if (contact_id.empty()) continue;
    // One that is upcoming makes the tie known, and no more.
    result.Update(upcoming ? ChangeTie(contact_id).status() : Fold(entry, contact_id));
  }
  return result;
}

absl::StatusOr<AppendPlan::TieState*> AppendPlan::ChangeTie(const std::string& contact_id) {
  const std::string contact = IdBytes(contact_id);
  if (TieState* staged = ties_.Change(contact)) return staged;
  if (!reads_.asked.ties.contains(contact)) {
    missing_.ties.insert(contact);
    return NotReadYet();
  }
  TieState state;
  const auto found = reads_.ties.find(contact);
  if (found != reads_.ties.end()) {
    if (!found->second.ok()) return found->second.status();
    if (found->second->stale) {
      COUNCIL_RETURN_IF_ERROR(Rebuild(contact));
      return ties_.Change(contact);
    }
    state.tie = found->second->tie;
  }
  state.tie.set_contact_id(contact_id);
  return &ties_.Set(contact, std::move(state));
}

absl::Status AppendPlan::Fold(const v1::Interaction& entry, const std::string& contact_id) {
  const std::string contact = IdBytes(contact_id);
  const std::int64_t number = DayOfEntry(entry);
  const absl::StatusOr<TieState*> changed = ChangeTie(contact_id);
  TieState* tie = changed.ok() ? *changed : nullptr;
  if (tie != nullptr && tie->rebuild) return absl::OkStatus();
  // Both the tie and its day are asked for at once where neither was read.
  const bool staged = tie != nullptr && tie->days.contains(number);
  if (!staged && !reads_.asked.days.contains({contact, number})) {
    missing_.days.insert({contact, number});
    return NotReadYet();
  }
  COUNCIL_RETURN_IF_ERROR(changed.status());
  ties::FoldEntry(entry, {&contact_id, 1}, tie->tie);
  v1::TieDay day = ties::DayOf(entry);
  const v1::TieDay* known = nullptr;
  if (staged) {
    known = &tie->days[number];
  } else if (const auto found = reads_.days.find({contact, number}); found != reads_.days.end()) {
    if (!found->second.ok()) return found->second.status();
    known = &*found->second;
  }
  if (known != nullptr) {
    day.set_entries(day.entries() + known->entries());
    day.set_parted_entries(day.parted_entries() + known->parted_entries());
  }
  tie->days[number] = std::move(day);
  return absl::OkStatus();
}

absl::Status AppendPlan::Rebuild(const std::string& contact) {
  if (!reads_.asked.tie_entries.contains(contact)) {
    missing_.tie_entries.insert(contact);
    return NotReadYet();
  }
  const auto found = reads_.tie_entries.find(contact);
  if (found != reads_.tie_entries.end() && !found->second.ok()) return found->second.status();
  TieState state;
  state.rebuild = true;
  ties_.Set(contact, std::move(state));
  return absl::OkStatus();
}

v1::Tie AppendPlan::Rebuilt(const std::string& contact) const {
  const std::string contact_id = IdText(contact);
  std::vector<v1::Interaction> entries;
  if (const auto found = reads_.tie_entries.find(contact); found != reads_.tie_entries.end()) {
    for (const v1::Interaction& entry : *found->second) {
      if (!IsUpcoming(entry.sequence())) entries.push_back(AsItStands(entry));
    }
  }
  for (const NewEntry& added : entries_) {
    const auto& contact_ids = added.entry.contact_ids();
    const bool names = std::find(contact_ids.begin(), contact_ids.end(), contact_id) != contact_ids.end();
    if (names && !IsUpcoming(added.entry.sequence())) entries.push_back(AsItStands(added.entry));
  }
  return ties::BuildTie(contact_id, {&contact_id, 1}, entries, absl::InfiniteFuture());
}

}  // namespace council::ledger
