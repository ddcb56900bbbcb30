#include "services/ledger/imported_event.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "council/common/v1/errors.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/ledger.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr int kMaxAttempts = 4;

// What an entry says, whatever the order of its contacts.
v1::Interaction Sayings(const v1::Interaction& entry) {
  v1::Interaction content = ContentOf(entry);
  std::sort(content.mutable_contact_ids()->begin(), content.mutable_contact_ids()->end());
  return content;
}

bool IsConflict(const absl::Status& status) {
  return absl::IsAborted(status) || base::ReasonOf(status) == common::v1::ERROR_REASON_ALREADY_CORRECTED;
}

}  // namespace

v1::Interaction ContentOf(const v1::Interaction& entry) {
  v1::Interaction content = entry;
  content.clear_sequence();
  content.clear_id();
  content.clear_kind();
  content.clear_record_time();
  content.clear_corrects();
  content.clear_corrected_by();
  content.clear_previous_hash();
  content.clear_hash();
  auto& ids = *content.mutable_contact_ids();
  ids.erase(std::remove(ids.begin(), ids.end(), ""), ids.end());
  auto& benefits = *content.mutable_benefits();
  benefits.erase(std::remove_if(benefits.begin(), benefits.end(),
                                [](const v1::Benefit& benefit) {
                                  return benefit.direction() == v1::BENEFIT_DIRECTION_UNSPECIFIED;
                                }),
                 benefits.end());
  auto& promises = *content.mutable_promises();
  promises.erase(std::remove_if(promises.begin(), promises.end(),
                                [](const v1::Promise& promise) { return promise.text().empty(); }),
                 promises.end());
  return content;
}

absl::StatusOr<EntryRow> LatestOf(LedgerReader& reader, std::int64_t sequence) {
  while (true) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<EntryRow> row, reader.EntryAt(sequence));
    if (!row.has_value()) return EntryNotFound();
    if (row->entry.corrected_by() == 0) return *std::move(row);
    sequence = row->entry.corrected_by();
  }
}

absl::StatusOr<bool> OwnerSaysMore(LedgerReader& reader, const EventRecord& event, const EntryRow& latest) {
  if (!google::protobuf::util::MessageDifferencer::Equals(Sayings(latest.entry), Sayings(event.imported))) return true;
  // What a caller appended has a request_id, what an import appends has none.
  std::optional<EntryRow> row = latest;
  while (row->entry.corrects() != 0) {
    COUNCIL_ASSIGN_OR_RETURN(row, reader.EntryAt(row->entry.corrects()));
    if (!row.has_value()) return EntryNotFound();
  }
  return !row->request_id.empty() && !absl::StartsWith(row->request_id, kUndo);
}

absl::StatusOr<bool> WasPutOff(LedgerReader& reader, const EventRecord& event, const EntryRow& latest,
                               absl::Time start) {
  const absl::Time before = base::FromProto(event.imported.occur_time());
  if (before == start || base::FromProto(latest.entry.record_time()) >= start) return false;
  if (latest.entry.kind() == v1::INTERACTION_KIND_RETRACTION) return true;
  // By less it may be the same meeting, of which the calendar tells otherwise now.
  if (start - before < kDay) return false;
  return OwnerSaysMore(reader, event, latest);
}

absl::Status AnswerOfConflict(absl::Status status) {
  if (!absl::IsAborted(status) || base::ReasonOf(status) != common::v1::ERROR_REASON_UNSPECIFIED) return status;
  return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE,
                                     "others write to the same ledger; try again"),
                         absl::Seconds(1));
}

absl::Status RetryConflicts(absl::FunctionRef<absl::Status()> work) {
  absl::Status status = work();
  for (int attempt = 1; attempt < kMaxAttempts && IsConflict(status); ++attempt) status = work();
  return AnswerOfConflict(std::move(status));
}

}  // namespace council::ledger
