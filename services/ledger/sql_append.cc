#include "services/ledger/sql_append.h"

#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/sql/outbox.h"
#include "services/ledger/append_plan.h"
#include "services/ledger/append_rows.h"
#include "services/ledger/sql_ledger_reader.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;

// Adds `needs` of the owner to `reads`.
class Loader {
 public:
  Loader(Connection& connection, const RowCodec& codec, const OwnerKey& key)
      : connection_(connection), codec_(codec), key_(key), reader_(connection, codec, key) {}

  void Load(AppendNeeds needs, AppendReads& reads) {
    if (needs.state) LoadState(reads);
    for (const std::string& request : needs.requests) LoadRequest(request, reads);
    for (const std::int64_t sequence : needs.entries) {
      absl::StatusOr<std::optional<EntryRow>> row = reader_.EntryAt(sequence);
      if (!row.ok()) {
        reads.entries.emplace(sequence, row.status());
      } else if (row->has_value()) {
        reads.entries.emplace(sequence, **std::move(row));
      }
    }
    for (const std::string& promise : needs.promises) {
      Statement select =
          connection_.Prepare("SELECT opened_by, closed_by FROM promises WHERE owner = ? AND promise = ?");
      select.Bind(Blob{key_.hash}, Blob{promise});
      if (!select.Step()) continue;
      reads.promises[promise] = {.opened_by = select.GetInt(0), .closed_by = select.IsNull(1) ? 0 : select.GetInt(1)};
    }
    for (const std::string& event : needs.events) {
      Statement select = connection_.Prepare("SELECT sequence FROM events WHERE owner = ? AND event = ?");
      select.Bind(Blob{key_.hash}, Blob{event});
      if (select.Step()) reads.events[event] = select.GetInt(0);
    }
    for (const std::string& contact : needs.ties) {
      Statement select = connection_.Prepare("SELECT sealed FROM ties WHERE owner = ? AND contact = ?");
      select.Bind(Blob{key_.hash}, Blob{contact});
      if (select.Step()) reads.ties.emplace(contact, codec_.OpenTie(contact, select.GetBlob(0)));
    }
    for (const auto& [contact, day] : needs.days) {
      Statement select = connection_.Prepare("SELECT sealed FROM tie_days WHERE owner = ? AND contact = ? AND day = ?");
      select.Bind(Blob{key_.hash}, Blob{contact}, day);
      if (select.Step()) reads.days.emplace(std::pair(contact, day), codec_.OpenDay(contact, day, select.GetBlob(0)));
    }
    for (const std::string& contact : needs.tie_entries) LoadTieEntries(contact, reads);
    if (needs.erased) reads.erased = ErasedContactsOf(connection_, key_);
    reads.asked.Add(std::move(needs));
  }

 private:
  void LoadState(AppendReads& reads) {
    reads.state = reader_.state();
    Statement select = connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS
                                           " FROM upcoming u "
                                           "JOIN entries e ON e.owner = u.owner AND e.sequence = u.sequence "
                                           "WHERE u.owner = ?");
    select.Bind(Blob{key_.hash});
    while (select.Step()) {
      const RawEntry raw = ReadRawEntry(select);
      reads.upcoming.emplace(raw.sequence, codec_.OpenEntry(raw));
    }
  }

  void LoadRequest(const std::string& request, AppendReads& reads) {
    Statement select = connection_.Prepare("SELECT " COUNCIL_ENTRY_COLUMNS
                                           " FROM requests r "
                                           "JOIN entries e ON e.owner = r.owner AND e.sequence = r.sequence "
                                           "WHERE r.owner = ? AND r.request = ?");
    select.Bind(Blob{key_.hash}, Blob{request});
    if (select.Step()) reads.requests.emplace(request, codec_.OpenEntry(ReadRawEntry(select)));
  }

  void LoadTieEntries(const std::string& contact, AppendReads& reads) {
    const std::string contact_id = IdText(contact);
    auto entries = reader_.EntriesOf({&contact_id, 1}, std::numeric_limits<std::int64_t>::max());
    if (!entries.ok()) {
      reads.tie_entries.emplace(contact, entries.status());
    } else {
      reads.tie_entries.emplace(contact, std::move((*entries)[contact_id]));
    }
  }

  Connection& connection_;
  const RowCodec& codec_;
  const OwnerKey& key_;
  SqlLedgerReader reader_;
};

void WriteTies(Connection& connection, const OwnerKey& key, const AppendRows& rows) {
  for (const std::string& contact : rows.rebuilt) {
    connection.Prepare("DELETE FROM tie_days WHERE owner = ? AND contact = ?")
        .Bind(Blob{key.hash}, Blob{contact})
        .Run();
  }
  for (const AppendRows::Tie& tie : rows.ties) {
    connection
        .Prepare(
            "INSERT INTO ties (owner, contact, sealed) VALUES (?, ?, ?) "
            "ON CONFLICT (owner, contact) DO UPDATE SET sealed = excluded.sealed")
        .Bind(Blob{key.hash}, Blob{tie.contact}, Blob{tie.sealed})
        .Run();
  }
  for (const AppendRows::Day& day : rows.days) {
    connection
        .Prepare(
            "INSERT INTO tie_days (owner, contact, day, sealed) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (owner, contact, day) DO UPDATE SET sealed = excluded.sealed")
        .Bind(Blob{key.hash}, Blob{day.contact}, day.day, Blob{day.sealed})
        .Run();
  }
}

void WriteRows(Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, const AppendRows& rows) {
  for (const AppendRows::Entry& entry : rows.entries) InsertEntry(connection, key, entry);
  for (const auto& [sequence, correction] : rows.corrected) {
    connection.Prepare("UPDATE entries SET corrected_by = ? WHERE owner = ? AND sequence = ?")
        .Bind(correction, Blob{key.hash}, sequence)
        .Run();
  }
  for (const std::int64_t sequence : rows.upcoming_removed) {
    connection.Prepare("DELETE FROM upcoming WHERE owner = ? AND sequence = ?").Bind(Blob{key.hash}, sequence).Run();
  }
  for (const std::int64_t sequence : rows.upcoming_added) {
    connection.Prepare("INSERT INTO upcoming (owner, sequence) VALUES (?, ?)").Bind(Blob{key.hash}, sequence).Run();
  }
  for (const auto& [promise, state] : rows.promises) {
    if (!state.has_value()) {
      connection.Prepare("DELETE FROM promises WHERE owner = ? AND promise = ?")
          .Bind(Blob{key.hash}, Blob{promise})
          .Run();
      continue;
    }
    connection
        .Prepare(
            "INSERT INTO promises (owner, promise, opened_by, closed_by) VALUES (?, ?, ?, ?) ON CONFLICT (owner, "
            "promise) DO UPDATE SET opened_by = excluded.opened_by, closed_by = excluded.closed_by")
        .Bind(Blob{key.hash}, Blob{promise}, state->opened_by,
              state->closed_by == 0 ? std::nullopt : std::optional(state->closed_by))
        .Run();
  }
  for (const auto& [event, change] : rows.events) {
    connection
        .Prepare(
            "INSERT INTO events (owner, event, event_uid, sequence, sealed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (owner, event) DO UPDATE SET sequence = excluded.sequence, sealed = excluded.sealed")
        .Bind(Blob{key.hash}, Blob{event}, Blob{change.row->uid}, change.sequence, Blob{change.row->sealed})
        .Run();
  }
  WriteTies(connection, key, rows);
  WriteState(connection, sealer, key, rows.state);
}

absl::StatusOr<std::vector<absl::StatusOr<Appended>>> AppendOfOwner(Connection& connection, const seal::Sealer& sealer,
                                                                    std::span<const AppendJob* const> jobs) {
  const OwnerKey& key = jobs.front()->key;
  const RowCodec codec(sealer, key);
  AppendReads reads;
  AppendNeeds needs = NeedsOf(jobs);
  while (true) {
    LoadAppendReads(connection, codec, key, std::move(needs), reads);
    AppendPlan plan(codec, reads);
    std::vector<absl::StatusOr<Appended>> answers;
    for (const AppendJob* job : jobs) answers.push_back(plan.Append(*job));
    if (plan.missing().empty()) {
      COUNCIL_ASSIGN_OR_RETURN(const std::optional<AppendRows> rows, plan.Rows());
      if (rows.has_value()) WriteRows(connection, sealer, key, *rows);
      return answers;
    }
    needs = plan.missing();
  }
}

}  // namespace

void LoadAppendReads(Connection& connection, const RowCodec& codec, const OwnerKey& key, AppendNeeds needs,
                     AppendReads& reads) {
  Loader(connection, codec, key).Load(std::move(needs), reads);
}

void InsertEntry(Connection& connection, const OwnerKey& key, const AppendRows::Entry& entry) {
  const PreparedDraft& draft = *entry.draft;
  connection
      .Prepare(
          "INSERT INTO entries (owner, sequence, id, day, record_time, hash, revision, sealed) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(Blob{key.hash}, entry.sequence, Blob{draft.id}, draft.day,
            absl::ToUnixMicros(base::FromProto(draft.draft.content.record_time())), Blob{entry.hash}, entry.revision,
            Blob{draft.sealed})
      .Run();
  for (const std::string& contact : draft.contacts) {
    connection.Prepare("INSERT INTO entry_contacts (owner, contact, day, sequence) VALUES (?, ?, ?, ?)")
        .Bind(Blob{key.hash}, Blob{contact}, draft.day, entry.sequence)
        .Run();
  }
  if (!draft.request.empty()) {
    connection.Prepare("INSERT INTO requests (owner, request, sequence) VALUES (?, ?, ?)")
        .Bind(Blob{key.hash}, Blob{draft.request}, entry.sequence)
        .Run();
  }
}

void WriteState(Connection& connection, const seal::Sealer& sealer, const OwnerKey& key, const LedgerState& state) {
  const std::string head = HeadBytes(state);
  const int changed =
      connection
          .Prepare("UPDATE ledgers SET chain_id = ?, head_sequence = ?, head_hash = ?, revision = ? WHERE owner = ?")
          .Bind(Blob{state.chain_id}, state.head_sequence, Blob{head}, state.revision, Blob{key.hash})
          .Run();
  if (changed == 0) {
    connection
        .Prepare(
            "INSERT INTO ledgers (owner, tenant, chain_id, head_sequence, head_hash, revision) "
            "VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(Blob{key.hash}, Blob{sealer.TenantHash(key.owner.tenant)}, Blob{state.chain_id}, state.head_sequence,
              Blob{head}, state.revision)
        .Run();
  }
  if (key.cache_tag.empty()) return;
  sql::StorageOutbox::Put(connection, {.owner = key.hash, .cache_tag = key.cache_tag, .revision = state.revision});
}

absl::StatusOr<std::vector<absl::StatusOr<Appended>>> AppendInTransaction(Connection& connection,
                                                                          const seal::Sealer& sealer,
                                                                          std::span<const AppendJob* const> jobs) {
  std::vector<absl::StatusOr<Appended>> answers(jobs.size(), absl::InternalError("not appended"));
  for (const std::vector<std::size_t>& of_owner : ByOwner(jobs)) {
    std::vector<const AppendJob*> some;
    for (const std::size_t i : of_owner) some.push_back(jobs[i]);
    COUNCIL_ASSIGN_OR_RETURN(auto answered, AppendOfOwner(connection, sealer, some));
    for (std::size_t i = 0; i < some.size(); ++i) answers[of_owner[i]] = std::move(answered[i]);
  }
  return answers;
}

}  // namespace council::ledger
