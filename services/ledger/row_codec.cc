#include "services/ledger/row_codec.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/audit/access_rows.h"
#include "libs/base/check.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "libs/seal/hash.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/canonical.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"

namespace council::ledger {
namespace {

std::string TieDayRowId(std::string_view contact, std::int64_t day) {
  return std::move(CanonicalWriter("day").Text(std::string(contact)).Int(day)).Take();
}

std::string ImportRowId(std::string_view import, std::int64_t part) {
  return std::move(CanonicalWriter("import").Text(std::string(import)).Int(part)).Take();
}

storage::v1::StoredEvent StoredOf(const EventRecord& record) {
  storage::v1::StoredEvent stored;
  stored.set_uid(record.uid);
  stored.set_recurrence_id(record.recurrence_id);
  *stored.mutable_imported() = record.imported;
  stored.set_withdrawn(record.withdrawn);
  stored.set_text_erased(record.text_erased);
  for (const auto& [address, contact_id] : record.attendees) {
    storage::v1::StoredAttendee& attendee = *stored.add_attendees();
    attendee.set_address(address);
    attendee.set_contact_id(contact_id);
  }
  return stored;
}

EventRecord RecordOf(storage::v1::StoredEvent stored) {
  EventRecord record;
  record.uid = stored.uid();
  record.recurrence_id = stored.recurrence_id();
  record.imported = std::move(*stored.mutable_imported());
  record.withdrawn = stored.withdrawn();
  record.text_erased = stored.text_erased();
  for (const storage::v1::StoredAttendee& attendee : stored.attendees()) {
    record.attendees[attendee.address()] = attendee.contact_id();
  }
  return record;
}

std::string HeadText(const LedgerState& state) {
  return std::move(CanonicalWriter("head").Text(state.chain_id).Int(state.head_sequence).Text(state.head_hash)).Take();
}

}  // namespace

absl::Status DamagedRow(std::string_view table) {
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     absl::StrCat("a row of ", std::string(table), " cannot be read"));
}

absl::Status OwnerErased() {
  return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                     "the owner's data were erased; nothing can be written for them");
}

std::string IdBytes(const std::string& uuid) {
  const auto bytes = base::ParseUuid(uuid);
  COUNCIL_CHECK(bytes.ok());
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

std::string IdText(std::string_view bytes) {
  std::array<std::uint8_t, 16> id{};
  COUNCIL_CHECK(bytes.size() == id.size());
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return base::FormatUuid(id);
}

std::string HeadBytes(const LedgerState& state) {
  return state.head_hash + state.head_proof;
}

void SetHead(std::string_view bytes, LedgerState& state) {
  state.head_hash = bytes.substr(0, kHashBytes);
  state.head_proof = bytes.substr(state.head_hash.size());
}

std::int64_t DayOfEntry(const v1::Interaction& entry) {
  return DayOfTime(base::FromProto(entry.occur_time()));
}

absl::Status RowCodec::Open(std::string_view table, std::string_view row_id, std::string_view sealed,
                            google::protobuf::MessageLite& message) const {
  std::string buffer;
  COUNCIL_ASSIGN_OR_RETURN(const std::string_view bytes, sealer_.Open(key_.hash, table, row_id, sealed, buffer));
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return DamagedRow(table);
  return absl::OkStatus();
}

absl::StatusOr<EntryRow> RowCodec::OpenEntry(const RawEntry& raw) const {
  storage::v1::StoredEntry stored;
  COUNCIL_RETURN_IF_ERROR(Open("entries", raw.id, raw.sealed, stored));
  EntryRow row;
  row.entry = std::move(*stored.mutable_content());
  row.salts.assign(std::make_move_iterator(stored.mutable_salts()->begin()),
                   std::make_move_iterator(stored.mutable_salts()->end()));
  row.erased.assign(std::make_move_iterator(stored.mutable_erased_commitments()->begin()),
                    std::make_move_iterator(stored.mutable_erased_commitments()->end()));
  row.request_id = std::move(*stored.mutable_request_id());
  row.request = {.content = std::move(*stored.mutable_request_digest()),
                 .text = std::move(*stored.mutable_request_text_digest())};
  row.revision = raw.revision;
  v1::Interaction& entry = row.entry;
  entry.set_sequence(raw.sequence);
  entry.set_id(IdText(raw.id));
  *entry.mutable_record_time() = base::ToProto(absl::FromUnixMicros(raw.record_micros));
  entry.set_hash(std::string(raw.hash));
  entry.set_corrected_by(raw.corrected_by);
  entry.set_previous_hash(raw.previous_hash.has_value() ? std::string(*raw.previous_hash) : ZeroHash());
  return row;
}

absl::StatusOr<LedgerReader::Summary> RowCodec::OpenTie(std::string_view contact, std::string_view sealed) const {
  storage::v1::StoredTie stored;
  COUNCIL_RETURN_IF_ERROR(Open("ties", contact, sealed, stored));
  return LedgerReader::Summary{.tie = std::move(*stored.mutable_tie()),
                               .stale = stored.version() != ties::kTieSummaryVersion};
}

absl::StatusOr<v1::TieDay> RowCodec::OpenDay(std::string_view contact, std::int64_t day,
                                             std::string_view sealed) const {
  v1::TieDay result;
  COUNCIL_RETURN_IF_ERROR(Open("tie_days", TieDayRowId(contact, day), sealed, result));
  return result;
}

absl::StatusOr<EventRecord> RowCodec::OpenEvent(std::string_view event, std::int64_t sequence,
                                                std::string_view sealed) const {
  storage::v1::StoredEvent stored;
  COUNCIL_RETURN_IF_ERROR(Open("events", event, sealed, stored));
  EventRecord record = RecordOf(std::move(stored));
  record.sequence = sequence;
  return record;
}

absl::StatusOr<ImportPart> RowCodec::OpenImport(std::string_view import, std::int64_t part,
                                                std::string_view sealed) const {
  storage::v1::StoredImport stored;
  COUNCIL_RETURN_IF_ERROR(Open("imports", ImportRowId(import, part), sealed, stored));
  ImportPart what;
  for (storage::v1::StoredImportedEntry& entry : *stored.mutable_entries()) {
    std::optional<EventRecord> before;
    if (entry.has_before()) {
      before = RecordOf(std::move(*entry.mutable_before()));
      before->sequence = entry.before_sequence();
    }
    what.entries.push_back(
        {.id = entry.id(), .uid = entry.uid(), .recurrence_id = entry.recurrence_id(), .before = std::move(before)});
  }
  what.plan_ids.assign(stored.plan_ids().begin(), stored.plan_ids().end());
  return what;
}

absl::StatusOr<v1::Plan> RowCodec::OpenPlan(std::string_view id, std::string_view sealed) const {
  v1::Plan plan;
  COUNCIL_RETURN_IF_ERROR(Open("plans", id, sealed, plan));
  plan.set_id(IdText(id));
  return plan;
}

absl::StatusOr<std::string> RowCodec::SealEntry(const Draft& draft) const {
  EntryRow row;
  row.entry = draft.content;
  row.salts = draft.salts;
  for (std::size_t i = 0; i < draft.salts.size(); ++i) {
    if (draft.salts[i].empty()) row.erased.push_back(draft.commitments[i]);
  }
  row.request_id = draft.request_id;
  row.request = draft.request;
  return SealEntry(row);
}

absl::StatusOr<std::string> RowCodec::SealEntry(const EntryRow& row) const {
  storage::v1::StoredEntry stored;
  v1::Interaction& content = *stored.mutable_content();
  content = row.entry;
  content.clear_id();
  content.clear_record_time();
  content.clear_sequence();
  content.clear_corrected_by();
  content.clear_previous_hash();
  content.clear_hash();
  stored.set_canonical_version(kCanonicalVersion);
  for (const std::string& salt : row.salts) stored.add_salts(salt);
  for (const std::string& commitment : row.erased) stored.add_erased_commitments(commitment);
  if (!row.request_id.empty()) {
    stored.set_request_id(row.request_id);
    stored.set_request_digest(row.request.content);
    stored.set_request_text_digest(row.request.text);
  }
  return sealer_.Seal(key_.hash, "entries", IdBytes(row.entry.id()), stored.SerializeAsString());
}

absl::StatusOr<std::string> RowCodec::SealTie(std::string_view contact, const v1::Tie& tie) const {
  storage::v1::StoredTie stored;
  stored.set_version(ties::kTieSummaryVersion);
  *stored.mutable_tie() = tie;
  return sealer_.Seal(key_.hash, "ties", contact, stored.SerializeAsString());
}

absl::StatusOr<std::string> RowCodec::SealDay(std::string_view contact, const v1::TieDay& day) const {
  return sealer_.Seal(key_.hash, "tie_days", TieDayRowId(contact, day.day()), day.SerializeAsString());
}

absl::StatusOr<std::string> RowCodec::SealEvent(std::string_view event, const EventRecord& record) const {
  return sealer_.Seal(key_.hash, "events", event, StoredOf(record).SerializeAsString());
}

absl::StatusOr<std::string> RowCodec::SealImport(std::string_view import, std::int64_t part,
                                                 const ImportPart& what) const {
  storage::v1::StoredImport stored;
  for (const ImportPart::Entry& entry : what.entries) {
    storage::v1::StoredImportedEntry& added = *stored.add_entries();
    added.set_id(entry.id);
    added.set_uid(entry.uid);
    added.set_recurrence_id(entry.recurrence_id);
    if (!entry.before.has_value()) continue;
    *added.mutable_before() = StoredOf(*entry.before);
    added.set_before_sequence(entry.before->sequence);
  }
  for (const std::string& id : what.plan_ids) stored.add_plan_ids(id);
  return sealer_.Seal(key_.hash, "imports", ImportRowId(import, part), stored.SerializeAsString());
}

absl::StatusOr<std::string> RowCodec::SealPlan(std::string_view id, const v1::Plan& plan) const {
  return sealer_.Seal(key_.hash, "plans", id, plan.SerializeAsString());
}

absl::StatusOr<std::string> RowCodec::ProveHead(const LedgerState& state) const {
  return sealer_.Prove(key_.hash, "ledgers", HeadText(state));
}

absl::Status RowCodec::CheckHead(const LedgerState& state) const {
  // Where nothing was written there is nothing to prove.
  if (state.head_sequence == 0) return absl::OkStatus();
  return sealer_.CheckProof(key_.hash, "ledgers", HeadText(state), state.head_proof);
}

std::vector<seal::SealedTable> SealedTables() {
  using seal::SealedTable;
  const auto by_bytes = [](const char* table, const char* column) {
    return SealedTable{.name = table, .key = {{column}}, .row_id = [](const std::vector<SealedTable::Value>& key) {
                         return std::get<std::string>(key[0]);
                       }};
  };
  return {by_bytes("entries", "id"),
          by_bytes("ties", "contact"),
          {.name = "tie_days",
           .key = {{"contact"}, {"day", SealedTable::Column::Type::kInteger}},
           .row_id =
               [](const std::vector<SealedTable::Value>& key) {
                 return TieDayRowId(std::get<std::string>(key[0]), std::get<std::int64_t>(key[1]));
               }},
          by_bytes("events", "event"),
          by_bytes("plans", "id"),
          {.name = "imports",
           .key = {{"import_id"}, {"part", SealedTable::Column::Type::kInteger}},
           .row_id =
               [](const std::vector<SealedTable::Value>& key) {
                 return ImportRowId(std::get<std::string>(key[0]), std::get<std::int64_t>(key[1]));
               }},
          audit::AccessRows::Table()};
}

std::string RowCodec::RequestHash(const std::string& request_id) const {
  return sealer_.IndexHash(key_.owner, "request_id", request_id);
}

std::string RowCodec::PromiseHash(const std::string& promise_id) const {
  return sealer_.IndexHash(key_.owner, "promise", promise_id);
}

std::string RowCodec::EventHash(const std::string& uid, const std::string& recurrence_id) const {
  return sealer_.IndexHash(key_.owner, "event",
                           std::move(CanonicalWriter("event").Text(uid).Text(recurrence_id)).Take());
}

std::string RowCodec::EventUidHash(const std::string& uid) const {
  return sealer_.IndexHash(key_.owner, "event_uid", uid);
}

}  // namespace council::ledger
