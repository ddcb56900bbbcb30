// What the records of a whole ledger must be.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/rpc/owner_lines.h"
#include "services/ledger/canonical.h"
#include "services/ledger/ledger.h"
#include "services/ledger/owner_state.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

using v1::OwnerStateRecord;

bool IsBlank(const v1::Benefit& benefit) {
  return benefit.direction() == v1::BENEFIT_DIRECTION_UNSPECIFIED;
}

constexpr int kChainIdBytes = 16;
constexpr std::size_t kPlanBytes = 64 << 20;
constexpr int kUidBytes = 1000;
constexpr int kAttendees = 1000;
constexpr int kAddressBytes = 1000;
constexpr absl::Duration kClockDifference = absl::Hours(24);

// Stands for whoever was erased where somebody must be named.
constexpr char kNobody[] = "00000000-0000-0000-0000-000000000000";

// The entry as a caller might have sent it, before anything of it was erased.
v1::Interaction AsSent(const v1::Interaction& entry) {
  v1::Interaction sent = entry;
  sent.clear_contact_ids();
  for (const std::string& id : entry.contact_ids()) {
    if (!id.empty()) sent.add_contact_ids(id);
  }
  // All who took part may have been erased; and retractions of such entries, and erasures, name nobody.
  if (sent.contact_ids().empty()) sent.add_contact_ids(kNobody);
  sent.clear_benefits();
  for (const v1::Benefit& benefit : entry.benefits()) {
    if (!IsBlank(benefit)) *sent.add_benefits() = benefit;
  }
  for (v1::Promise& promise : *sent.mutable_promises()) {
    if (promise.text().empty()) promise.set_text("-");
  }
  sent.clear_sequence();
  sent.clear_id();
  sent.clear_kind();
  sent.clear_record_time();
  sent.clear_corrects();
  sent.clear_corrected_by();
  sent.clear_previous_hash();
  sent.clear_hash();
  sent.clear_erases();
  return sent;
}

// Whether the entry has a place from which something was erased.
bool HasBlanks(const v1::Interaction& entry) {
  const auto& ids = entry.contact_ids();
  return std::find(ids.begin(), ids.end(), "") != ids.end() ||
         std::any_of(entry.benefits().begin(), entry.benefits().end(), IsBlank) ||
         std::any_of(entry.promises().begin(), entry.promises().end(),
                     [](const v1::Promise& promise) { return promise.text().empty(); });
}

// Times are cut to microseconds before they are hashed; a finer one would come back as another.
template <typename Time>
void ValidateMicros(bool present, const Time& time, const std::string& path, base::FieldViolations& violations) {
  if (present && base::IsValid(time) && time.nanos() % 1000 != 0) violations.Add(path, "must be whole microseconds");
}

bool IsHash(const std::string& bytes) {
  return bytes.size() == kHashBytes;
}

}  // namespace

absl::Status ImportedLedger::Add(std::int64_t index, const OwnerStateRecord& record) {
  if ((index == 0) != record.has_start()) {
    return rpc::InvalidRecord(index, "", "the start must be the first record, and the only one");
  }
  switch (record.record_case()) {
    case OwnerStateRecord::kStart:
      return AddStart(index, record.start());
    case OwnerStateRecord::kEntry:
      return AddEntry(index, record.entry());
    case OwnerStateRecord::kPlan:
      return AddPlan(index, record.plan());
    case OwnerStateRecord::RECORD_NOT_SET:
      break;
  }
  return rpc::InvalidRecord(index, "", "holds nothing");
}

absl::Status ImportedLedger::AddStart(std::int64_t index, const v1::OwnerStateStart& start) {
  if (start.version() != kOwnerStateVersion) {
    return rpc::InvalidRecord(index, ".start.version",
                              absl::StrCat("must be ", kOwnerStateVersion, ", which is what this program knows"));
  }
  const bool some = start.entries() > 0;
  if (start.chain_id().size() != (some ? kChainIdBytes : 0)) {
    return rpc::InvalidRecord(index, ".start.chain_id", "must be 16 bytes, or empty without entries");
  }
  if (start.head_hash().size() != (some ? kHashBytes : 0)) {
    return rpc::InvalidRecord(index, ".start.head_hash", "must be 32 bytes, or empty without entries");
  }
  start_ = start;
  chain_.emplace(start.chain_id(), 1, ZeroHash());
  return absl::OkStatus();
}

absl::Status ImportedLedger::AddEntry(std::int64_t index, const v1::KeptEntry& kept) {
  if (plans_ > 0) return rpc::InvalidRecord(index, "", "must stand before the plans");
  if (entries_ == start_.entries()) {
    return rpc::InvalidRecord(index, "", absl::StrCat("is more than the ", entries_, " entries that the start says"));
  }
  const v1::Interaction& entry = kept.interaction();
  const std::string path = absl::StrCat("records[", index, "].entry");
  const std::string field = path + ".interaction";
  // Before anything is made of what it says: hashes are of well-formed entries.
  base::FieldViolations violations;
  if (entry.sequence() != entries_ + 1) {
    violations.Add(field + ".sequence", absl::StrCat("must be ", entries_ + 1, ": entries come without a gap"));
  }
  if (!IsUuid(entry.id())) violations.Add(field + ".id", "must be a UUID in lower case");
  if (!entry.has_record_time() || !base::IsValid(entry.record_time()) ||
      base::FromProto(entry.record_time()) > now_ + kClockDifference) {
    violations.Add(field + ".record_time", "must be a time, and not in the future");
  }
  if (!entry.has_occur_time()) violations.Add(field + ".occur_time", "is required");
  ValidateMicros(true, entry.record_time(), field + ".record_time", violations);
  ValidateMicros(true, entry.occur_time(), field + ".occur_time", violations);
  ValidateMicros(entry.has_duration(), entry.duration(), field + ".duration", violations);
  ValidateInteraction(AsSent(entry), field, std::max(now_, base::FromProto(entry.record_time())), violations);
  const bool names_nobody = entry.contact_ids().empty();
  if (names_nobody && entry.kind() != v1::INTERACTION_KIND_RETRACTION && entry.kind() != v1::INTERACTION_KIND_ERASURE) {
    violations.Add(field + ".contact_ids", "must name somebody");
  }
  if (HasBlanks(entry) && kept.erased_commitments().empty()) {
    violations.Add(path + ".erased_commitments", "must be there for what the entry leaves blank");
  }
  CheckErasure(entry, field, violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());

  const std::vector<std::string> salts(kept.salts().begin(), kept.salts().end());
  const std::vector<std::string> erased(kept.erased_commitments().begin(), kept.erased_commitments().end());
  if (entry.previous_hash() != chain_->last_hash()) {
    violations.Add(field + ".previous_hash", "is not the hash of the entry before");
  } else if (!chain_->Add(entry, salts, erased)) {
    violations.Add(field, chain_->problem());
  }
  if (!ids_.insert(entry.id()).second) violations.Add(field + ".id", "is another entry's");
  CheckCorrection(entry, field, violations);
  CheckRequest(kept, path, violations);
  if (kept.has_event()) CheckEvent(kept.event(), path + ".event", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  ++entries_;
  return absl::OkStatus();
}

void ImportedLedger::CheckCorrection(const v1::Interaction& entry, const std::string& path,
                                     base::FieldViolations& violations) {
  const bool corrects =
      entry.kind() == v1::INTERACTION_KIND_CORRECTION || entry.kind() == v1::INTERACTION_KIND_RETRACTION;
  if (!corrects && entry.kind() != v1::INTERACTION_KIND_INTERACTION && entry.kind() != v1::INTERACTION_KIND_ERASURE) {
    violations.Add(path + ".kind", "must be INTERACTION, CORRECTION, RETRACTION or ERASURE");
  }
  // That the two entries name each other has been looked at by the chain.
  const auto corrected = corrected_.find(entry.corrects());
  if (corrects != (entry.corrects() != 0) || (corrects && corrected == corrected_.end())) {
    violations.Add(path + ".corrects", "must be an earlier entry for a correction or retraction, and for no other");
    return;
  }
  promises_.Take(entry, corrects ? &corrected->second : nullptr, path, violations);
  if (corrects) corrected_.erase(corrected);
  if (entry.corrected_by() == 0) return;
  if (entry.kind() == v1::INTERACTION_KIND_RETRACTION) {
    violations.Add(path + ".corrected_by", "must be 0: a retraction stands");
  }
  v1::Interaction& kept = corrected_[entry.sequence()];
  kept.set_sequence(entry.sequence());
  *kept.mutable_promises() = entry.promises();
  *kept.mutable_closes_promises() = entry.closes_promises();
}

void ImportedLedger::CheckErasure(const v1::Interaction& entry, const std::string& path,
                                  base::FieldViolations& violations) {
  const bool is_erasure = entry.kind() == v1::INTERACTION_KIND_ERASURE;
  if (is_erasure != !entry.erases().empty()) violations.Add(path + ".erases", "must be there for an ERASURE alone");
  if (!is_erasure) return;
  // That these entries are blank, and no others, has been looked at by the chain.
  std::int64_t before = 0;
  for (const std::int64_t sequence : entry.erases()) {
    if (sequence <= before || sequence >= entry.sequence()) {
      violations.Add(path + ".erases", "must be earlier entries, in order");
      return;
    }
    before = sequence;
  }
  v1::Interaction bare;
  bare.set_id(entry.id());
  bare.set_kind(entry.kind());
  bare.set_sequence(entry.sequence());
  *bare.mutable_occur_time() = entry.occur_time();
  *bare.mutable_record_time() = entry.record_time();
  bare.set_previous_hash(entry.previous_hash());
  bare.set_hash(entry.hash());
  *bare.mutable_erases() = entry.erases();
  if (!google::protobuf::util::MessageDifferencer::Equals(bare, entry)) {
    violations.Add(path, "is an ERASURE, which says nothing else");
  }
}

void ImportedLedger::CheckRequest(const v1::KeptEntry& kept, const std::string& path,
                                  base::FieldViolations& violations) {
  const bool text_erased = kept.request_text_digest().empty();
  if (kept.request_id().empty()) {
    if (!kept.request_digest().empty() || !text_erased) violations.Add(path + ".request_id", "is missing");
    return;
  }
  ValidateKeptRequestId(kept.request_id(), path + ".request_id", violations);
  if (!request_ids_.insert(kept.request_id()).second) violations.Add(path + ".request_id", "is another entry's");
  const bool erased = kept.request_digest().empty() && text_erased && !kept.erased_commitments().empty();
  if (!erased && !IsHash(kept.request_digest())) violations.Add(path + ".request_digest", "must be 32 bytes");
  if (!text_erased && !IsHash(kept.request_text_digest())) {
    violations.Add(path + ".request_text_digest", "must be 32 bytes, or empty");
  }
}

void ImportedLedger::CheckEvent(const v1::KeptEvent& event, const std::string& path,
                                base::FieldViolations& violations) {
  if (event.uid().empty() || event.uid().size() > kUidBytes || event.recurrence_id().size() > kUidBytes) {
    violations.Add(path + ".uid", absl::StrCat("must have 1 to ", kUidBytes, " bytes"));
  }
  if (!events_.emplace(event.uid(), event.recurrence_id()).second) {
    violations.Add(path + ".uid", "is another entry's, with the same recurrence_id");
  }
  v1::Interaction imported = event.imported();
  // All who took part may have gone since: nobody is left of such an event.
  if (imported.contact_ids().empty()) imported.add_contact_ids(kNobody);
  ValidateInteraction(imported, path + ".imported", now_, violations);
  if (event.attendees_size() > kAttendees) {
    violations.Add(path + ".attendees", absl::StrCat("must be at most ", kAttendees));
    return;
  }
  for (int i = 0; i < event.attendees_size(); ++i) {
    const std::string at = absl::StrCat(path, ".attendees[", i, "]");
    const std::string& address = event.attendees(i).address();
    ValidateContactId(event.attendees(i).contact_id(), at + ".contact_id", violations);
    if (address.size() > kAddressBytes) violations.Add(at + ".address", "is longer than any address");
    if (i > 0 && address <= event.attendees(i - 1).address()) {
      violations.Add(at + ".address", "must come after the one before it, and only once");
    }
  }
}

absl::Status ImportedLedger::AddPlan(std::int64_t index, const v1::Plan& plan) {
  const std::string path = absl::StrCat("records[", index, "].plan");
  base::FieldViolations violations;
  if (plans_ == start_.plans()) {
    violations.Add(path, absl::StrCat("is more than the ", plans_, " plans that the start says"));
  }
  plan_bytes_ += plan.ByteSizeLong();
  if (plan_bytes_ > kPlanBytes) {
    return base::OverLimit(absl::StrCat("plans have at most ", kPlanBytes, " bytes together"));
  }
  if (!IsUuid(plan.id())) violations.Add(path + ".id", "must be a UUID in lower case");
  if (!plan_ids_.insert(plan.id()).second) violations.Add(path + ".id", "is another plan's");
  // What a plan may say is what the entry may that it becomes, at its time.
  v1::Interaction meeting;
  *meeting.mutable_contact_ids() = plan.contact_ids();
  *meeting.mutable_occur_time() = plan.start_time();
  if (plan.has_duration()) *meeting.mutable_duration() = plan.duration();
  meeting.set_note(plan.title());
  meeting.set_channel(plan.channel());
  ValidateInteraction(meeting, path, absl::InfiniteFuture(), violations);
  if (!plan.has_start_time()) violations.Add(path + ".start_time", "is required");
  ValidateMicros(true, plan.start_time(), path + ".start_time", violations);
  if (plan.event_uid().size() > kUidBytes || plan.recurrence_id().size() > kUidBytes) {
    violations.Add(path + ".event_uid", absl::StrCat("must have at most ", kUidBytes, " bytes"));
  }
  if (!planned_events_.emplace(plan.event_uid(), plan.recurrence_id()).second) {
    violations.Add(path + ".event_uid", "is another plan's, with the same recurrence_id");
  }
  std::pair<absl::Time, std::string> place = {base::FromProto(plan.start_time()), plan.id()};
  if (place <= last_plan_) violations.Add(path, "must come after the plan before it");
  last_plan_ = std::move(place);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  ++plans_;
  return absl::OkStatus();
}

absl::Status ImportedLedger::Finish() {
  if (!chain_.has_value()) return rpc::InvalidRecord(0, "", "is missing: there is no start");
  const std::int64_t next = 1 + entries_ + plans_;
  if (entries_ != start_.entries() || plans_ != start_.plans()) {
    return rpc::InvalidRecord(
        next, "",
        absl::StrCat("is missing: the start says ", start_.entries(), " entries, ", start_.plans(), " plans"));
  }
  if (!chain_->Finish(start_.entries(), entries_ == 0 ? ZeroHash() : start_.head_hash())) {
    return rpc::InvalidRecord(0, ".start.head_hash", chain_->problem());
  }
  return absl::OkStatus();
}

}  // namespace council::ledger
