#include "services/ledger/append_plan.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/chain.h"
#include "services/ledger/contact_erasure.h"

namespace council::ledger {
namespace {

absl::Status AlreadyCorrected(const v1::Interaction& entry) {
  return base::Error(
      absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_ALREADY_CORRECTED,
      entry.corrected_by() != 0
          ? absl::StrCat("entry ", entry.sequence(), " was corrected by entry ", entry.corrected_by(), "; correct that")
          : absl::StrCat("entry ", entry.sequence(), " is a retraction, which stands"));
}

bool Contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

bool TellsSomething(const v1::Interaction& entry) {
  return entry.kind() == v1::INTERACTION_KIND_INTERACTION || entry.kind() == v1::INTERACTION_KIND_CORRECTION;
}

absl::Status AppendPlan::NotReadYet() {
  return absl::InternalError("rows are missing from the plan");
}

AppendNeeds NeedsOf(std::span<const AppendJob* const> jobs) {
  AppendNeeds needs;
  needs.state = true;
  for (const AppendJob* job : jobs) {
    for (const PreparedDraft& prepared : job->drafts) {
      if (!prepared.request.empty()) needs.requests.insert(prepared.request);
      if (prepared.draft.content.corrects() != 0) needs.entries.insert(prepared.draft.content.corrects());
      needs.promises.insert(prepared.opened_promises.begin(), prepared.opened_promises.end());
      needs.promises.insert(prepared.closed_promises.begin(), prepared.closed_promises.end());
      if (prepared.event.has_value()) needs.events.insert(prepared.event->event);
      if (prepared.moved_from.has_value()) needs.events.insert(prepared.moved_from->event);
      for (const std::string& contact : prepared.contacts) {
        needs.ties.insert(contact);
        needs.days.insert({contact, prepared.day});
      }
    }
  }
  return needs;
}

std::vector<std::vector<std::size_t>> ByOwner(std::span<const AppendJob* const> jobs) {
  std::map<std::string_view, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < jobs.size(); ++i) places[jobs[i]->key.hash].push_back(i);
  std::vector<std::vector<std::size_t>> result;
  result.reserve(places.size());
  for (auto& [owner, of_owner] : places) result.push_back(std::move(of_owner));
  return result;
}

AppendPlan::AppendPlan(const RowCodec& codec, const AppendReads& reads)
    : codec_(codec),
      reads_(reads),
      head_(codec.CheckHead(reads.state)),
      kept_state_(reads.state),
      state_(reads.state) {}

absl::StatusOr<Appended> AppendPlan::Append(const AppendJob& job) {
  absl::StatusOr<Appended> appended = AppendAll(job);
  if (appended.ok()) {
    Keep();
  } else {
    Drop();
  }
  return appended;
}

absl::StatusOr<Appended> AppendPlan::AppendAll(const AppendJob& job) {
  if (state_.erased) return OwnerErased();
  // What somebody else wrote is not gone on with: that would prove it.
  COUNCIL_RETURN_IF_ERROR(head_);
  if (state_.chain_id.empty()) {
    state_.chain_id = job.chain_id;
    state_.head_hash = ZeroHash();
  }
  if (job.place.has_value()) {
    if (state_.head_sequence == 0) state_.chain_id = job.place->chain_id;
    if (state_.chain_id != job.place->chain_id || state_.head_sequence != job.place->head_sequence ||
        state_.head_hash != job.place->head_hash) {
      return absl::AbortedError("the ledger does not end where the entries go on");
    }
  }
  Appended appended;
  for (const PreparedDraft& prepared : job.drafts) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<v1::Interaction> repeated, FindRepeated(prepared));
    appended.repeated.push_back(repeated.has_value());
    if (repeated.has_value()) {
      appended.entries.push_back(*std::move(repeated));
      continue;
    }
    if (state_.revision == kept_state_.revision) {
      ++state_.revision;
      COUNCIL_RETURN_IF_ERROR(FoldDue(job.now));
    }
    COUNCIL_ASSIGN_OR_RETURN(v1::Interaction entry, AppendOne(prepared, job.now));
    appended.entries.push_back(std::move(entry));
  }
  appended.revision = state_.revision;
  return appended;
}

void AppendPlan::Keep() {
  // Without a change nothing is written, and an owner who had no chain has none.
  if (state_.revision != kept_state_.revision) kept_state_ = state_;
  state_ = kept_state_;
  kept_entries_ = entries_.size();
  requests_.Keep();
  corrected_.Keep();
  upcoming_.Keep();
  promises_.Keep();
  events_.Keep();
  ties_.Keep();
}

void AppendPlan::Drop() {
  state_ = kept_state_;
  entries_.resize(kept_entries_);
  requests_.Drop();
  corrected_.Drop();
  upcoming_.Drop();
  promises_.Drop();
  events_.Drop();
  ties_.Drop();
}

v1::Interaction AppendPlan::AsItStands(v1::Interaction entry) const {
  if (const std::int64_t* correction = corrected_.Find(entry.sequence())) entry.set_corrected_by(*correction);
  return entry;
}

absl::StatusOr<std::optional<v1::Interaction>> AppendPlan::FindRepeated(const PreparedDraft& prepared) {
  if (prepared.request.empty()) return std::nullopt;
  if (const std::int64_t* sequence = requests_.Find(prepared.request)) {
    const NewEntry& known = entries_[static_cast<std::size_t>(*sequence - reads_.state.head_sequence - 1)];
    if (!SameRequest(known.prepared->draft.request, prepared.draft.request)) return base::RequestIdReused();
    return AsItStands(known.entry);
  }
  if (!reads_.asked.requests.contains(prepared.request)) {
    missing_.requests.insert(prepared.request);
    return NotReadYet();
  }
  const auto found = reads_.requests.find(prepared.request);
  if (found == reads_.requests.end()) return std::nullopt;
  if (!found->second.ok()) return found->second.status();
  if (!SameRequest(found->second->request, prepared.draft.request)) return base::RequestIdReused();
  return AsItStands(found->second->entry);
}

absl::StatusOr<v1::Interaction> AppendPlan::EntryAt(std::int64_t sequence) {
  const std::int64_t in_batch = sequence - reads_.state.head_sequence - 1;
  if (in_batch >= 0 && in_batch < static_cast<std::int64_t>(entries_.size())) {
    return AsItStands(entries_[static_cast<std::size_t>(in_batch)].entry);
  }
  if (!reads_.asked.entries.contains(sequence)) {
    missing_.entries.insert(sequence);
    return NotReadYet();
  }
  const auto found = reads_.entries.find(sequence);
  if (found == reads_.entries.end()) {
    return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_INTERACTION_NOT_FOUND,
                       absl::StrCat("there is no entry ", sequence));
  }
  if (!found->second.ok()) return found->second.status();
  return AsItStands(found->second->entry);
}

absl::StatusOr<v1::Interaction> AppendPlan::MarkCorrected(std::int64_t corrects, std::int64_t correction) {
  COUNCIL_ASSIGN_OR_RETURN(v1::Interaction entry, EntryAt(corrects));
  if (entry.corrected_by() != 0 || !TellsSomething(entry)) return AlreadyCorrected(entry);
  corrected_.Set(corrects, correction);
  if (IsUpcoming(corrects)) upcoming_.Set(corrects, false);
  return entry;
}

absl::StatusOr<v1::Interaction> AppendPlan::AppendOne(const PreparedDraft& prepared, absl::Time now) {
  v1::Interaction entry = prepared.draft.content;
  entry.set_sequence(state_.head_sequence + 1);
  entry.set_previous_hash(state_.head_hash);
  entry.set_hash(ChainHash(state_.chain_id, entry.sequence(), state_.head_hash, base::FromProto(entry.record_time()),
                           prepared.draft.commitments));
  std::optional<v1::Interaction> corrected;
  if (entry.corrects() != 0) {
    COUNCIL_ASSIGN_OR_RETURN(corrected, MarkCorrected(entry.corrects(), entry.sequence()));
  }
  entries_.push_back({.entry = entry, .revision = state_.revision, .prepared = &prepared});
  if (!prepared.request.empty()) requests_.Set(prepared.request, entry.sequence());
  // What a correction or an event needs to be read shows in all of these at once.
  const absl::Status unerased = CheckErasures(prepared);
  const absl::Status undone = corrected.has_value() ? UndoPromises(prepared, *corrected) : absl::OkStatus();
  const absl::Status summarized = Summarize(entry, corrected.has_value() ? &*corrected : nullptr, now);
  COUNCIL_RETURN_IF_ERROR(unerased);
  COUNCIL_RETURN_IF_ERROR(undone);
  COUNCIL_RETURN_IF_ERROR(OpenPromises(prepared, entry.sequence()));
  COUNCIL_RETURN_IF_ERROR(ClosePromises(prepared, entry.sequence()));
  COUNCIL_RETURN_IF_ERROR(ChangeEvent(prepared, entry.sequence()));
  COUNCIL_RETURN_IF_ERROR(summarized);
  state_.head_sequence = entry.sequence();
  state_.head_hash = entry.hash();
  return entry;
}

absl::StatusOr<std::optional<PromiseState>> AppendPlan::FindPromise(const std::string& promise) {
  if (const auto* staged = promises_.Find(promise)) return *staged;
  if (!reads_.asked.promises.contains(promise)) {
    missing_.promises.insert(promise);
    return NotReadYet();
  }
  const auto found = reads_.promises.find(promise);
  if (found == reads_.promises.end()) return std::nullopt;
  return found->second;
}

absl::Status AppendPlan::UndoPromises(const PreparedDraft& prepared, const v1::Interaction& corrected) {
  absl::Status result;
  for (const v1::Promise& promise : corrected.promises()) {
    const std::string hash = codec_.PromiseHash(promise.id());
    if (!Contains(prepared.opened_promises, hash)) promises_.Set(hash, std::nullopt);
  }
  for (const std::string& id : corrected.closes_promises()) {
    const std::string hash = codec_.PromiseHash(id);
    absl::StatusOr<std::optional<PromiseState>> promise = FindPromise(hash);
    result.Update(promise.status());
    if (!promise.ok() || !promise->has_value() || (*promise)->closed_by != corrected.sequence()) continue;
    promises_.Set(hash, PromiseState{.opened_by = (*promise)->opened_by});
  }
  return result;
}

absl::Status AppendPlan::OpenPromises(const PreparedDraft& prepared, std::int64_t sequence) {
  for (std::size_t i = 0; i < prepared.opened_promises.size(); ++i) {
    const std::string& hash = prepared.opened_promises[i];
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<PromiseState> known, FindPromise(hash));
    if (known.has_value() && known->opened_by != prepared.draft.content.corrects()) {
      return base::InvalidField(absl::StrCat("interaction.promises[", i, "].id"), "is taken already");
    }
    PromiseState opened = known.value_or(PromiseState());
    opened.opened_by = sequence;
    promises_.Set(hash, opened);
  }
  return absl::OkStatus();
}

absl::Status AppendPlan::ClosePromises(const PreparedDraft& prepared, std::int64_t sequence) {
  for (std::size_t i = 0; i < prepared.closed_promises.size(); ++i) {
    const std::string& hash = prepared.closed_promises[i];
    COUNCIL_ASSIGN_OR_RETURN(std::optional<PromiseState> known, FindPromise(hash));
    if (!known.has_value() || known->closed_by != 0 || known->opened_by >= sequence) {
      return base::InvalidField(absl::StrCat("interaction.closes_promises[", i, "]"),
                                "must be the id of an open promise of an earlier entry");
    }
    known->closed_by = sequence;
    promises_.Set(hash, known);
  }
  return absl::OkStatus();
}

absl::Status AppendPlan::CheckErasures(const PreparedDraft& prepared) {
  if (!prepared.event.has_value()) return absl::OkStatus();
  if (!reads_.asked.erased) {
    missing_.erased = true;
    return NotReadYet();
  }
  if (!BringsBack(prepared.draft, reads_.erased)) return absl::OkStatus();
  return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_CONTACT_NOT_FOUND,
                     "a contact whom the event names was erased");
}

absl::Status AppendPlan::ChangeEvent(const PreparedDraft& prepared, std::int64_t sequence) {
  if (!prepared.event.has_value()) return absl::OkStatus();
  const EventChange& change = *prepared.draft.event;
  COUNCIL_RETURN_IF_ERROR(SetEvent(*prepared.event, change.expected_sequence, sequence));
  if (!prepared.moved_from.has_value()) return absl::OkStatus();
  return SetEvent(*prepared.moved_from, change.moved_from->sequence, change.moved_from->sequence);
}

absl::Status AppendPlan::SetEvent(const PreparedEvent& row, std::int64_t expected, std::int64_t sequence) {
  std::int64_t known = 0;
  if (const AppendRows::Event* staged = events_.Find(row.event)) {
    known = staged->sequence;
  } else if (!reads_.asked.events.contains(row.event)) {
    missing_.events.insert(row.event);
    return NotReadYet();
  } else if (const auto found = reads_.events.find(row.event); found != reads_.events.end()) {
    known = found->second;
  }
  if (known != expected) return absl::AbortedError("the event was imported meanwhile");
  events_.Set(row.event, {.sequence = sequence, .row = &row});
  return absl::OkStatus();
}

absl::StatusOr<std::optional<AppendRows>> AppendPlan::Rows() const {
  if (kept_state_.revision == reads_.state.revision) return std::nullopt;
  AppendRows rows;
  rows.state = kept_state_;
  COUNCIL_ASSIGN_OR_RETURN(rows.state.head_proof, codec_.ProveHead(rows.state));
  for (const NewEntry& entry : entries_) {
    rows.entries.push_back({.sequence = entry.entry.sequence(),
                            .revision = entry.revision,
                            .hash = entry.entry.hash(),
                            .draft = entry.prepared});
  }
  rows.corrected.assign(corrected_.kept().begin(), corrected_.kept().end());
  for (const auto& [sequence, upcoming] : upcoming_.kept()) {
    const bool stored = reads_.upcoming.contains(sequence);
    if (upcoming && !stored) rows.upcoming_added.push_back(sequence);
    if (!upcoming && stored) rows.upcoming_removed.push_back(sequence);
  }
  rows.promises = promises_.kept();
  rows.events = events_.kept();
  for (const auto& [contact, state] : ties_.kept()) {
    v1::Tie tie = state.rebuild ? Rebuilt(contact) : state.tie;
    std::vector<v1::TieDay> days(tie.days().begin(), tie.days().end());
    for (const auto& [number, day] : state.days) {
      if (!state.rebuild) days.push_back(day);
    }
    tie.clear_days();
    if (state.rebuild) rows.rebuilt.push_back(contact);
    COUNCIL_ASSIGN_OR_RETURN(std::string sealed, codec_.SealTie(contact, tie));
    rows.ties.push_back({.contact = contact, .sealed = std::move(sealed)});
    for (const v1::TieDay& day : days) {
      COUNCIL_ASSIGN_OR_RETURN(sealed, codec_.SealDay(contact, day));
      rows.days.push_back({.contact = contact, .day = day.day(), .sealed = std::move(sealed)});
    }
  }
  return rows;
}

}  // namespace council::ledger
