#include "services/ledger/postgres_append.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/sql/postgres_connection.h"

namespace council::ledger {
namespace {

using sql::Statement;

// Columns of rows to come, each a parameter in PostgreSQL's text form of an array.
class Numbers {
 public:
  void Add(std::int64_t value) { absl::StrAppend(&text_, text_.empty() ? "{" : ",", value); }
  std::string Take() { return text_.empty() ? "{}" : std::move(text_) + "}"; }

 private:
  std::string text_;
};

class Bytes {
 public:
  // The bytes must live until Take.
  void Add(std::string_view value) { values_.push_back(value); }
  std::string Take() { return sql::ByteaArray(values_); }

 private:
  std::vector<std::string_view> values_;
};

// Rows as columns.
template <typename... Columns>
class Table {
 public:
  template <typename... Values>
  void Add(const Values&... values) {
    std::apply([&](Columns&... columns) { (columns.Add(values), ...); }, columns_);
  }
  auto Take() {
    return std::apply([](Columns&... columns) { return std::tuple{columns.Take()...}; }, columns_);
  }

 private:
  std::tuple<Columns...> columns_;
};

// "SELECT * FROM function(?, ?, …)".
std::string Call(std::string_view function, int parameters) {
  std::string sql = absl::StrCat("SELECT * FROM ", std::string(function), "(?");
  for (int i = 1; i < parameters; ++i) absl::StrAppend(&sql, ", ?");
  return sql + ")";
}

template <typename... Texts>
Statement CallWith(sql::Connection& connection, std::string_view function, const std::tuple<Texts...>& arguments) {
  Statement call = connection.Prepare(Call(function, sizeof...(Texts)));
  std::apply([&call](const auto&... texts) { call.Bind(texts...); }, arguments);
  return call;
}

// The kinds of rows that append_read returns, and their columns.
enum Kind { kState, kUpcoming, kByRequest, kBySequence, kPromise, kEvent, kTie, kDay };
enum Column { kKind, kPlace, kKey, kN1, kN2, kN3, kN4, kB1, kB2, kB3, kB4 };

RawEntry EntryOf(const Statement& row) {
  RawEntry raw;
  raw.sequence = row.GetInt(kN1);
  raw.record_micros = row.GetInt(kN2);
  raw.corrected_by = row.IsNull(kN3) ? 0 : row.GetInt(kN3);
  raw.revision = row.GetInt(kN4);
  raw.id = row.GetBlob(kB1);
  raw.hash = row.GetBlob(kB2);
  raw.sealed = row.GetBlob(kB3);
  if (!row.IsNull(kB4)) raw.previous_hash = row.GetBlob(kB4);
  return raw;
}

void Take(const Statement& row, const RowCodec& codec, AppendReads& reads) {
  const auto key = [&row] { return std::string(row.GetBlob(kKey)); };
  switch (row.GetInt(kKind)) {
    case kState:
      reads.state.chain_id = row.GetBlob(kB1);
      reads.state.head_sequence = row.GetInt(kN1);
      SetHead(row.GetBlob(kB2), reads.state);
      reads.state.revision = row.GetInt(kN2);
      reads.state.erased = row.GetInt(kN3) != 0;
      break;
    case kUpcoming:
      reads.upcoming.emplace(row.GetInt(kN1), codec.OpenEntry(EntryOf(row)));
      break;
    case kByRequest:
      reads.requests.emplace(key(), codec.OpenEntry(EntryOf(row)));
      break;
    case kBySequence:
      reads.entries.emplace(row.GetInt(kN1), codec.OpenEntry(EntryOf(row)));
      break;
    case kPromise:
      reads.promises[key()] = {.opened_by = row.GetInt(kN1), .closed_by = row.IsNull(kN2) ? 0 : row.GetInt(kN2)};
      break;
    case kEvent:
      reads.events[key()] = row.GetInt(kN1);
      break;
    case kTie:
      reads.ties.emplace(key(), codec.OpenTie(row.GetBlob(kKey), row.GetBlob(kB1)));
      break;
    case kDay:
      reads.days.emplace(std::pair(key(), row.GetInt(kN1)),
                         codec.OpenDay(row.GetBlob(kKey), row.GetInt(kN1), row.GetBlob(kB1)));
      break;
    default:
      break;
  }
}

// The tables that append_write is given, in its order.
class WriteTables {
 public:
  void AddOwner(const OwnerWrites& owner, const std::string& tenant) {
    const LedgerState& known = *owner.known;
    const LedgerState& state = owner.rows->state;
    owners_.Add(owner.key->hash, tenant, owner.key->cache_tag, known.chain_id.empty() ? state.chain_id : known.chain_id,
                known.head_sequence, known.revision, state.chain_id, state.head_sequence,
                heads_.emplace_back(HeadBytes(state)), state.revision);
  }

  void AddRows(std::int64_t place, const AppendRows& rows) {
    for (const AppendRows::Entry& entry : rows.entries) AddEntry(place, entry);
    for (const auto& [sequence, correction] : rows.corrected) corrected_.Add(place, sequence, correction);
    for (const std::int64_t sequence : rows.upcoming_removed) due_.Add(place, sequence);
    for (const std::int64_t sequence : rows.upcoming_added) upcoming_.Add(place, sequence);
    for (const auto& [promise, state] : rows.promises) {
      if (state.has_value()) {
        promises_.Add(place, promise, state->opened_by, state->closed_by);
      } else {
        gone_promises_.Add(place, promise);
      }
    }
    for (const auto& [event, change] : rows.events) {
      events_.Add(place, event, change.row->uid, change.sequence, change.row->sealed);
    }
    for (const std::string& contact : rows.rebuilt) rebuilt_.Add(place, contact);
    for (const AppendRows::Tie& tie : rows.ties) ties_.Add(place, tie.contact, tie.sealed);
    for (const AppendRows::Day& day : rows.days) days_.Add(place, day.contact, day.day, day.sealed);
  }

  auto Take() {
    return std::tuple_cat(owners_.Take(), entries_.Take(), contacts_.Take(), requests_.Take(), corrected_.Take(),
                          due_.Take(), upcoming_.Take(), promises_.Take(), gone_promises_.Take(), events_.Take(),
                          rebuilt_.Take(), ties_.Take(), days_.Take());
  }

 private:
  void AddEntry(std::int64_t place, const AppendRows::Entry& entry) {
    const PreparedDraft& draft = *entry.draft;
    entries_.Add(place, entry.sequence, draft.id, draft.day,
                 absl::ToUnixMicros(base::FromProto(draft.draft.content.record_time())), entry.hash, entry.revision,
                 draft.sealed);
    for (const std::string& contact : draft.contacts) contacts_.Add(place, contact, draft.day, entry.sequence);
    if (!draft.request.empty()) requests_.Add(place, draft.request, entry.sequence);
  }

  std::deque<std::string> heads_;  // What the column of heads refers to.
  Table<Bytes, Bytes, Bytes, Bytes, Numbers, Numbers, Bytes, Numbers, Bytes, Numbers> owners_;
  Table<Numbers, Numbers, Bytes, Numbers, Numbers, Bytes, Numbers, Bytes> entries_;
  Table<Numbers, Bytes, Numbers, Numbers> contacts_;
  Table<Numbers, Bytes, Numbers> requests_;
  Table<Numbers, Numbers, Numbers> corrected_;
  Table<Numbers, Numbers> due_;
  Table<Numbers, Numbers> upcoming_;
  Table<Numbers, Bytes, Numbers, Numbers> promises_;
  Table<Numbers, Bytes> gone_promises_;
  Table<Numbers, Bytes, Bytes, Numbers, Bytes> events_;
  Table<Numbers, Bytes> rebuilt_;
  Table<Numbers, Bytes, Bytes> ties_;
  Table<Numbers, Bytes, Numbers, Bytes> days_;
};

}  // namespace

void CallAppendRead(sql::Connection& connection, const seal::Sealer& sealer, std::span<const OwnerReads> owners) {
  Table<Bytes> hashes;
  Table<Numbers, Bytes> requests, promises, events, ties;
  Table<Numbers, Numbers> entries;
  Table<Numbers, Bytes, Numbers> days;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i + 1);
    const AppendNeeds& needs = owners[i].needs;
    hashes.Add(owners[i].key->hash);
    for (const std::string& request : needs.requests) requests.Add(place, request);
    for (const std::int64_t sequence : needs.entries) entries.Add(place, sequence);
    for (const std::string& promise : needs.promises) promises.Add(place, promise);
    for (const std::string& event : needs.events) events.Add(place, event);
    for (const std::string& contact : needs.ties) ties.Add(place, contact);
    for (const auto& [contact, day] : needs.days) days.Add(place, contact, day);
  }
  Statement call = CallWith(connection, "append_read",
                            std::tuple_cat(hashes.Take(), requests.Take(), entries.Take(), promises.Take(),
                                           events.Take(), ties.Take(), days.Take()));
  while (call.Step()) {
    const OwnerReads& owner = owners[static_cast<std::size_t>(call.GetInt(kPlace) - 1)];
    Take(call, RowCodec(sealer, *owner.key), *owner.reads);
  }
  for (const OwnerReads& owner : owners) owner.reads->asked.Add(owner.needs);
}

std::vector<std::size_t> CallAppendWrite(sql::Connection& connection, const seal::Sealer& sealer,
                                         std::span<const OwnerWrites> owners) {
  std::vector<std::string> tenants;
  tenants.reserve(owners.size());
  WriteTables tables;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    tenants.push_back(sealer.TenantHash(owners[i].key->owner.tenant));
    tables.AddOwner(owners[i], tenants.back());
    tables.AddRows(static_cast<std::int64_t>(i + 1), *owners[i].rows);
  }
  Statement call = CallWith(connection, "append_write", tables.Take());
  std::vector<std::size_t> moved;
  while (call.Step()) moved.push_back(static_cast<std::size_t>(call.GetInt(0) - 1));
  return moved;
}

}  // namespace council::ledger
