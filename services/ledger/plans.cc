// What is planned, and what becomes of it, as Ledger says it.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/contact_erasure.h"
#include "services/ledger/days.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/ledger.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

// A plan with what the ledger has of its event.
struct Planned {
  v1::Plan plan;
  std::optional<EventRecord> event;
  // The entry that the meeting is, as it stands; nothing where it is none yet.
  std::optional<v1::Interaction> entry;
  ChainPlace end;  // Of the ledger.
  std::int64_t revision = 0;
};

absl::Time StartOf(const v1::Plan& plan) {
  return base::FromProto(plan.start_time());
}

absl::StatusOr<std::vector<v1::Plan>> ReadPlans(LedgerReader& reader, absl::Time start, absl::Time end,
                                                const std::string& contact_id) {
  COUNCIL_ASSIGN_OR_RETURN(std::vector<v1::Plan> plans, reader.Plans(DayOfTime(start), DayOfTime(end)));
  std::erase_if(plans, [&](const v1::Plan& plan) {
    const auto& ids = plan.contact_ids();
    return StartOf(plan) < start || StartOf(plan) >= end ||
           (!contact_id.empty() && std::find(ids.begin(), ids.end(), contact_id) == ids.end());
  });
  std::sort(plans.begin(), plans.end(), [](const v1::Plan& a, const v1::Plan& b) {
    return std::pair(StartOf(a), a.id()) < std::pair(StartOf(b), b.id());
  });
  return plans;
}

// The entry that the plan's meeting is, as it stands; nothing where it is none yet. `event` is of the plan's event.
absl::StatusOr<std::optional<v1::Interaction>> EntryOf(LedgerReader& reader, const v1::Plan& plan,
                                                       const EventRecord& event) {
  if (event.withdrawn) return std::nullopt;
  COUNCIL_ASSIGN_OR_RETURN(EntryRow latest, LatestOf(reader, event.sequence));
  COUNCIL_ASSIGN_OR_RETURN(const bool put_off, WasPutOff(reader, event, latest, StartOf(plan)));
  if (put_off) return std::nullopt;
  return std::move(latest.entry);
}

const EventRecord* FindEvent(const std::vector<EventRecord>& events, const v1::Plan& plan) {
  const auto found = std::find_if(events.begin(), events.end(), [&](const EventRecord& event) {
    return event.recurrence_id == plan.recurrence_id();
  });
  return found == events.end() ? nullptr : &*found;
}

// Reads the plan, where `planned` has none yet, and what the ledger has of its event. PLAN_NOT_FOUND.
absl::Status ReadPlanned(Ledger& ledger, const base::Owner& owner, const std::string& id, absl::Time deadline,
                         Planned& planned) {
  return ledger.Read(owner, {.deadline = deadline}, [&](LedgerReader& reader) -> absl::Status {
    const LedgerState& state = reader.state();
    planned.end = {.chain_id = state.chain_id, .head_sequence = state.head_sequence, .head_hash = state.head_hash};
    planned.revision = state.revision;
    if (planned.plan.id().empty()) {
      COUNCIL_ASSIGN_OR_RETURN(std::optional<v1::Plan> plan, reader.PlanWithId(id));
      if (!plan.has_value()) return PlanNotFound();
      planned.plan = *std::move(plan);
    }
    COUNCIL_ASSIGN_OR_RETURN(const ContactIds erased, reader.ErasedContacts());
    if (EraseFrom(planned.plan, erased) && planned.plan.contact_ids().empty()) return PlanNotFound();
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<EventRecord> events, reader.Events(planned.plan.event_uid()));
    const EventRecord* event = FindEvent(events, planned.plan);
    if (event == nullptr) return absl::OkStatus();
    planned.event = *event;
    COUNCIL_ASSIGN_OR_RETURN(planned.entry, EntryOf(reader, planned.plan, *event));
    return absl::OkStatus();
  });
}

// What the request made before, as it stands; nothing where it is new. REQUEST_ID_REUSED.
absl::StatusOr<std::optional<Appended>> FindConfirmed(Ledger& ledger, const base::Owner& owner,
                                                      const std::string& request_id, const RequestDigest& request,
                                                      absl::Time deadline) {
  std::optional<Appended> found;
  COUNCIL_RETURN_IF_ERROR(ledger.Read(owner, {.deadline = deadline}, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> row, reader.EntryWithRequest(request_id));
    if (!row.has_value()) return absl::OkStatus();
    if (!SameRequest(row->request, request)) return base::RequestIdReused();
    COUNCIL_ASSIGN_OR_RETURN(EntryRow latest, LatestOf(reader, row->entry.sequence()));
    found = Appended{.entries = {std::move(latest.entry)}, .repeated = {true}, .revision = reader.state().revision};
    return absl::OkStatus();
  }));
  return found;
}

// The entry that an import would make of the meeting once it has begun, and what it would keep of its event: but for
// the addresses of those who take part, whom the next import looks up as if they were new.
NewEntry NewEntryOf(const Planned& planned) {
  const v1::Plan& plan = planned.plan;
  EventChange change;
  if (planned.event.has_value()) {
    change.record = *planned.event;
    change.expected_sequence = planned.event->sequence;
  }
  change.record.uid = plan.event_uid();
  change.record.recurrence_id = plan.recurrence_id();
  change.record.withdrawn = false;
  v1::Interaction imported;
  *imported.mutable_contact_ids() = plan.contact_ids();
  *imported.mutable_occur_time() = plan.start_time();
  if (plan.has_duration()) *imported.mutable_duration() = plan.duration();
  imported.set_channel(plan.channel());
  if (!change.record.text_erased) imported.set_note(plan.title());
  imported.set_source(kCalendarSource);
  change.record.imported = imported;
  return {.content = std::move(imported), .request_id = "", .event = std::move(change)};
}

// `meeting`, with what is said in place of what it says.
v1::Interaction WithSaid(v1::Interaction meeting, const v1::Interaction& said) {
  if (!said.contact_ids().empty()) meeting.clear_contact_ids();
  if (said.has_occur_time()) meeting.clear_occur_time();
  if (said.has_duration()) meeting.clear_duration();
  meeting.MergeFrom(said);
  return meeting;
}

}  // namespace

absl::Status PlanNotFound() {
  return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_PLAN_NOT_FOUND,
                     "there is no plan with this id");
}

absl::StatusOr<std::vector<v1::Plan>> Ledger::Plans(const base::Owner& owner, const ReadAt& at, absl::Time start,
                                                    absl::Time end, const std::string& contact_id) {
  std::vector<v1::Plan> plans;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(plans, ReadPlans(reader, start, end, contact_id));
    return absl::OkStatus();
  }));
  return plans;
}

absl::StatusOr<std::vector<v1::Plan>> Ledger::OpenPlans(const base::Owner& owner, const ReadAt& at, absl::Time start,
                                                        absl::Time end, const std::string& contact_id) {
  const absl::Time now = Now();
  std::vector<v1::Plan> open;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(std::vector<v1::Plan> plans, ReadPlans(reader, start, end, contact_id));
    std::map<std::string, std::vector<EventRecord>> known;  // By uid: all recurrences are read at once.
    for (v1::Plan& plan : plans) {
      if (StartOf(plan) <= now) {
        const auto [events, first] = known.try_emplace(plan.event_uid());
        if (first) {
          COUNCIL_ASSIGN_OR_RETURN(events->second, reader.Events(plan.event_uid()));
        }
        if (const EventRecord* event = FindEvent(events->second, plan)) {
          COUNCIL_ASSIGN_OR_RETURN(const std::optional<v1::Interaction> entry, EntryOf(reader, plan, *event));
          if (entry.has_value()) continue;
        }
      }
      open.push_back(std::move(plan));
    }
    return absl::OkStatus();
  }));
  return open;
}

absl::StatusOr<Appended> Ledger::ConfirmPlan(const base::Owner& owner, const std::string& id,
                                             const v1::Interaction& said, const std::string& request_id,
                                             absl::Time deadline) {
  const RequestDigest request = DigestRequest(absl::StrCat("confirm ", id), 0, said);
  if (!request_id.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<Appended> before,
                             FindConfirmed(*this, owner, request_id, request, deadline));
    if (before.has_value()) return *std::move(before);
  }
  // An import that comes between may have made it an entry and taken the plan away: the plan is read once.
  Planned planned;
  Appended appended;
  const absl::Status confirmed = RetryConflicts([&]() -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(ReadPlanned(*this, owner, id, deadline, planned));
    if (StartOf(planned.plan) > Now()) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_PLAN_NOT_BEGUN,
                         "the meeting has not begun yet");
    }
    if (planned.entry.has_value()) {
      appended = Appended{.entries = {*planned.entry}, .repeated = {true}, .revision = planned.revision};
      return absl::OkStatus();
    }
    NewEntry entry = NewEntryOf(planned);
    entry.content = WithSaid(std::move(entry.content), said);
    base::FieldViolations violations;
    ValidateInteraction(entry.content, "interaction", Now(), violations);
    COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
    // By it the entry is known as the owner's own word, and not as what an import says.
    entry.request_id = request_id.empty() ? absl::StrCat(kConfirmed, NewId()) : request_id;
    entry.request = request;
    std::vector<NewEntry> entries;
    entries.push_back(std::move(entry));
    COUNCIL_ASSIGN_OR_RETURN(appended, AppendAndWait(owner, std::move(entries)));
    return absl::OkStatus();
  });
  COUNCIL_RETURN_IF_ERROR(confirmed);
  return appended;
}

absl::StatusOr<std::int64_t> Ledger::RemovePlan(const base::Owner& owner, const std::string& id, absl::Time deadline) {
  COUNCIL_RETURN_IF_ERROR(RetryConflicts([&] { return RecordMissed(owner, id, deadline); }));
  // It was there: if it is not any more, somebody else removed it.
  COUNCIL_ASSIGN_OR_RETURN(const LedgerStore::PlanRemoval removal, store_.RemovePlans(owner, {&id, 1}));
  return removal.revision;
}

absl::Status Ledger::RecordMissed(const base::Owner& owner, const std::string& id, absl::Time deadline) {
  Planned planned;
  COUNCIL_RETURN_IF_ERROR(ReadPlanned(*this, owner, id, deadline, planned));
  if (StartOf(planned.plan) > Now() || planned.entry.has_value()) return absl::OkStatus();
  // Both at once: an entry alone would say that the meeting took place.
  std::vector<NewEntry> entries;
  entries.push_back(NewEntryOf(planned));
  v1::Interaction missed = entries.front().content;
  missed.set_sequence(planned.end.head_sequence + 1);
  entries.push_back(CorrectionOf(missed, std::nullopt, ""));
  return ContinueAndWait(owner, planned.end, std::move(entries));
}

}  // namespace council::ledger
