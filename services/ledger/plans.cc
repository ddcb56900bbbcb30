// What is planned, and what becomes of it, as Ledger says it.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/days.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/ledger.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr int kMaxAttempts = 4;

// A plan with what the ledger has of its event.
struct Planned {
  v1::Plan plan;
  std::optional<EventRecord> event;
  // The entry that the meeting is, as it stands; nothing where it is none yet.
  std::optional<v1::Interaction> entry;
  bool half_missed = false;  // The entry is what an interrupted removal left behind.
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
  COUNCIL_ASSIGN_OR_RETURN(v1::Interaction latest, LatestOf(reader, event.sequence));
  COUNCIL_ASSIGN_OR_RETURN(const bool put_off, WasPutOff(reader, event, latest, StartOf(plan)));
  if (put_off) return std::nullopt;
  return latest;
}

// With this begins the request_id of the entry of a meeting that did not take place, which is taken back at once. By it
// one is known again that an interrupted removal left behind.
std::string MissedPrefix(const std::string& plan_id) {
  return absl::StrCat("missed ", plan_id, " ");
}

// Whether an interrupted removal of the plan left the entry behind, not taken back: then nobody said that it happened.
absl::StatusOr<bool> IsHalfMissed(LedgerReader& reader, const v1::Plan& plan, const v1::Interaction& entry) {
  if (entry.kind() != v1::INTERACTION_KIND_INTERACTION) return false;
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> row, reader.EntryAt(entry.sequence()));
  return row.has_value() && absl::StartsWith(row->request_id, MissedPrefix(plan.id()));
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
    planned.revision = reader.state().revision;
    if (planned.plan.id().empty()) {
      COUNCIL_ASSIGN_OR_RETURN(std::optional<v1::Plan> plan, reader.PlanWithId(id));
      if (!plan.has_value()) return PlanNotFound();
      planned.plan = *std::move(plan);
    }
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<EventRecord> events, reader.Events(planned.plan.event_uid()));
    const EventRecord* event = FindEvent(events, planned.plan);
    if (event == nullptr) return absl::OkStatus();
    planned.event = *event;
    COUNCIL_ASSIGN_OR_RETURN(planned.entry, EntryOf(reader, planned.plan, *event));
    planned.half_missed = false;
    if (planned.entry.has_value()) {
      COUNCIL_ASSIGN_OR_RETURN(planned.half_missed, IsHalfMissed(reader, planned.plan, *planned.entry));
    }
    return absl::OkStatus();
  });
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
  if (static_cast<std::size_t>(plan.contact_ids_size()) > kMostInATalk) {
    imported.set_depth(v1::INTERACTION_DEPTH_EXCHANGE);
  }
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
          if (entry.has_value()) {
            COUNCIL_ASSIGN_OR_RETURN(const bool half_missed, IsHalfMissed(reader, plan, *entry));
            if (!half_missed) continue;
          }
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
  // An import that comes between may have made it an entry and taken the plan away: the plan is read once.
  Planned planned;
  absl::StatusOr<Appended> appended;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    COUNCIL_RETURN_IF_ERROR(ReadPlanned(*this, owner, id, deadline, planned));
    if (StartOf(planned.plan) > Now()) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_PLAN_NOT_BEGUN,
                         "the meeting has not begun yet");
    }
    if (planned.entry.has_value() && !planned.half_missed) {
      return Appended{.entries = {*planned.entry}, .repeated = {true}, .revision = planned.revision};
    }
    NewEntry entry = NewEntryOf(planned);
    entry.content = WithSaid(std::move(entry.content), said);
    base::FieldViolations violations;
    ValidateInteraction(entry.content, "interaction", Now(), violations);
    COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
    if (planned.half_missed) entry = CorrectionOf(*planned.entry, std::move(entry.content), "");
    // By it the entry is known as the owner's own word, and not as what an import says.
    entry.request_id = request_id.empty() ? absl::StrCat("confirmed ", NewId()) : request_id;
    std::vector<NewEntry> entries;
    entries.push_back(std::move(entry));
    appended = AppendAndWait(owner, std::move(entries));
    if (!IsConflict(appended.status())) break;
  }
  return appended;
}

absl::StatusOr<std::int64_t> Ledger::RemovePlan(const base::Owner& owner, const std::string& id, absl::Time deadline) {
  absl::Status recorded;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    recorded = RecordMissed(owner, id, deadline);
    if (!IsConflict(recorded)) break;
  }
  COUNCIL_RETURN_IF_ERROR(recorded);
  return store_.RemovePlan(owner, id);
}

absl::Status Ledger::RecordMissed(const base::Owner& owner, const std::string& id, absl::Time deadline) {
  Planned planned;
  COUNCIL_RETURN_IF_ERROR(ReadPlanned(*this, owner, id, deadline, planned));
  if (StartOf(planned.plan) > Now()) return absl::OkStatus();
  if (!planned.entry.has_value()) {
    std::vector<NewEntry> entries;
    entries.push_back(NewEntryOf(planned));
    entries.back().request_id = absl::StrCat(MissedPrefix(id), absl::ToUnixMicros(StartOf(planned.plan)));
    COUNCIL_ASSIGN_OR_RETURN(Appended appended, AppendAndWait(owner, std::move(entries)));
    planned.entry = std::move(appended.entries.front());
    planned.half_missed = true;
  }
  if (!planned.half_missed || planned.entry->kind() != v1::INTERACTION_KIND_INTERACTION) {
    return absl::OkStatus();
  }
  std::vector<NewEntry> retraction;
  retraction.push_back(CorrectionOf(*planned.entry, std::nullopt, ""));
  return AppendAndWait(owner, std::move(retraction)).status();
}

}  // namespace council::ledger
