#include "services/ledger/imported_event.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "council/common/v1/errors.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/interaction_import.h"
#include "services/ledger/interaction_undo.h"
#include "services/ledger/ledger.h"

namespace council::ledger {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// What an entry says, whatever the order of its contacts.
v1::Interaction Sayings(const v1::Interaction& entry) {
  v1::Interaction content = ContentOf(entry);
  std::sort(content.mutable_contact_ids()->begin(), content.mutable_contact_ids()->end());
  return content;
}

}  // namespace

absl::StatusOr<v1::Interaction> LatestOf(LedgerReader& reader, std::int64_t sequence) {
  while (true) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<EntryRow> row, reader.EntryAt(sequence));
    if (!row.has_value()) return EntryNotFound();
    if (row->entry.corrected_by() == 0) return std::move(row->entry);
    sequence = row->entry.corrected_by();
  }
}

absl::StatusOr<bool> OwnerSaysMore(LedgerReader& reader, const EventRecord& event, const v1::Interaction& latest) {
  if (!google::protobuf::util::MessageDifferencer::Equals(Sayings(latest), Sayings(event.imported))) return true;
  // What a caller appended has a request_id, what an import appends has none.
  std::int64_t sequence = latest.sequence();
  while (true) {
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> row, reader.EntryAt(sequence));
    if (!row.has_value()) return EntryNotFound();
    if (row->entry.corrects() == 0) return !row->request_id.empty() && !absl::StartsWith(row->request_id, kUndo);
    sequence = row->entry.corrects();
  }
}

absl::StatusOr<bool> WasPutOff(LedgerReader& reader, const EventRecord& event, const v1::Interaction& latest,
                               absl::Time start) {
  const absl::Time before = base::FromProto(event.imported.occur_time());
  if (before == start || base::FromProto(latest.record_time()) >= start) return false;
  if (latest.kind() == v1::INTERACTION_KIND_RETRACTION) return true;
  // By less it may be the same meeting, of which the calendar tells otherwise now.
  if (start - before < kDay) return false;
  return OwnerSaysMore(reader, event, latest);
}

bool IsConflict(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAborted ||
         base::ReasonOf(status) == common::v1::ERROR_REASON_ALREADY_CORRECTED;
}

}  // namespace council::ledger
