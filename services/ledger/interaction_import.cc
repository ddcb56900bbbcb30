#include "services/ledger/interaction_import.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/contact_erasure.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/import/mailbox.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/interaction_undo.h"
#include "services/ledger/moved_recurrences.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr std::size_t kRecordsAChunk = 200;
constexpr std::size_t kEntriesAnAppend = 500;
constexpr int kMaxUnknownAttendees = 100;
constexpr absl::Duration kKeepPlans = absl::Hours(30 * 24);
constexpr char kNoContact[] = "without a contact";
constexpr char kTooManyContacts[] = "with more than 100 contacts";
constexpr char kSharedName[] = "with a name that several contacts have";
constexpr char kGoneFromCalendar[] = "gone from the calendar, kept since you wrote more";
constexpr char kGoneFromFile[] = "gone from the file, kept since you wrote more";

void LeaveOut(const std::string& reason, int records, v1::ImportInteractionsResponse& response) {
  for (v1::LeftOut& left_out : *response.mutable_left_out()) {
    if (left_out.reason() == reason) {
      left_out.set_records(left_out.records() + records);
      return;
    }
  }
  v1::LeftOut& left_out = *response.add_left_out();
  left_out.set_reason(reason);
  left_out.set_records(records);
}

void AddCounts(const v1::ImportInteractionsResponse& counts, v1::ImportInteractionsResponse& sum) {
  sum.set_created(sum.created() + counts.created());
  sum.set_corrected(sum.corrected() + counts.corrected());
  sum.set_retracted(sum.retracted() + counts.retracted());
  sum.set_unchanged(sum.unchanged() + counts.unchanged());
  for (const v1::LeftOut& left_out : counts.left_out()) LeaveOut(left_out.reason(), left_out.records(), sum);
}

void CountEntry(const NewEntry& entry, v1::ImportInteractionsResponse& sum) {
  switch (entry.content.kind()) {
    case v1::INTERACTION_KIND_CORRECTION:
      return sum.set_corrected(sum.corrected() + 1);
    case v1::INTERACTION_KIND_RETRACTION:
      return sum.set_retracted(sum.retracted() + 1);
    default:
      return sum.set_created(sum.created() + 1);
  }
}

// Whether a part of these entries, written alone, could make a series look otherwise to FindMoved (moved_recurrences.h)
// when an import that broke off is repeated.
bool MustBeWrittenAtOnce(const std::vector<NewEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const NewEntry& entry) {
    return entry.event->moved_from.has_value() ||
           (entry.content.kind() == v1::INTERACTION_KIND_RETRACTION && IsFromCalendar(entry.event->record.imported));
  });
}

// The e-mail address among the keys of somebody; empty where there is none.
std::string EmailOf(const std::string& address, const ImportedFile& file) {
  const auto keys = file.also_known_as.find(address);
  if (keys == file.also_known_as.end()) return absl::StrContains(address, '@') ? address : "";
  const auto email = std::find_if(keys->second.begin(), keys->second.end(),
                                  [](const std::string& key) { return absl::StrContains(key, '@'); });
  return email == keys->second.end() ? "" : *email;
}

// Whether so many are there that it is no talk with each: nobody is met by it, and nobody need say whether it took
// place.
bool IsGathering(const ImportedRecord& record) {
  return IsFromCalendar(record.content) && record.content.depth() == v1::INTERACTION_DEPTH_EXCHANGE;
}

v1::Interaction ContentWith(const ImportedRecord& record, const std::map<std::string, std::string>& attendees) {
  v1::Interaction content = record.content;
  std::set<std::string> ids;
  for (const auto& [address, contact_id] : attendees) {
    if (ids.insert(contact_id).second) content.add_contact_ids(contact_id);
  }
  return content;
}

}  // namespace

v1::Interaction MergeImported(const v1::Interaction& base, const v1::Interaction& mine, const v1::Interaction& theirs) {
  v1::Interaction merged = mine;
  if (!MessageDifferencer::Equals(base.occur_time(), theirs.occur_time())) {
    *merged.mutable_occur_time() = theirs.occur_time();
  }
  if (base.has_duration() != theirs.has_duration() || !MessageDifferencer::Equals(base.duration(), theirs.duration())) {
    merged.clear_duration();
    if (theirs.has_duration()) *merged.mutable_duration() = theirs.duration();
  }
  if (base.channel() != theirs.channel()) merged.set_channel(theirs.channel());
  if (base.depth() != theirs.depth() && mine.depth() == base.depth()) merged.set_depth(theirs.depth());
  if (base.note() != theirs.note() && mine.note() == base.note()) merged.set_note(theirs.note());

  const std::set<std::string> before(base.contact_ids().begin(), base.contact_ids().end());
  const std::set<std::string> after(theirs.contact_ids().begin(), theirs.contact_ids().end());
  std::set<std::string> ids(mine.contact_ids().begin(), mine.contact_ids().end());
  for (const std::string& id : before) {
    // Whom the owner says more about than that they were there, stays.
    const bool benefits = std::any_of(mine.benefits().begin(), mine.benefits().end(),
                                      [&](const v1::Benefit& benefit) { return benefit.contact_id() == id; });
    if (!after.contains(id) && !benefits) ids.erase(id);
  }
  for (const std::string& id : after) {
    if (!before.contains(id)) ids.insert(id);
  }
  if (ids.empty()) ids.insert(mine.contact_ids().begin(), mine.contact_ids().end());
  const std::set<std::string> mine_ids(mine.contact_ids().begin(), mine.contact_ids().end());
  if (ids != mine_ids && ids.size() <= kMaxContacts) merged.mutable_contact_ids()->Assign(ids.begin(), ids.end());
  return merged;
}

absl::StatusOr<v1::ImportInteractionsResponse> InteractionImport::Run(const ImportedFile& file) {
  response_.Clear();
  began_ = ledger_.Now();
  if (!settings_.dry_run) {
    COUNCIL_RETURN_IF_ERROR(PruneImports(ledger_, owner_, settings_.deadline, kKeptImports));
  }
  if (!settings_.import_id.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const KeptImport import,
                             FindImport(ledger_, owner_, settings_.deadline, settings_.import_id));
    import_id_ = import.id;
    began_ = import.time;
    parts_ = import.parts;
    written_ = true;
  }
  for (const auto& [reason, records] : file.left_out) LeaveOut(reason, records, response_);
  response_.mutable_skipped()->Assign(file.skipped.begin(), file.skipped.end());
  if (file.more_skipped > 0) {
    response_.add_skipped()->set_reason(absl::StrCat("and ", file.more_skipped, " more, not named here one by one"));
  }
  FindPeople(file);
  CountUnknown(file);

  std::map<std::string, Group> by_uid;
  for (const ImportedRecord& record : file.happened) by_uid[record.uid].records.push_back(&record);
  for (const ImportedRecord& record : file.coming) by_uid[record.uid].coming.push_back(&record);
  for (const std::string& uid : file.complete_uids) by_uid[uid].complete = true;
  for (const auto& [uid, recurrence_id] : file.withdrawn) by_uid[uid].withdrawn.insert(recurrence_id);
  std::vector<Group> chunk;
  std::size_t records = 0;
  for (auto& [uid, group] : by_uid) {
    group.uid = uid;
    records += group.records.size() + 1;
    chunk.push_back(std::move(group));
    if (records < kRecordsAChunk) continue;
    COUNCIL_RETURN_IF_ERROR(TakeChunk(chunk));
    chunk.clear();
    records = 0;
  }
  if (!chunk.empty()) COUNCIL_RETURN_IF_ERROR(TakeChunk(chunk));
  if (file.has_plans) COUNCIL_RETURN_IF_ERROR(TakePlans(file));
  COUNCIL_RETURN_IF_ERROR(FinishKeeping());
  return response_;
}

absl::Status InteractionImport::Keep(const ImportPart& part) {
  if (import_id_.empty()) {
    import_id_ = ledger_.NewId();
    COUNCIL_RETURN_IF_ERROR(PruneImports(ledger_, owner_, settings_.deadline, kKeptImports - 1));
  }
  absl::Status kept;
  do {
    kept = ledger_.store().KeepImport(owner_, import_id_, began_, parts_++, part);
  } while (absl::IsAlreadyExists(kept));
  return kept;
}

absl::Status InteractionImport::FinishKeeping() {
  if (written_) response_.set_import_id(import_id_);
  if (written_ || import_id_.empty()) return absl::OkStatus();
  // Another import was faster with all of it.
  return ledger_.store().ForgetImports(owner_, {&import_id_, 1});
}

absl::Status InteractionImport::TakeChunk(std::span<const Group> groups) {
  int standing = 0;
  return RetryConflicts([&]() -> absl::Status {
    if (absl::Now() > settings_.deadline) return absl::DeadlineExceededError("the import ran out of time");
    Plan plan;
    const auto plan_groups = [&](LedgerReader& reader) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(erased_, reader.ErasedContacts());
      for (const Group& group : groups) COUNCIL_RETURN_IF_ERROR(PlanGroup(reader, group, plan));
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(ledger_.Read(owner_, {.deadline = settings_.deadline}, plan_groups));
    // What an earlier attempt wrote is counted.
    plan.counts.set_unchanged(std::max(plan.counts.unchanged() - standing, 0));
    const v1::ImportInteractionsResponse counts = plan.counts;
    COUNCIL_RETURN_IF_ERROR(Write(std::move(plan), standing));
    AddCounts(counts, response_);
    return absl::OkStatus();
  });
}

absl::Status InteractionImport::Write(Plan plan, int& standing) {
  const std::size_t size = plan.entries.size();
  const std::size_t most = MustBeWrittenAtOnce(plan.entries) ? size : kEntriesAnAppend;
  for (std::size_t at = 0; at < size;) {
    if (at > 0 && absl::Now() > settings_.deadline) return absl::DeadlineExceededError("the import ran out of time");
    v1::ImportInteractionsResponse counts;
    std::vector<NewEntry> entries;
    ImportPart undo;
    for (; at < size && entries.size() < most; ++at) {
      CountEntry(plan.entries[at], counts);
      entries.push_back(std::move(plan.entries[at]));
      undo.entries.push_back(std::move(plan.undo.entries[at]));
    }
    if (!settings_.dry_run) {
      COUNCIL_RETURN_IF_ERROR(Keep(undo));
      COUNCIL_RETURN_IF_ERROR(ledger_.AppendAndWait(owner_, std::move(entries)).status());
      written_ = true;
    }
    AddCounts(counts, response_);
    standing += counts.created() + counts.corrected();
  }
  return absl::OkStatus();
}

std::map<std::string, std::string> InteractionImport::AttendeesOf(const ImportedRecord& record,
                                                                  const EventRecord* known) const {
  std::map<std::string, std::string> attendees;
  for (const ImportedPerson& person : record.people) {
    if (known != nullptr && known->attendees.contains(person.address)) {
      attendees[person.address] = known->attendees.at(person.address);
    } else if (const auto found = people_.find(person.address); found != people_.end()) {
      attendees[person.address] = found->second;
    } else if (IsUuid(person.address)) {
      attendees[person.address] = person.address;  // Tables may name contacts by their ids.
    }
  }
  std::erase_if(attendees, [this](const auto& attendee) { return erased_.contains(attendee.second); });
  return attendees;
}

absl::Status InteractionImport::PlanGroup(LedgerReader& reader, const Group& group, Plan& plan) const {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<EventRecord> events, reader.Events(group.uid));
  std::map<std::string, const EventRecord*> known;
  for (const EventRecord& event : events) known[event.recurrence_id] = &event;
  std::map<std::string, const EventRecord*> moved;
  if (group.complete) moved = FindMoved(group.records, group.coming, group.withdrawn, events, settings_.time_zone);
  const auto find = [](const std::map<std::string, const EventRecord*>& events_by_id, const std::string& id) {
    const auto found = events_by_id.find(id);
    return found == events_by_id.end() ? nullptr : found->second;
  };
  std::set<std::string> present;
  bool without_contact = false;
  for (const ImportedRecord* record : group.records) {
    const EventRecord* own = find(known, record->recurrence_id);
    const EventRecord* former = find(moved, record->recurrence_id);
    const EventRecord* event = former == nullptr ? own : former;
    present.insert(record->recurrence_id);
    if (former != nullptr) present.insert(former->recurrence_id);
    const bool unclear = std::any_of(record->people.begin(), record->people.end(), [&](const ImportedPerson& person) {
      return unclear_.contains(person.address) && (event == nullptr || !event->attendees.contains(person.address));
    });
    if (unclear) LeaveOut(kSharedName, 1, plan.counts);
    // A series that nobody known takes part in is one record to the owner, not a thousand.
    if (event == nullptr && AttendeesOf(*record, nullptr).empty()) {
      without_contact |= !unclear;
      continue;
    }
    COUNCIL_RETURN_IF_ERROR(PlanRecord(reader, *record, own, former, plan));
  }
  if (without_contact) LeaveOut(kNoContact, 1, plan.counts);
  std::set<std::string> gone = group.withdrawn;
  for (const ImportedRecord* record : group.coming) gone.insert(record->recurrence_id);
  for (const EventRecord& event : events) {
    if (event.withdrawn || present.contains(event.recurrence_id)) continue;
    if (group.complete || gone.contains(event.recurrence_id)) {
      COUNCIL_RETURN_IF_ERROR(PlanWithdrawal(reader, event, plan));
    }
  }
  return absl::OkStatus();
}

absl::Status InteractionImport::PlanRecord(LedgerReader& reader, const ImportedRecord& record, const EventRecord* own,
                                           const EventRecord* former, Plan& plan) const {
  const EventRecord* known = former == nullptr ? own : former;
  EventChange change;
  change.record.uid = record.uid;
  change.record.recurrence_id = record.recurrence_id;
  change.record.attendees = AttendeesOf(record, known);
  change.record.imported = ContentWith(record, change.record.attendees);
  change.record.text_erased = (own != nullptr && own->text_erased) || (former != nullptr && former->text_erased);
  if (change.record.text_erased) change.record.imported.clear_note();
  if (change.record.imported.contact_ids_size() > kMaxContacts) {
    LeaveOut(kTooManyContacts, 1, plan.counts);
    return absl::OkStatus();
  }
  NewEntry entry;
  bool created = known == nullptr || known->withdrawn;
  bool corrected = false;
  // An event from which all who took part were erased tells nothing any more.
  if (!created && !MessageDifferencer::Equals(change.record.imported, known->imported) &&
      !(known->text_erased && change.record.imported.contact_ids().empty())) {
    COUNCIL_ASSIGN_OR_RETURN(const EntryRow latest, LatestOf(reader, known->sequence));
    // A series that was moved as a whole tells otherwise of the same meetings.
    if (former == nullptr) {
      COUNCIL_ASSIGN_OR_RETURN(created,
                               WasPutOff(reader, *known, latest, base::FromProto(record.content.occur_time())));
    }
    // An entry that names somebody who was erased does so by its owner's own word, and stays as it is.
    if (!created && latest.entry.kind() != v1::INTERACTION_KIND_RETRACTION && !Names(latest.entry, erased_)) {
      if (change.record.imported.contact_ids().empty()) {
        // Nobody took part.
        COUNCIL_ASSIGN_OR_RETURN(const bool more, OwnerSaysMore(reader, *known, latest));
        if (!more) {
          Withdraw(latest.entry, *known, plan);
          return absl::OkStatus();
        }
      }
      const v1::Interaction mine = ContentOf(latest.entry);
      v1::Interaction merged = MergeImported(known->imported, mine, change.record.imported);
      corrected = !MessageDifferencer::Equals(merged, mine);
      if (corrected) entry = Ledger::CorrectionOf(latest.entry, std::move(merged), "");
    }
  }
  if (created) {
    if (change.record.imported.contact_ids().empty()) {
      LeaveOut(kNoContact, 1, plan.counts);
      return absl::OkStatus();
    }
    entry.content = change.record.imported;
  } else if (!corrected) {
    plan.counts.set_unchanged(plan.counts.unchanged() + 1);
    return absl::OkStatus();
  }
  change.expected_sequence = own == nullptr ? 0 : own->sequence;
  if (former != nullptr) change.moved_from = *former;
  entry.event = std::move(change);
  Add(std::move(entry), known, plan);
  return absl::OkStatus();
}

void InteractionImport::Add(NewEntry entry, const EventRecord* known, Plan& plan) const {
  entry.id = ledger_.NewId();
  if (known != nullptr) {
    entry.event->former_contacts.insert(known->imported.contact_ids().begin(), known->imported.contact_ids().end());
  }
  const EventRecord& event = entry.event->record;
  plan.undo.entries.push_back({.id = entry.id,
                               .uid = event.uid,
                               .recurrence_id = event.recurrence_id,
                               .before = known == nullptr ? std::nullopt : std::optional(*known)});
  plan.entries.push_back(std::move(entry));
}

absl::Status InteractionImport::PlanWithdrawal(LedgerReader& reader, const EventRecord& known, Plan& plan) const {
  COUNCIL_ASSIGN_OR_RETURN(const EntryRow latest, LatestOf(reader, known.sequence));
  if (latest.entry.kind() == v1::INTERACTION_KIND_RETRACTION) return absl::OkStatus();
  COUNCIL_ASSIGN_OR_RETURN(const bool more, OwnerSaysMore(reader, known, latest));
  if (more) {
    LeaveOut(IsFromCalendar(known.imported) ? kGoneFromCalendar : kGoneFromFile, 1, plan.counts);
  } else {
    Withdraw(latest.entry, known, plan);
  }
  return absl::OkStatus();
}

void InteractionImport::Withdraw(const v1::Interaction& latest, const EventRecord& known, Plan& plan) const {
  NewEntry entry = Ledger::CorrectionOf(latest, std::nullopt, "");
  EventChange change;
  change.record = known;
  change.record.withdrawn = true;
  change.expected_sequence = known.sequence;
  entry.event = std::move(change);
  Add(std::move(entry), &known, plan);
}

absl::Status InteractionImport::TakePlans(const ImportedFile& file) {
  std::map<std::string, LedgerStore::EventPlans> by_uid;
  const auto event_of = [&](const std::string& uid) -> LedgerStore::EventPlans& {
    LedgerStore::EventPlans& event = by_uid[uid];
    event.uid = uid;
    event.complete = file.complete_uids.contains(uid);
    return event;
  };
  // Also where nothing comes any more: what was planned of these events goes.
  for (const std::string& uid : file.complete_uids) event_of(uid);
  int plans = 0;
  for (const ImportedRecord& record : file.coming) {
    if (IsGathering(record)) continue;
    const v1::Interaction content = ContentWith(record, AttendeesOf(record, nullptr));
    if (content.contact_ids().empty() || content.contact_ids_size() > kMaxContacts) continue;
    v1::Plan plan;
    *plan.mutable_contact_ids() = content.contact_ids();
    *plan.mutable_start_time() = content.occur_time();
    if (content.has_duration()) *plan.mutable_duration() = content.duration();
    plan.set_title(content.note());
    plan.set_channel(content.channel());
    plan.set_event_uid(record.uid);
    plan.set_recurrence_id(record.recurrence_id);
    event_of(record.uid).plans.push_back(std::move(plan));
    ++plans;
  }
  response_.set_plans(plans);
  if (settings_.dry_run) return absl::OkStatus();
  COUNCIL_ASSIGN_OR_RETURN(
      const std::vector<v1::Plan> known,
      ledger_.Plans(owner_, {.deadline = settings_.deadline}, absl::InfinitePast(), absl::InfiniteFuture(), ""));
  std::set<EventId> planned;
  for (const v1::Plan& plan : known) planned.insert({plan.event_uid(), plan.recurrence_id()});
  // Of single recurrences what has happened or comes no more, also since nobody known or too many would be there.
  const auto withdraw = [&](const EventId& id) {
    if (planned.contains(id)) event_of(id.first).withdrawn.insert(id.second);
  };
  for (const EventId& id : file.withdrawn) withdraw(id);
  for (const std::vector<ImportedRecord>* records : {&file.happened, &file.coming}) {
    for (const ImportedRecord& record : *records) withdraw({record.uid, record.recurrence_id});
  }
  if (by_uid.empty()) return absl::OkStatus();
  COUNCIL_RETURN_IF_ERROR(KeepPlans(planned, by_uid));
  std::vector<LedgerStore::EventPlans> events;
  for (auto& [uid, event] : by_uid) events.push_back(std::move(event));
  return ledger_.store().ReplacePlans(owner_, events, ledger_.Now() - kKeepPlans).status();
}

absl::Status InteractionImport::KeepPlans(const std::set<EventId>& planned,
                                          std::map<std::string, LedgerStore::EventPlans>& events) {
  ImportPart part;
  for (auto& [uid, event] : events) {
    for (v1::Plan& plan : event.plans) {
      if (planned.contains({uid, plan.recurrence_id()})) continue;
      plan.set_id(ledger_.NewId());
      part.plan_ids.push_back(plan.id());
    }
  }
  if (part.plan_ids.empty()) return absl::OkStatus();
  COUNCIL_RETURN_IF_ERROR(Keep(part));
  written_ = true;
  return absl::OkStatus();
}

void InteractionImport::FindPeople(const ImportedFile& file) {
  people_ = settings_.people;
  unclear_ = settings_.shared_names;
  for (const auto& [address, keys] : file.also_known_as) {
    if (people_.contains(address)) continue;
    for (const std::string& key : keys) {
      if (settings_.shared_names.contains(key)) unclear_.insert(address);
      const auto found = settings_.people.find(key);
      if (found == settings_.people.end()) continue;
      people_[address] = found->second;
      unclear_.erase(address);
      break;
    }
  }
}

void InteractionImport::CountUnknown(const ImportedFile& file) {
  std::map<std::string, v1::UnknownAttendee> unknown;
  for (const ImportedRecord& record : file.happened) {
    // Whoever wrote a mail is not yet somebody one meets.
    if (record.content.source() == kMailSource) continue;
    if (IsGathering(record)) continue;
    for (const ImportedPerson& person : record.people) {
      if (people_.contains(person.address) || unclear_.contains(person.address) || IsUuid(person.address)) continue;
      std::string email = EmailOf(person.address, file);
      if (email.empty() && person.name.empty()) continue;
      v1::UnknownAttendee& attendee = unknown[person.address];
      attendee.set_email(std::move(email));
      if (attendee.name().empty()) attendee.set_name(person.name);
      attendee.set_meetings(attendee.meetings() + 1);
    }
  }
  std::vector<v1::UnknownAttendee> sorted;
  for (auto& [address, attendee] : unknown) sorted.push_back(std::move(attendee));
  std::stable_sort(sorted.begin(), sorted.end(), [](const v1::UnknownAttendee& a, const v1::UnknownAttendee& b) {
    return a.meetings() > b.meetings();
  });
  if (sorted.size() > kMaxUnknownAttendees) sorted.resize(kMaxUnknownAttendees);
  response_.mutable_unknown_attendees()->Assign(sorted.begin(), sorted.end());
}

}  // namespace council::ledger
