#include "services/ledger/owner_import.h"

#include <algorithm>
#include <future>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/status.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/owner_state.h"

namespace council::ledger {
namespace {

using google::protobuf::util::MessageDifferencer;
using v1::OwnerStateRecord;

// Entries, and events with plans, that are made durable together: other owners' writes wait no longer than for these.
constexpr std::size_t kAtOnce = 200;

absl::Status NotEmpty(std::int64_t entries, std::size_t plans) {
  return base::Error(
      absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_STATE_NOT_EMPTY,
      absl::StrCat("there is another ledger here already, with ", entries,
                   entries == 1 ? " entry and " : " entries and ", plans, plans == 1 ? " plan" : " plans",
                   "; a whole ledger is taken over only where there is none"));
}

}  // namespace

absl::Status OwnerImport::Take(const OwnerStateRecord& record) {
  switch (record.record_case()) {
    case OwnerStateRecord::kStart:
      return Begin(record.start());
    case OwnerStateRecord::kEntry:
      return TakeEntry(record.entry());
    case OwnerStateRecord::kPlan:
      plans_.push_back(record.plan());
      return absl::OkStatus();
    case OwnerStateRecord::RECORD_NOT_SET:
      break;
  }
  return absl::InternalError("a record that holds nothing");
}

absl::Status OwnerImport::Begin(const v1::OwnerStateStart& start) {
  std::optional<std::string> hash_there;  // At the place where the file ends.
  bool erased = false;
  COUNCIL_RETURN_IF_ERROR(ledger_.Read(owner_, {.deadline = deadline_}, [&](LedgerReader& reader) -> absl::Status {
    const LedgerState& state = reader.state();
    erased = state.erased;
    present_ = {.chain_id = state.chain_id, .head_sequence = state.head_sequence, .head_hash = state.head_hash};
    COUNCIL_ASSIGN_OR_RETURN(present_plans_,
                             reader.Plans(DayOfTime(absl::InfinitePast()), DayOfTime(absl::InfiniteFuture())));
    if (start.entries() > 0) {
      COUNCIL_ASSIGN_OR_RETURN(hash_there, reader.HashAt(start.entries()));
    }
    return absl::OkStatus();
  }));
  if (erased) {
    return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                       "the owner's data were erased here; nothing can be written for them");
  }
  if (present_.head_sequence == 0) {
    // Plans come behind all entries.
    if (start.entries() > 0 && !present_plans_.empty()) return NotEmpty(0, present_plans_.size());
    present_ = {.chain_id = start.chain_id(), .head_sequence = 0, .head_hash = ZeroHash()};
  }
  grown_ = present_.head_sequence > start.entries();
  const bool reaches_end = present_.head_sequence >= start.entries() && start.entries() > 0;
  const bool other = (present_.head_sequence > 0 && present_.chain_id != start.chain_id()) ||
                     (reaches_end && hash_there != start.head_hash());
  if (other) return NotEmpty(present_.head_sequence, present_plans_.size());
  place_ = present_;
  return absl::OkStatus();
}

absl::Status OwnerImport::TakeEntry(const v1::KeptEntry& kept) {
  const v1::Interaction& entry = kept.interaction();
  if (entry.sequence() <= present_.head_sequence) {
    if (entry.sequence() == present_.head_sequence && entry.hash() != present_.head_hash) {
      return NotEmpty(present_.head_sequence, present_plans_.size());
    }
    ++unchanged_;
    return absl::OkStatus();
  }
  ++imported_;
  if (dry_run_) return absl::OkStatus();
  drafts_.push_back(DraftOf(kept));
  last_hash_ = entry.hash();
  return drafts_.size() < kAtOnce ? absl::OkStatus() : AppendDrafts();
}

absl::Status OwnerImport::AppendDrafts() {
  if (drafts_.empty()) return absl::OkStatus();
  if (absl::Now() > deadline_) return absl::DeadlineExceededError("the import ran out of time; the same again goes on");
  const auto count = static_cast<std::int64_t>(drafts_.size());
  std::promise<absl::StatusOr<Appended>> result;
  ledger_.store().Continue(owner_, place_, std::exchange(drafts_, {}), ledger_.Now(),
                           [&](absl::StatusOr<Appended> appended) { result.set_value(std::move(appended)); });
  const absl::StatusOr<Appended> appended = result.get_future().get();
  if (!appended.ok()) return AnswerOfConflict(appended.status());
  place_.head_sequence += count;
  place_.head_hash = last_hash_;
  return absl::OkStatus();
}

absl::Status OwnerImport::Finish() {
  COUNCIL_RETURN_IF_ERROR(AppendDrafts());
  if (!grown_) return WritePlans();
  // The owner went on from here, with plans of their own.
  unchanged_ += static_cast<std::int64_t>(plans_.size());
  return absl::OkStatus();
}

absl::Status OwnerImport::WritePlans() {
  std::map<std::string, const v1::Plan*> present;
  for (const v1::Plan& plan : present_plans_) present[plan.id()] = &plan;
  std::size_t known = 0;
  std::map<std::string, LedgerStore::EventPlans> by_uid;
  for (const v1::Plan& plan : plans_) {
    LedgerStore::EventPlans& event = by_uid[plan.event_uid()];
    event.uid = plan.event_uid();
    event.plans.push_back(plan);
    const auto found = present.find(plan.id());
    if (found != present.end() && MessageDifferencer::Equals(*found->second, plan)) ++known;
  }
  if (known < present.size()) return NotEmpty(present_.head_sequence, present.size());
  unchanged_ += static_cast<std::int64_t>(known);
  imported_ += static_cast<std::int64_t>(plans_.size() - known);
  if (dry_run_ || known == plans_.size()) return absl::OkStatus();
  std::vector<LedgerStore::EventPlans> some;
  const auto write = [&] {
    return ledger_.store().ReplacePlans(owner_, std::exchange(some, {}), absl::InfinitePast()).status();
  };
  for (auto& [uid, event] : by_uid) {
    some.push_back(std::move(event));
    if (some.size() == kAtOnce) COUNCIL_RETURN_IF_ERROR(write());
  }
  return some.empty() ? absl::OkStatus() : write();
}

}  // namespace council::ledger
