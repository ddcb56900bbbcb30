#include "services/ledger/sql_ledger_reader.h"

#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/sql/in_list.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::InList;
using sql::Statement;

constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

// Rows of a page of a walk. The first is shorter where walks often end early.
constexpr int kFirstPage = 100;
constexpr int kPage = 500;

std::vector<std::string> BytesOf(std::span<const std::string> contact_ids) {
  std::vector<std::string> contacts;
  contacts.reserve(contact_ids.size());
  for (const std::string& id : contact_ids) contacts.push_back(IdBytes(id));
  return contacts;
}

}  // namespace

std::set<std::string> ErasedContactsOf(sql::Connection& connection, const OwnerKey& key) {
  Statement select = connection.Prepare("SELECT contact FROM erased_contacts WHERE owner = ?");
  select.Bind(Blob{key.hash});
  std::set<std::string> erased;
  while (select.Step()) erased.insert(IdText(select.GetBlob(0)));
  return erased;
}

std::string JoinEntry(const sql::Connection& connection, const std::string& owner, const std::string& sequence) {
  if (connection.engine() == sql::Engine::kSqlite) {
    return absl::StrCat(" LEFT JOIN entries e ON e.owner = ", owner, " AND e.sequence = ", sequence);
  }
  return absl::StrCat(" LEFT JOIN LATERAL (SELECT x.* FROM entries x WHERE x.owner = ", owner,
                      " AND x.sequence = ", sequence, " OFFSET 0) e ON TRUE");
}

RawEntry ReadRawEntry(const Statement& row, int first) {
  RawEntry raw;
  raw.sequence = row.GetInt(first);
  raw.id = row.GetBlob(first + 1);
  raw.record_micros = row.GetInt(first + 2);
  raw.hash = row.GetBlob(first + 3);
  raw.corrected_by = row.IsNull(first + 4) ? 0 : row.GetInt(first + 4);
  raw.revision = row.GetInt(first + 5);
  raw.sealed = row.GetBlob(first + 6);
  if (!row.IsNull(first + 7)) raw.previous_hash = row.GetBlob(first + 7);
  return raw;
}

SqlLedgerReader::SqlLedgerReader(sql::Connection& connection, const RowCodec& codec, const OwnerKey& key)
    : connection_(connection), codec_(codec), key_(key) {
  Statement select =
      connection_.Prepare("SELECT chain_id, head_sequence, head_hash, revision, erased FROM ledgers WHERE owner = ?");
  select.Bind(Blob{key_.hash});
  if (!select.Step()) return;
  state_.chain_id = select.GetBlob(0);
  state_.head_sequence = select.GetInt(1);
  SetHead(select.GetBlob(2), state_);
  state_.revision = select.GetInt(3);
  state_.erased = select.GetInt(4) != 0;
}

absl::StatusOr<std::optional<EntryRow>> SqlLedgerReader::EntryAt(std::int64_t sequence) {
  Statement select =
      connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS " FROM entries e WHERE e.owner = ? AND e.sequence = ?");
  select.Bind(Blob{key_.hash}, sequence);
  if (!select.Step()) return std::nullopt;
  return codec_.OpenEntry(ReadRawEntry(select));
}

absl::StatusOr<std::optional<EntryRow>> SqlLedgerReader::EntryWithId(const std::string& id) {
  const std::string bytes = IdBytes(id);
  Statement select =
      connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS " FROM entries e WHERE e.owner = ? AND e.id = ?");
  select.Bind(Blob{key_.hash}, Blob{bytes});
  if (!select.Step()) return std::nullopt;
  return codec_.OpenEntry(ReadRawEntry(select));
}

absl::StatusOr<std::optional<EntryRow>> SqlLedgerReader::EntryWithRequest(const std::string& request_id) {
  const std::string request = codec_.RequestHash(request_id);
  Statement select =
      connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS
                          " FROM requests r JOIN entries e ON e.owner = r.owner AND e.sequence = r.sequence "
                          "WHERE r.owner = ? AND r.request = ?");
  select.Bind(Blob{key_.hash}, Blob{request});
  if (!select.Step()) return std::nullopt;
  return codec_.OpenEntry(ReadRawEntry(select));
}

absl::StatusOr<std::optional<std::string>> SqlLedgerReader::HashAt(std::int64_t sequence) {
  Statement select = connection_.Prepare("SELECT hash FROM entries WHERE owner = ? AND sequence = ?");
  select.Bind(Blob{key_.hash}, sequence);
  if (!select.Step()) return std::nullopt;
  return std::string(select.GetBlob(0));
}

absl::Status SqlLedgerReader::ForEachEntry(
    std::int64_t start_sequence, absl::FunctionRef<bool(std::int64_t, const absl::StatusOr<EntryRow>&)> take) {
  Statement select = connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS
                                         " FROM entries e WHERE e.owner = ? AND e.sequence >= ? "
                                         "ORDER BY e.sequence LIMIT ?");
  int rows = kPage;
  for (std::int64_t next = start_sequence; rows == kPage;) {
    select.Reset();
    select.Bind(Blob{key_.hash}, next, kPage);
    for (rows = 0; select.Step(); ++rows) {
      const RawEntry raw = ReadRawEntry(select);
      next = raw.sequence + 1;
      if (!take(raw.sequence, codec_.OpenEntry(raw))) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status SqlLedgerReader::ForEachEntryByDay(std::int64_t first_day, std::int64_t last_day,
                                                std::span<const std::string> contact_ids,
                                                absl::FunctionRef<bool(const v1::Interaction&)> take) {
  const std::vector<std::string> contacts = BytesOf(contact_ids);
  const std::vector<InList> lists = InList::Split(contacts);
  if (lists.size() > 1) return absl::InvalidArgumentError("too many contacts for one list");
  const std::string from_contacts =
      lists.empty() ? ""
                    : "SELECT DISTINCT day, sequence FROM entry_contacts WHERE owner = ? AND contact IN " +
                          lists[0].placeholders();
  Statement select = connection_.Prepare(
      "SELECT " COUNCIL_ENTRY_COLUMNS ", c.day, c.sequence FROM (" +
      (lists.empty() ? std::string("SELECT day, sequence FROM entries WHERE owner = ?") : from_contacts) +
      " AND day >= ? AND (day, sequence) < (?, ?) ORDER BY day DESC, sequence DESC LIMIT ?) c" +
      JoinEntry(connection_, "?", "c.sequence") + " ORDER BY c.day DESC, c.sequence DESC");
  // Behind the last row of the page before.
  std::int64_t day = last_day;
  std::int64_t sequence = kLast;
  for (int limit = kFirstPage;; limit = kPage) {
    select.Reset();
    const auto behind = std::tuple(first_day, day, sequence, limit, Blob{key_.hash});
    if (lists.empty()) {
      std::apply([&](const auto&... values) { select.Bind(Blob{key_.hash}, values...); }, behind);
    } else {
      lists[0].Bind(select, std::tuple(Blob{key_.hash}), behind);
    }
    int rows = 0;
    for (; select.Step(); ++rows) {
      day = select.GetInt(kEntryColumns);
      sequence = select.GetInt(kEntryColumns + 1);
      if (select.IsNull(0)) return DamagedRow("entry_contacts");
      COUNCIL_ASSIGN_OR_RETURN(const EntryRow row, codec_.OpenEntry(ReadRawEntry(select)));
      if (!take(row.entry)) return absl::OkStatus();
    }
    if (rows < limit) return absl::OkStatus();
  }
}

absl::Status SqlLedgerReader::ForEachUpcoming(absl::FunctionRef<bool(const v1::Interaction&)> take) {
  Statement select = connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS ", u.sequence FROM upcoming u" +
                                         JoinEntry(connection_, "u.owner", "u.sequence") +
                                         " WHERE u.owner = ? AND u.sequence > ? ORDER BY u.sequence LIMIT ?");
  std::int64_t last = 0;
  for (int rows = kPage; rows == kPage;) {
    select.Reset();
    select.Bind(Blob{key_.hash}, last, kPage);
    for (rows = 0; select.Step(); ++rows) {
      last = select.GetInt(kEntryColumns);
      if (select.IsNull(0)) return DamagedRow("upcoming");
      COUNCIL_ASSIGN_OR_RETURN(const EntryRow row, codec_.OpenEntry(ReadRawEntry(select)));
      if (!take(row.entry)) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, LedgerReader::Summary>> SqlLedgerReader::Summaries(
    std::span<const std::string> contact_ids) {
  const std::vector<std::string> contacts = BytesOf(contact_ids);
  std::map<std::string, Summary> summaries;
  for (const InList& some : InList::Split(contacts)) {
    Statement select =
        connection_.Prepare("SELECT contact, sealed FROM ties WHERE owner = ? AND contact IN " + some.placeholders());
    some.Bind(select, std::tuple(Blob{key_.hash}), std::tuple());
    while (select.Step()) {
      COUNCIL_ASSIGN_OR_RETURN(Summary summary, codec_.OpenTie(select.GetBlob(0), select.GetBlob(1)));
      summaries.insert_or_assign(IdText(select.GetBlob(0)), std::move(summary));
    }
  }
  return summaries;
}

absl::StatusOr<std::map<std::string, std::vector<v1::TieDay>>> SqlLedgerReader::Days(
    std::span<const std::string> contact_ids) {
  const std::vector<std::string> contacts = BytesOf(contact_ids);
  std::map<std::string, std::vector<v1::TieDay>> days;
  for (const InList& some : InList::Split(contacts)) {
    Statement select = connection_.Prepare("SELECT contact, day, sealed FROM tie_days WHERE owner = ? AND contact IN " +
                                           some.placeholders() + " ORDER BY contact, day");
    some.Bind(select, std::tuple(Blob{key_.hash}), std::tuple());
    while (select.Step()) {
      COUNCIL_ASSIGN_OR_RETURN(v1::TieDay day, codec_.OpenDay(select.GetBlob(0), select.GetInt(1), select.GetBlob(2)));
      days[IdText(select.GetBlob(0))].push_back(std::move(day));
    }
  }
  return days;
}

absl::StatusOr<std::map<std::string, std::vector<v1::Interaction>>> SqlLedgerReader::EntriesOf(
    std::span<const std::string> contact_ids, std::int64_t last_day) {
  const std::vector<std::string> contacts = BytesOf(contact_ids);
  std::map<std::string, std::vector<v1::Interaction>> entries;
  for (const InList& some : InList::Split(contacts)) {
    Statement select = connection_.Prepare(
        "SELECT " COUNCIL_ENTRY_COLUMNS
        ", c.contact, c.day, c.sequence FROM (SELECT contact, day, sequence FROM entry_contacts "
        "WHERE owner = ? AND contact IN " +
        some.placeholders() +
        " AND day <= ? AND (contact, day, sequence) > (?, ?, ?) ORDER BY contact, day, sequence LIMIT ?) c" +
        JoinEntry(connection_, "?", "c.sequence") + " ORDER BY c.contact, c.day, c.sequence");
    std::string contact;
    std::int64_t day = kFirst;
    std::int64_t sequence = 0;
    for (int rows = kPage; rows == kPage;) {
      select.Reset();
      some.Bind(select, std::tuple(Blob{key_.hash}),
                std::tuple(last_day, Blob{contact}, day, sequence, kPage, Blob{key_.hash}));
      std::string last = contact;
      for (rows = 0; select.Step(); ++rows) {
        last = select.GetBlob(kEntryColumns);
        day = select.GetInt(kEntryColumns + 1);
        sequence = select.GetInt(kEntryColumns + 2);
        if (select.IsNull(0)) return DamagedRow("entry_contacts");
        COUNCIL_ASSIGN_OR_RETURN(EntryRow row, codec_.OpenEntry(ReadRawEntry(select)));
        entries[IdText(last)].push_back(std::move(row.entry));
      }
      contact = std::move(last);
    }
  }
  return entries;
}

absl::StatusOr<std::vector<std::string>> SqlLedgerReader::ContactsAfter(const std::string& after, int limit) {
  const std::string bytes = after.empty() ? "" : IdBytes(after);
  Statement select =
      connection_.Prepare("SELECT contact FROM ties WHERE owner = ? AND contact > ? ORDER BY contact LIMIT ?");
  select.Bind(Blob{key_.hash}, Blob{bytes}, limit);
  std::vector<std::string> contacts;
  while (select.Step()) contacts.push_back(IdText(select.GetBlob(0)));
  return contacts;
}

absl::StatusOr<PromiseRow> SqlLedgerReader::ReadPromise(Statement& row) const {
  if (row.IsNull(0)) return DamagedRow("promises");
  const std::string hash(row.GetBlob(kEntryColumns));
  PromiseRow result;
  result.opened_by = row.GetInt(kEntryColumns + 1);
  result.closed_by = row.IsNull(kEntryColumns + 2) ? 0 : row.GetInt(kEntryColumns + 2);
  COUNCIL_ASSIGN_OR_RETURN(EntryRow opening, codec_.OpenEntry(ReadRawEntry(row)));
  result.opening = std::move(opening.entry);
  for (const v1::Promise& promise : result.opening.promises()) {
    if (codec_.PromiseHash(promise.id()) != hash) continue;
    result.promise = promise;
    return result;
  }
  return DamagedRow("promises");
}

absl::StatusOr<std::vector<PromiseRow>> SqlLedgerReader::Promises(bool include_closed) {
  Statement select = connection_.Prepare(
      std::string("SELECT " COUNCIL_ENTRY_COLUMNS ", p.promise, p.opened_by, p.closed_by FROM promises p "
                  "LEFT JOIN entries e ON e.owner = p.owner AND e.sequence = p.opened_by "
                  "WHERE p.owner = ? AND p.promise > ?") +
      (include_closed ? "" : " AND p.closed_by IS NULL") + " ORDER BY p.promise LIMIT ?");
  std::vector<PromiseRow> promises;
  std::string last;
  for (int rows = kPage; rows == kPage;) {
    select.Reset();
    const std::string after = last;
    select.Bind(Blob{key_.hash}, Blob{after}, kPage);
    for (rows = 0; select.Step(); ++rows) {
      last = select.GetBlob(kEntryColumns);
      COUNCIL_ASSIGN_OR_RETURN(PromiseRow promise, ReadPromise(select));
      promises.push_back(std::move(promise));
    }
  }
  return promises;
}

absl::StatusOr<std::vector<v1::Plan>> SqlLedgerReader::Plans(std::int64_t first_day, std::int64_t last_day) {
  Statement select =
      connection_.Prepare("SELECT id, sealed FROM plans WHERE owner = ? AND day BETWEEN ? AND ? ORDER BY day, id");
  select.Bind(Blob{key_.hash}, first_day, last_day);
  std::vector<v1::Plan> plans;
  while (select.Step()) {
    COUNCIL_ASSIGN_OR_RETURN(v1::Plan plan, codec_.OpenPlan(select.GetBlob(0), select.GetBlob(1)));
    plans.push_back(std::move(plan));
  }
  return plans;
}

absl::StatusOr<std::optional<v1::Plan>> SqlLedgerReader::PlanWithId(const std::string& id) {
  const std::string bytes = IdBytes(id);
  Statement select = connection_.Prepare("SELECT sealed FROM plans WHERE owner = ? AND id = ?");
  select.Bind(Blob{key_.hash}, Blob{bytes});
  if (!select.Step()) return std::nullopt;
  return codec_.OpenPlan(bytes, select.GetBlob(0));
}

absl::StatusOr<std::vector<EventRecord>> SqlLedgerReader::Events(const std::string& uid) {
  const std::string hash = codec_.EventUidHash(uid);
  Statement select = connection_.Prepare(
      "SELECT event, sequence, sealed FROM events WHERE owner = ? AND event_uid = ? ORDER BY event");
  select.Bind(Blob{key_.hash}, Blob{hash});
  std::vector<EventRecord> events;
  while (select.Step()) {
    COUNCIL_ASSIGN_OR_RETURN(EventRecord event,
                             codec_.OpenEvent(select.GetBlob(0), select.GetInt(1), select.GetBlob(2)));
    events.push_back(std::move(event));
  }
  return events;
}

absl::Status SqlLedgerReader::ForEachEvent(absl::FunctionRef<bool(EventRecord)> take) {
  Statement select = connection_.Prepare(
      "SELECT event, sequence, sealed FROM events WHERE owner = ? AND (sequence, event) > (?, ?) "
      "ORDER BY sequence, event LIMIT ?");
  std::int64_t sequence = 0;
  std::string last;
  for (int rows = kPage; rows == kPage;) {
    select.Reset();
    const std::string after = last;
    select.Bind(Blob{key_.hash}, sequence, Blob{after}, kPage);
    for (rows = 0; select.Step(); ++rows) {
      last = select.GetBlob(0);
      sequence = select.GetInt(1);
      COUNCIL_ASSIGN_OR_RETURN(EventRecord event, codec_.OpenEvent(last, sequence, select.GetBlob(2)));
      if (!take(std::move(event))) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<KeptImport>> SqlLedgerReader::Imports() {
  Statement select = connection_.Prepare(
      "SELECT import_id, MIN(time), COUNT(*) FROM imports WHERE owner = ? GROUP BY import_id ORDER BY 2 DESC, 1 DESC");
  select.Bind(Blob{key_.hash});
  std::vector<KeptImport> imports;
  while (select.Step()) {
    imports.push_back(
        {.id = IdText(select.GetBlob(0)), .time = absl::FromUnixMicros(select.GetInt(1)), .parts = select.GetInt(2)});
  }
  return imports;
}

absl::StatusOr<std::optional<ImportPart>> SqlLedgerReader::PartOfImport(const std::string& import_id,
                                                                        std::int64_t part) {
  const std::string import = IdBytes(import_id);
  Statement select = connection_.Prepare("SELECT sealed FROM imports WHERE owner = ? AND import_id = ? AND part = ?");
  select.Bind(Blob{key_.hash}, Blob{import}, part);
  if (!select.Step()) return std::nullopt;
  return codec_.OpenImport(import, part, select.GetBlob(0));
}

absl::StatusOr<std::set<std::string>> SqlLedgerReader::ErasedContacts() {
  return ErasedContactsOf(connection_, key_);
}

}  // namespace council::ledger
