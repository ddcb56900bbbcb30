#include "services/ledger/sqlite_ledger_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/check.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/chain.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Statement;

#define COUNCIL_ENTRY_COLUMNS                                           \
  "e.sequence, e.id, e.record_time, e.hash, e.corrected_by, e.sealed, " \
  "(SELECT p.hash FROM entries p WHERE p.owner = e.owner AND p.sequence = e.sequence - 1)"

absl::Status Damaged(std::string_view table) {
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     absl::StrCat("a row of ", std::string(table), " cannot be read"));
}

}  // namespace

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

std::int64_t DayOfEntry(const v1::Interaction& entry) {
  return DayOfTime(base::FromProto(entry.occur_time()));
}

std::string EventHash(const seal::Sealer& sealer, const base::Owner& owner, const std::string& uid,
                      const std::string& recurrence_id) {
  return sealer.IndexHash(owner, "event", std::move(CanonicalWriter("event").Text(uid).Text(recurrence_id)).Take());
}

std::string EventUidHash(const seal::Sealer& sealer, const base::Owner& owner, const std::string& uid) {
  return sealer.IndexHash(owner, "event_uid", uid);
}

std::string TieDayRowId(const std::string& contact_bytes, std::int64_t day) {
  return std::move(CanonicalWriter("day").Text(contact_bytes).Int(day)).Take();
}

SqliteLedgerReader::SqliteLedgerReader(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key)
    : connection_(connection), sealer_(sealer), key_(key) {
  Statement select =
      connection_.Prepare("SELECT chain_id, head_sequence, head_hash, revision, erased FROM ledgers WHERE owner = ?");
  select.Bind(Blob{key_.hash});
  if (!select.Step()) return;
  state_.chain_id = select.GetBlob(0);
  state_.head_sequence = select.GetInt(1);
  state_.head_hash = select.GetBlob(2);
  state_.revision = select.GetInt(3);
  state_.erased = select.GetInt(4) != 0;
}

absl::Status SqliteLedgerReader::Open(std::string_view table, std::string_view row_id, std::string_view sealed,
                                      google::protobuf::MessageLite& message) const {
  std::string buffer;
  COUNCIL_ASSIGN_OR_RETURN(const std::string_view bytes, sealer_.Open(key_.owner, table, row_id, sealed, buffer));
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return Damaged(table);
  return absl::OkStatus();
}

absl::StatusOr<EntryRow> SqliteLedgerReader::ReadEntry(Statement& row) const {
  storage::v1::StoredEntry stored;
  COUNCIL_RETURN_IF_ERROR(Open("entries", row.GetBlob(1), row.GetBlob(5), stored));
  EntryRow result;
  result.entry = std::move(*stored.mutable_content());
  result.salts.assign(std::make_move_iterator(stored.mutable_salts()->begin()),
                      std::make_move_iterator(stored.mutable_salts()->end()));
  result.request_id = std::move(*stored.mutable_request_id());
  result.request = {.content = std::move(*stored.mutable_request_digest()),
                    .text = std::move(*stored.mutable_request_text_digest())};
  v1::Interaction& entry = result.entry;
  entry.set_sequence(row.GetInt(0));
  entry.set_id(IdText(row.GetBlob(1)));
  *entry.mutable_record_time() = base::ToProto(absl::FromUnixMicros(row.GetInt(2)));
  entry.set_hash(std::string(row.GetBlob(3)));
  if (!row.IsNull(4)) entry.set_corrected_by(row.GetInt(4));
  entry.set_previous_hash(row.IsNull(6) ? ZeroHash() : std::string(row.GetBlob(6)));
  return result;
}

absl::StatusOr<std::optional<EntryRow>> SqliteLedgerReader::EntryAt(std::int64_t sequence) {
  Statement select =
      connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS " FROM entries e WHERE e.owner = ? AND e.sequence = ?");
  select.Bind(Blob{key_.hash}, sequence);
  if (!select.Step()) return std::nullopt;
  return ReadEntry(select);
}

absl::StatusOr<std::optional<EntryRow>> SqliteLedgerReader::EntryWithId(const std::string& id) {
  const std::string bytes = IdBytes(id);
  Statement select =
      connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS " FROM entries e WHERE e.owner = ? AND e.id = ?");
  select.Bind(Blob{key_.hash}, Blob{bytes});
  if (!select.Step()) return std::nullopt;
  return ReadEntry(select);
}

absl::StatusOr<std::optional<std::string>> SqliteLedgerReader::HashAt(std::int64_t sequence) {
  Statement select = connection_.Prepare("SELECT hash FROM entries WHERE owner = ? AND sequence = ?");
  select.Bind(Blob{key_.hash}, sequence);
  if (!select.Step()) return std::nullopt;
  return std::string(select.GetBlob(0));
}

absl::StatusOr<std::optional<storage::v1::StoredEntry>> SqliteLedgerReader::StoredAt(std::int64_t sequence) {
  Statement select = connection_.Prepare("SELECT id, sealed FROM entries WHERE owner = ? AND sequence = ?");
  select.Bind(Blob{key_.hash}, sequence);
  if (!select.Step()) return std::nullopt;
  storage::v1::StoredEntry stored;
  COUNCIL_RETURN_IF_ERROR(Open("entries", select.GetBlob(0), select.GetBlob(1), stored));
  return stored;
}

absl::Status SqliteLedgerReader::ForEachEntry(
    std::int64_t start_sequence, absl::FunctionRef<bool(std::int64_t, const absl::StatusOr<EntryRow>&)> take) {
  Statement select = connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS
                                         " FROM entries e WHERE e.owner = ? AND e.sequence >= ? ORDER BY e.sequence");
  select.Bind(Blob{key_.hash}, start_sequence);
  while (select.Step()) {
    if (!take(select.GetInt(0), ReadEntry(select))) break;
  }
  return absl::OkStatus();
}

absl::Status SqliteLedgerReader::ForEachEntryByDay(std::int64_t first_day, std::int64_t last_day,
                                                   std::span<const std::string> contact_ids,
                                                   absl::FunctionRef<bool(const v1::Interaction&)> take) {
  // One cursor an id, each in the order asked for, merged: what is not taken is not read.
  std::vector<std::string> contacts;
  for (const std::string& id : contact_ids) contacts.push_back(IdBytes(id));
  std::vector<Statement> cursors;
  for (const std::string& contact : contacts) {
    cursors.push_back(
        connection_.Prepare("SELECT day, sequence FROM entry_contacts WHERE owner = ? AND contact = ? "
                            "AND day BETWEEN ? AND ? ORDER BY day DESC, sequence DESC"));
    cursors.back().Bind(Blob{key_.hash}, Blob{contact}, first_day, last_day);
  }
  if (contacts.empty()) {
    cursors.push_back(
        connection_.Prepare("SELECT day, sequence FROM entries WHERE owner = ? AND day BETWEEN ? AND ? "
                            "ORDER BY day DESC, sequence DESC"));
    cursors.back().Bind(Blob{key_.hash}, first_day, last_day);
  }
  using Place = std::pair<std::int64_t, std::int64_t>;  // Day, sequence.
  std::vector<std::pair<Place, std::size_t>> heads;
  const auto advance = [&](std::size_t cursor) {
    if (cursors[cursor].Step()) heads.push_back({{cursors[cursor].GetInt(0), cursors[cursor].GetInt(1)}, cursor});
  };
  for (std::size_t i = 0; i < cursors.size(); ++i) advance(i);
  std::optional<Place> last;
  while (!heads.empty()) {
    const auto greatest = std::max_element(heads.begin(), heads.end());
    const auto [place, cursor] = *greatest;
    heads.erase(greatest);
    advance(cursor);
    if (last == place) continue;
    last = place;
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> row, EntryAt(place.second));
    if (!row.has_value()) return Damaged("entry_contacts");
    if (!take(row->entry)) break;
  }
  return absl::OkStatus();
}

absl::Status SqliteLedgerReader::ForEachUpcoming(absl::FunctionRef<bool(const v1::Interaction&)> take) {
  std::vector<std::int64_t> sequences;
  {
    Statement select = connection_.Prepare("SELECT sequence FROM upcoming WHERE owner = ? ORDER BY sequence");
    select.Bind(Blob{key_.hash});
    while (select.Step()) sequences.push_back(select.GetInt(0));
  }
  for (const std::int64_t sequence : sequences) {
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> row, EntryAt(sequence));
    if (!row.has_value()) return Damaged("upcoming");
    if (!take(row->entry)) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LedgerReader::Summary>> SqliteLedgerReader::SummaryOf(const std::string& contact_id) {
  const std::string contact = IdBytes(contact_id);
  Statement select = connection_.Prepare("SELECT sealed FROM ties WHERE owner = ? AND contact = ?");
  select.Bind(Blob{key_.hash}, Blob{contact});
  if (!select.Step()) return std::nullopt;
  storage::v1::StoredTie stored;
  COUNCIL_RETURN_IF_ERROR(Open("ties", contact, select.GetBlob(0), stored));
  return Summary{.tie = std::move(*stored.mutable_tie()), .stale = stored.version() != ties::kTieSummaryVersion};
}

absl::StatusOr<std::vector<v1::TieDay>> SqliteLedgerReader::DaysOf(const std::string& contact_id) {
  const std::string contact = IdBytes(contact_id);
  Statement select =
      connection_.Prepare("SELECT day, sealed FROM tie_days WHERE owner = ? AND contact = ? ORDER BY day");
  select.Bind(Blob{key_.hash}, Blob{contact});
  std::vector<v1::TieDay> days;
  while (select.Step()) {
    v1::TieDay& day = days.emplace_back();
    COUNCIL_RETURN_IF_ERROR(Open("tie_days", TieDayRowId(contact, select.GetInt(0)), select.GetBlob(1), day));
  }
  return days;
}

absl::StatusOr<std::vector<std::string>> SqliteLedgerReader::ContactsAfter(const std::string& after, int limit) {
  const std::string bytes = after.empty() ? "" : IdBytes(after);
  Statement select =
      connection_.Prepare("SELECT contact FROM ties WHERE owner = ? AND contact > ? ORDER BY contact LIMIT ?");
  select.Bind(Blob{key_.hash}, Blob{bytes}, limit);
  std::vector<std::string> contacts;
  while (select.Step()) contacts.push_back(IdText(select.GetBlob(0)));
  return contacts;
}

absl::StatusOr<PromiseRow> SqliteLedgerReader::ReadPromise(Statement& row, const std::string* promise_id) {
  const std::string hash(row.GetBlob(0));
  PromiseRow result;
  result.opened_by = row.GetInt(1);
  result.closed_by = row.IsNull(2) ? 0 : row.GetInt(2);
  COUNCIL_ASSIGN_OR_RETURN(std::optional<EntryRow> opening, EntryAt(result.opened_by));
  if (!opening.has_value()) return Damaged("promises");
  result.opening = std::move(opening->entry);
  for (const v1::Promise& promise : result.opening.promises()) {
    const bool found = promise_id != nullptr ? promise.id() == *promise_id
                                             : sealer_.IndexHash(key_.owner, "promise", promise.id()) == hash;
    if (!found) continue;
    result.promise = promise;
    return result;
  }
  return Damaged("promises");
}

absl::StatusOr<std::vector<PromiseRow>> SqliteLedgerReader::Promises(bool include_closed) {
  Statement select = connection_.Prepare(
      include_closed ? "SELECT promise, opened_by, closed_by FROM promises WHERE owner = ?"
                     : "SELECT promise, opened_by, closed_by FROM promises WHERE owner = ? AND closed_by IS NULL");
  select.Bind(Blob{key_.hash});
  std::vector<PromiseRow> promises;
  while (select.Step()) {
    COUNCIL_ASSIGN_OR_RETURN(PromiseRow promise, ReadPromise(select, nullptr));
    promises.push_back(std::move(promise));
  }
  return promises;
}

absl::StatusOr<std::optional<PromiseRow>> SqliteLedgerReader::FindPromise(const std::string& promise_id) {
  const std::string hash = sealer_.IndexHash(key_.owner, "promise", promise_id);
  Statement select =
      connection_.Prepare("SELECT promise, opened_by, closed_by FROM promises WHERE owner = ? AND promise = ?");
  select.Bind(Blob{key_.hash}, Blob{hash});
  if (!select.Step()) return std::nullopt;
  return ReadPromise(select, &promise_id);
}

absl::StatusOr<std::vector<v1::Plan>> SqliteLedgerReader::Plans(std::int64_t first_day, std::int64_t last_day) {
  Statement select =
      connection_.Prepare("SELECT id, sealed FROM plans WHERE owner = ? AND day BETWEEN ? AND ? ORDER BY day");
  select.Bind(Blob{key_.hash}, first_day, last_day);
  std::vector<v1::Plan> plans;
  while (select.Step()) {
    v1::Plan& plan = plans.emplace_back();
    COUNCIL_RETURN_IF_ERROR(Open("plans", select.GetBlob(0), select.GetBlob(1), plan));
    plan.set_id(IdText(select.GetBlob(0)));
  }
  return plans;
}

absl::StatusOr<EventRecord> SqliteLedgerReader::ReadEvent(Statement& row) const {
  storage::v1::StoredEvent stored;
  COUNCIL_RETURN_IF_ERROR(Open("events", row.GetBlob(0), row.GetBlob(2), stored));
  EventRecord event;
  event.uid = stored.uid();
  event.recurrence_id = stored.recurrence_id();
  event.imported = std::move(*stored.mutable_imported());
  event.withdrawn = stored.withdrawn();
  event.sequence = row.GetInt(1);
  for (const storage::v1::StoredAttendee& attendee : stored.attendees()) {
    event.attendees[attendee.address()] = attendee.contact_id();
  }
  return event;
}

absl::StatusOr<std::vector<EventRecord>> SqliteLedgerReader::Events(const std::string& uid) {
  const std::string hash = EventUidHash(sealer_, key_.owner, uid);
  Statement select =
      connection_.Prepare("SELECT event, sequence, sealed FROM events WHERE owner = ? AND event_uid = ?");
  select.Bind(Blob{key_.hash}, Blob{hash});
  std::vector<EventRecord> events;
  while (select.Step()) {
    COUNCIL_ASSIGN_OR_RETURN(EventRecord event, ReadEvent(select));
    events.push_back(std::move(event));
  }
  return events;
}

absl::Status SqliteLedgerReader::ForEachEvent(absl::FunctionRef<bool(EventRecord)> take) {
  Statement select =
      connection_.Prepare("SELECT event, sequence, sealed FROM events WHERE owner = ? ORDER BY sequence");
  select.Bind(Blob{key_.hash});
  while (select.Step()) {
    COUNCIL_ASSIGN_OR_RETURN(EventRecord event, ReadEvent(select));
    if (!take(std::move(event))) break;
  }
  return absl::OkStatus();
}

}  // namespace council::ledger
