#include "services/ledger/sqlite_ledger_append.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/outbox.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/seal/hash.h"
#include "libs/sql/sqlite_outbox.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/chain.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Statement;

absl::Status RequestIdReused() {
  return base::Error(absl::StatusCode::kAlreadyExists, common::v1::ERROR_REASON_REQUEST_ID_REUSED,
                     "the request_id was used before, with another content");
}

absl::Status AlreadyCorrected(const v1::Interaction& entry) {
  return base::Error(
      absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_ALREADY_CORRECTED,
      entry.corrected_by() != 0
          ? absl::StrCat("entry ", entry.sequence(), " was corrected by entry ", entry.corrected_by(), "; correct that")
          : absl::StrCat("entry ", entry.sequence(), " is a retraction, which stands"));
}

bool TellsSomething(const v1::Interaction& entry) {
  return entry.kind() == v1::INTERACTION_KIND_INTERACTION || entry.kind() == v1::INTERACTION_KIND_CORRECTION;
}

bool IsErased(const std::string& digest) {
  return digest.empty();
}

}  // namespace

absl::Status OwnerErased() {
  return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                     "the owner's data were erased; nothing can be written for them");
}

void WriteState(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key,
                const LedgerState& state) {
  const int changed =
      connection
          .Prepare("UPDATE ledgers SET chain_id = ?, head_sequence = ?, head_hash = ?, revision = ? WHERE owner = ?")
          .Bind(Blob{state.chain_id}, state.head_sequence, Blob{state.head_hash}, state.revision, Blob{key.hash})
          .Run();
  if (changed == 0) {
    connection
        .Prepare(
            "INSERT INTO ledgers (owner, tenant, chain_id, head_sequence, head_hash, revision) "
            "VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(Blob{key.hash}, Blob{sealer.TenantHash(key.owner.tenant)}, Blob{state.chain_id}, state.head_sequence,
              Blob{state.head_hash}, state.revision)
        .Run();
  }
  sql::SqliteOutbox::Put(connection, {.owner = key.hash, .cache_tag = key.cache_tag, .revision = state.revision});
}

absl::StatusOr<PreparedDraft> Prepare(Draft draft, const OwnerKey& key, const seal::Sealer& sealer) {
  PreparedDraft prepared;
  v1::Interaction& content = draft.content;
  prepared.id = IdBytes(content.id());
  for (const std::string& contact_id : content.contact_ids()) prepared.contacts.push_back(IdBytes(contact_id));
  prepared.day = DayOfEntry(content);
  for (const v1::Promise& promise : content.promises()) {
    prepared.opened_promises.push_back(sealer.IndexHash(key.owner, "promise", promise.id()));
  }
  for (const std::string& id : content.closes_promises()) {
    prepared.closed_promises.push_back(sealer.IndexHash(key.owner, "promise", id));
  }
  storage::v1::StoredEntry stored;
  *stored.mutable_content() = content;
  stored.mutable_content()->clear_id();
  stored.mutable_content()->clear_record_time();
  stored.set_canonical_version(kCanonicalVersion);
  for (std::string& salt : draft.salts) stored.add_salts(std::move(salt));
  if (!draft.request_id.empty()) {
    prepared.request = sealer.IndexHash(key.owner, "request_id", draft.request_id);
    stored.set_request_digest(draft.request.content);
    stored.set_request_text_digest(draft.request.text);
    stored.set_request_id(draft.request_id);
  }
  COUNCIL_ASSIGN_OR_RETURN(prepared.sealed, sealer.Seal(key.owner, "entries", prepared.id, stored.SerializeAsString()));
  if (draft.event.has_value()) {
    const EventRecord& record = draft.event->record;
    prepared.event = EventHash(sealer, key.owner, record.uid, record.recurrence_id);
    prepared.event_uid = EventUidHash(sealer, key.owner, record.uid);
    storage::v1::StoredEvent event;
    event.set_uid(record.uid);
    event.set_recurrence_id(record.recurrence_id);
    *event.mutable_imported() = record.imported;
    event.set_withdrawn(record.withdrawn);
    for (const auto& [address, contact_id] : record.attendees) {
      storage::v1::StoredAttendee& attendee = *event.add_attendees();
      attendee.set_address(address);
      attendee.set_contact_id(contact_id);
    }
    COUNCIL_ASSIGN_OR_RETURN(prepared.sealed_event,
                             sealer.Seal(key.owner, "events", prepared.event, event.SerializeAsString()));
  }
  prepared.draft = std::move(draft);
  return prepared;
}

SqliteAppender::SqliteAppender(sql::Connection& connection, const seal::Sealer& sealer, const OwnerKey& key,
                               absl::Time now)
    : connection_(connection), sealer_(sealer), key_(key), now_(now), reader_(connection, sealer, key) {}

absl::StatusOr<Appended> SqliteAppender::Append(std::span<const PreparedDraft> drafts, const std::string& chain_id,
                                                const std::optional<ChainPlace>& place) {
  state_ = reader_.state();
  if (state_.erased) return OwnerErased();
  if (state_.chain_id.empty()) {
    state_.chain_id = chain_id;
    state_.head_hash = ZeroHash();
  }
  if (place.has_value()) {
    if (state_.head_sequence == 0) state_.chain_id = place->chain_id;
    if (state_.chain_id != place->chain_id || state_.head_sequence != place->head_sequence ||
        state_.head_hash != place->head_hash) {
      return absl::AbortedError("the ledger does not end where the entries go on");
    }
  }
  Appended appended;
  const std::int64_t head_before = state_.head_sequence;
  for (const PreparedDraft& prepared : drafts) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<v1::Interaction> repeated, FindRepeated(prepared));
    appended.repeated.push_back(repeated.has_value());
    if (repeated.has_value()) {
      appended.entries.push_back(*std::move(repeated));
      continue;
    }
    if (state_.head_sequence == head_before) COUNCIL_RETURN_IF_ERROR(FoldDue());
    COUNCIL_ASSIGN_OR_RETURN(v1::Interaction entry, AppendOne(prepared));
    appended.entries.push_back(std::move(entry));
  }
  if (state_.head_sequence != head_before) {
    ++state_.revision;
    WriteState(connection_, sealer_, key_, state_);
  }
  appended.revision = state_.revision;
  return appended;
}

absl::StatusOr<std::optional<v1::Interaction>> SqliteAppender::FindRepeated(const PreparedDraft& prepared) {
  if (prepared.request.empty()) return std::nullopt;
  std::int64_t sequence = 0;
  {
    Statement select = connection_.Prepare("SELECT sequence FROM requests WHERE owner = ? AND request = ?");
    select.Bind(Blob{key_.hash}, Blob{prepared.request});
    if (!select.Step()) return std::nullopt;
    sequence = select.GetInt(0);
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<storage::v1::StoredEntry> stored, reader_.StoredAt(sequence));
  COUNCIL_ASSIGN_OR_RETURN(std::optional<EntryRow> row, reader_.EntryAt(sequence));
  if (!stored.has_value() || !row.has_value()) return absl::InternalError("a request names no entry");
  const RequestDigest& request = prepared.draft.request;
  if (stored->request_digest() != request.content ||
      (!IsErased(stored->request_text_digest()) && stored->request_text_digest() != request.text)) {
    return RequestIdReused();
  }
  return std::move(row->entry);
}

absl::StatusOr<v1::Interaction> SqliteAppender::MarkCorrected(std::int64_t corrects, std::int64_t correction) {
  COUNCIL_ASSIGN_OR_RETURN(std::optional<EntryRow> row, reader_.EntryAt(corrects));
  if (!row.has_value()) {
    return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_INTERACTION_NOT_FOUND,
                       absl::StrCat("there is no entry ", corrects));
  }
  if (row->entry.corrected_by() != 0 || !TellsSomething(row->entry)) return AlreadyCorrected(row->entry);
  connection_.Prepare("UPDATE entries SET corrected_by = ? WHERE owner = ? AND sequence = ?")
      .Bind(correction, Blob{key_.hash}, corrects)
      .Run();
  connection_.Prepare("DELETE FROM upcoming WHERE owner = ? AND sequence = ?").Bind(Blob{key_.hash}, corrects).Run();
  return std::move(row->entry);
}

absl::StatusOr<v1::Interaction> SqliteAppender::AppendOne(const PreparedDraft& prepared) {
  v1::Interaction entry = prepared.draft.content;
  entry.set_sequence(state_.head_sequence + 1);
  entry.set_previous_hash(state_.head_hash);
  entry.set_hash(ChainHash(state_.chain_id, entry.sequence(), state_.head_hash, base::FromProto(entry.record_time()),
                           prepared.draft.commitments));
  std::optional<v1::Interaction> corrected;
  if (entry.corrects() != 0) {
    COUNCIL_ASSIGN_OR_RETURN(corrected, MarkCorrected(entry.corrects(), entry.sequence()));
    UndoPromises(prepared, *corrected);
  }
  WriteRows(prepared, entry);
  COUNCIL_RETURN_IF_ERROR(OpenAndClosePromises(prepared, entry.sequence()));
  COUNCIL_RETURN_IF_ERROR(WriteEvent(prepared, entry.sequence()));
  COUNCIL_RETURN_IF_ERROR(Summarize(entry, corrected.has_value() ? &*corrected : nullptr));
  state_.head_sequence = entry.sequence();
  state_.head_hash = entry.hash();
  return entry;
}

void SqliteAppender::WriteRows(const PreparedDraft& prepared, const v1::Interaction& entry) {
  connection_
      .Prepare("INSERT INTO entries (owner, sequence, id, day, record_time, hash, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .Bind(Blob{key_.hash}, entry.sequence(), Blob{prepared.id}, prepared.day,
            absl::ToUnixMicros(base::FromProto(entry.record_time())), Blob{entry.hash()}, Blob{prepared.sealed})
      .Run();
  for (const std::string& contact : prepared.contacts) {
    connection_.Prepare("INSERT INTO entry_contacts (owner, contact, day, sequence) VALUES (?, ?, ?, ?)")
        .Bind(Blob{key_.hash}, Blob{contact}, prepared.day, entry.sequence())
        .Run();
  }
  if (!prepared.request.empty()) {
    connection_.Prepare("INSERT INTO requests (owner, request, sequence) VALUES (?, ?, ?)")
        .Bind(Blob{key_.hash}, Blob{prepared.request}, entry.sequence())
        .Run();
  }
}

// What the corrected entry promised is promised by its correction where that says so again, and what it ended is open.
void SqliteAppender::UndoPromises(const PreparedDraft& prepared, const v1::Interaction& corrected) {
  for (const v1::Promise& promise : corrected.promises()) {
    const std::string hash = sealer_.IndexHash(key_.owner, "promise", promise.id());
    if (std::find(prepared.opened_promises.begin(), prepared.opened_promises.end(), hash) ==
        prepared.opened_promises.end()) {
      connection_.Prepare("DELETE FROM promises WHERE owner = ? AND promise = ?")
          .Bind(Blob{key_.hash}, Blob{hash})
          .Run();
    }
  }
  if (corrected.closes_promises().empty()) return;
  connection_.Prepare("UPDATE promises SET closed_by = NULL WHERE owner = ? AND closed_by = ?")
      .Bind(Blob{key_.hash}, corrected.sequence())
      .Run();
}

absl::Status SqliteAppender::OpenAndClosePromises(const PreparedDraft& prepared, std::int64_t sequence) {
  for (std::size_t i = 0; i < prepared.opened_promises.size(); ++i) {
    const int changed =
        connection_
            .Prepare(
                "INSERT INTO promises (owner, promise, opened_by) VALUES (?, ?, ?) "
                "ON CONFLICT (owner, promise) DO UPDATE SET opened_by = excluded.opened_by WHERE opened_by = ?")
            .Bind(Blob{key_.hash}, Blob{prepared.opened_promises[i]}, sequence, prepared.draft.content.corrects())
            .Run();
    if (changed == 0) return base::InvalidField(absl::StrCat("interaction.promises[", i, "].id"), "is taken already");
  }
  for (std::size_t i = 0; i < prepared.closed_promises.size(); ++i) {
    const int changed = connection_
                            .Prepare(
                                "UPDATE promises SET closed_by = ? "
                                "WHERE owner = ? AND promise = ? AND closed_by IS NULL AND opened_by < ?")
                            .Bind(sequence, Blob{key_.hash}, Blob{prepared.closed_promises[i]}, sequence)
                            .Run();
    if (changed == 0) {
      return base::InvalidField(absl::StrCat("interaction.closes_promises[", i, "]"),
                                "must be the id of an open promise of an earlier entry");
    }
  }
  return absl::OkStatus();
}

absl::Status SqliteAppender::WriteEvent(const PreparedDraft& prepared, std::int64_t sequence) {
  if (!prepared.draft.event.has_value()) return absl::OkStatus();
  std::int64_t known = 0;
  {
    Statement select = connection_.Prepare("SELECT sequence FROM events WHERE owner = ? AND event = ?");
    select.Bind(Blob{key_.hash}, Blob{prepared.event});
    if (select.Step()) known = select.GetInt(0);
  }
  if (known != prepared.draft.event->expected_sequence) return absl::AbortedError("the event was imported meanwhile");
  connection_
      .Prepare(
          "INSERT INTO events (owner, event, event_uid, sequence, sealed) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (owner, event) DO UPDATE SET sequence = excluded.sequence, sealed = excluded.sealed")
      .Bind(Blob{key_.hash}, Blob{prepared.event}, Blob{prepared.event_uid}, sequence, Blob{prepared.sealed_event})
      .Run();
  return absl::OkStatus();
}

absl::Status SqliteAppender::FoldDue() {
  std::vector<v1::Interaction> due;
  COUNCIL_RETURN_IF_ERROR(reader_.ForEachUpcoming([&](const v1::Interaction& entry) {
    if (base::FromProto(entry.occur_time()) <= now_) due.push_back(entry);
    return true;
  }));
  for (const v1::Interaction& entry : due) {
    connection_.Prepare("DELETE FROM upcoming WHERE owner = ? AND sequence = ?")
        .Bind(Blob{key_.hash}, entry.sequence())
        .Run();
    for (const std::string& contact_id : entry.contact_ids()) COUNCIL_RETURN_IF_ERROR(FoldInto(entry, contact_id));
  }
  return absl::OkStatus();
}

absl::Status SqliteAppender::Summarize(const v1::Interaction& entry, const v1::Interaction* corrected) {
  const bool upcoming = TellsSomething(entry) && base::FromProto(entry.occur_time()) > now_;
  if (upcoming) {
    connection_.Prepare("INSERT INTO upcoming (owner, sequence) VALUES (?, ?)")
        .Bind(Blob{key_.hash}, entry.sequence())
        .Run();
  }
  std::set<std::string> contact_ids(entry.contact_ids().begin(), entry.contact_ids().end());
  if (corrected != nullptr) contact_ids.insert(corrected->contact_ids().begin(), corrected->contact_ids().end());
  for (const std::string& contact_id : contact_ids) {
    COUNCIL_RETURN_IF_ERROR(corrected != nullptr || upcoming ? Rebuild(contact_id) : FoldInto(entry, contact_id));
  }
  return absl::OkStatus();
}

absl::Status SqliteAppender::FoldInto(const v1::Interaction& entry, const std::string& contact_id) {
  COUNCIL_ASSIGN_OR_RETURN(std::optional<LedgerReader::Summary> summary, reader_.SummaryOf(contact_id));
  if (summary.has_value() && summary->stale) return Rebuild(contact_id);
  v1::Tie tie = summary.has_value() ? std::move(summary->tie) : v1::Tie();
  tie.set_contact_id(contact_id);
  ties::FoldEntry(entry, {&contact_id, 1}, tie);
  const std::string contact = IdBytes(contact_id);
  COUNCIL_RETURN_IF_ERROR(WriteTie(contact, tie));

  v1::TieDay day = ties::DayOf(entry);
  {
    Statement select = connection_.Prepare("SELECT sealed FROM tie_days WHERE owner = ? AND contact = ? AND day = ?");
    select.Bind(Blob{key_.hash}, Blob{contact}, day.day());
    if (select.Step()) {
      v1::TieDay known;
      COUNCIL_RETURN_IF_ERROR(reader_.Open("tie_days", TieDayRowId(contact, day.day()), select.GetBlob(0), known));
      day.set_entries(day.entries() + known.entries());
      day.set_parted_entries(day.parted_entries() + known.parted_entries());
    }
  }
  return WriteDay(contact, day);
}

absl::Status SqliteAppender::Rebuild(const std::string& contact_id) {
  std::set<std::int64_t> waiting;
  {
    Statement select = connection_.Prepare("SELECT sequence FROM upcoming WHERE owner = ?");
    select.Bind(Blob{key_.hash});
    while (select.Step()) waiting.insert(select.GetInt(0));
  }
  std::vector<v1::Interaction> entries;
  COUNCIL_RETURN_IF_ERROR(reader_.ForEachEntryByDay(std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max(), {&contact_id, 1},
                                                    [&](const v1::Interaction& entry) {
                                                      if (!waiting.contains(entry.sequence())) entries.push_back(entry);
                                                      return true;
                                                    }));
  v1::Tie tie = ties::BuildTie(contact_id, {&contact_id, 1}, entries, absl::InfiniteFuture());
  const std::string contact = IdBytes(contact_id);
  connection_.Prepare("DELETE FROM tie_days WHERE owner = ? AND contact = ?")
      .Bind(Blob{key_.hash}, Blob{contact})
      .Run();
  for (const v1::TieDay& day : tie.days()) COUNCIL_RETURN_IF_ERROR(WriteDay(contact, day));
  tie.clear_days();
  return WriteTie(contact, tie);
}

absl::Status SqliteAppender::WriteTie(const std::string& contact, const v1::Tie& tie) {
  storage::v1::StoredTie stored;
  stored.set_version(ties::kTieSummaryVersion);
  *stored.mutable_tie() = tie;
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed,
                           sealer_.Seal(key_.owner, "ties", contact, stored.SerializeAsString()));
  connection_
      .Prepare(
          "INSERT INTO ties (owner, contact, sealed) VALUES (?, ?, ?) "
          "ON CONFLICT (owner, contact) DO UPDATE SET sealed = excluded.sealed")
      .Bind(Blob{key_.hash}, Blob{contact}, Blob{sealed})
      .Run();
  return absl::OkStatus();
}

absl::Status SqliteAppender::WriteDay(const std::string& contact, const v1::TieDay& day) {
  COUNCIL_ASSIGN_OR_RETURN(
      const std::string sealed,
      sealer_.Seal(key_.owner, "tie_days", TieDayRowId(contact, day.day()), day.SerializeAsString()));
  connection_
      .Prepare(
          "INSERT INTO tie_days (owner, contact, day, sealed) VALUES (?, ?, ?, ?) "
          "ON CONFLICT (owner, contact, day) DO UPDATE SET sealed = excluded.sealed")
      .Bind(Blob{key_.hash}, Blob{contact}, day.day(), Blob{sealed})
      .Run();
  return absl::OkStatus();
}

}  // namespace council::ledger
