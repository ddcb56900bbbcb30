#include "services/ledger/owner_state.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

namespace council::ledger {

v1::KeptEvent KeptEventOf(const EventRecord& event) {
  v1::KeptEvent kept;
  kept.set_uid(event.uid);
  kept.set_recurrence_id(event.recurrence_id);
  *kept.mutable_imported() = event.imported;
  kept.set_withdrawn(event.withdrawn);
  kept.set_text_erased(event.text_erased);
  for (const auto& [address, contact_id] : event.attendees) {
    v1::KeptAttendee& attendee = *kept.add_attendees();
    attendee.set_address(address);
    attendee.set_contact_id(contact_id);
  }
  return kept;
}

v1::KeptEntry KeptEntryOf(const EntryRow& row, const EventRecord* event) {
  v1::KeptEntry kept;
  *kept.mutable_interaction() = row.entry;
  for (const std::string& salt : row.salts) kept.add_salts(salt);
  for (const std::string& commitment : row.erased) kept.add_erased_commitments(commitment);
  if (!row.request_id.empty()) {
    kept.set_request_id(row.request_id);
    kept.set_request_digest(row.request.content);
    kept.set_request_text_digest(row.request.text);
  }
  if (event != nullptr) *kept.mutable_event() = KeptEventOf(*event);
  return kept;
}

Draft DraftOf(const v1::KeptEntry& kept) {
  Draft draft;
  draft.content = kept.interaction();
  draft.salts.assign(kept.salts().begin(), kept.salts().end());
  const std::vector<std::string> erased(kept.erased_commitments().begin(), kept.erased_commitments().end());
  draft.commitments = Recommit(draft.content, draft.salts, erased);
  draft.content.clear_sequence();
  draft.content.clear_corrected_by();
  draft.content.clear_previous_hash();
  draft.content.clear_hash();
  draft.request_id = kept.request_id();
  draft.request = {.content = kept.request_digest(), .text = kept.request_text_digest()};
  if (!kept.has_event()) return draft;
  EventRecord& event = draft.event.emplace().record;
  event.uid = kept.event().uid();
  event.recurrence_id = kept.event().recurrence_id();
  event.imported = kept.event().imported();
  event.withdrawn = kept.event().withdrawn();
  event.text_erased = kept.event().text_erased();
  for (const v1::KeptAttendee& attendee : kept.event().attendees()) {
    event.attendees[attendee.address()] = attendee.contact_id();
  }
  return draft;
}

void PromiseBook::Take(const v1::Interaction& entry, const v1::Interaction* corrected, const std::string& path,
                       base::FieldViolations& violations) {
  if (corrected != nullptr) {
    // What it promised is promised by its correction where that says so again, and what it ended is open.
    for (const v1::Promise& promise : corrected->promises()) {
      const bool again = std::any_of(entry.promises().begin(), entry.promises().end(),
                                     [&](const v1::Promise& other) { return other.id() == promise.id(); });
      if (!again) promises_.erase(promise.id());
    }
    for (const std::string& id : corrected->closes_promises()) {
      const auto found = promises_.find(id);
      if (found != promises_.end() && found->second.closed_by == corrected->sequence()) found->second.closed_by = 0;
    }
  }
  for (int i = 0; i < entry.promises_size(); ++i) {
    const std::string& id = entry.promises(i).id();
    const auto [found, opened] = promises_.try_emplace(id, State{.opened_by = entry.sequence()});
    if (id.empty() || (!opened && (entry.corrects() == 0 || found->second.opened_by != entry.corrects()))) {
      violations.Add(absl::StrCat(path, ".promises[", i, "].id"), "is taken already, or missing");
    }
    found->second.opened_by = entry.sequence();
  }
  for (int i = 0; i < entry.closes_promises_size(); ++i) {
    const auto found = promises_.find(entry.closes_promises(i));
    if (found == promises_.end() || found->second.closed_by != 0 || found->second.opened_by >= entry.sequence()) {
      violations.Add(absl::StrCat(path, ".closes_promises[", i, "]"),
                     "must be the id of an open promise of an earlier entry");
      continue;
    }
    found->second.closed_by = entry.sequence();
  }
}

}  // namespace council::ledger
