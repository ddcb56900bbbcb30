#include "services/ledger/sql_ledger_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/sql/revisions.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"
#include "services/ledger/postgres_ledger_store.h"
#include "services/ledger/sql_append.h"
#include "services/ledger/sql_ledger_reader.h"
#include "services/ledger/sql_plans.h"
#include "services/ledger/sqlite_ledger_store.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;

constexpr int kErasing = 1;
constexpr int kErased = 2;
// Rows of one table that one write erases: the other writers wait no longer than for these.
constexpr int kEraseStep = 1000;

}  // namespace

SqlLedgerStore::SqlLedgerStore(sql::Database& database, sql::StorageIdentity identity, const std::string& shared_key,
                               base::Random& random)
    : database_(database),
      identity_(std::move(identity)),
      sealer_(identity_.owner_key, shared_key),
      random_(random),
      outbox_(database) {}

absl::StatusOr<std::unique_ptr<SqlLedgerStore>> SqlLedgerStore::Open(const std::string& storage,
                                                                     const std::string& shared_key,
                                                                     base::Random& random) {
  if (sql::IsPostgresUrl(storage)) {
    sql::PostgresOptions options;
    options.connection.url = storage;
    return PostgresLedgerStore::Open(std::move(options), shared_key, random);
  }
  sql::SqliteOptions options;
  COUNCIL_ASSIGN_OR_RETURN(options.path, sql::SqlitePath(storage));
  return SqliteLedgerStore::Open(std::move(options), shared_key, random);
}

void SqlLedgerStore::Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) {
  PrepareAndAppend(owner, std::nullopt, std::move(drafts), now, std::move(done));
}

void SqlLedgerStore::Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts,
                              absl::Time now, AppendDone done) {
  PrepareAndAppend(owner, place, std::move(drafts), now, std::move(done));
}

void SqlLedgerStore::PrepareAndAppend(const base::Owner& owner, std::optional<ChainPlace> place,
                                      std::vector<Draft> drafts, absl::Time now, AppendDone done) {
  absl::StatusOr<AppendJob> job =
      PrepareAppend(OwnerKey(owner, sealer_), std::move(drafts), random_.Bytes(16), std::move(place), now, sealer_);
  if (!job.ok()) {
    std::move(done)(job.status());
    return;
  }
  AppendJobOf(std::make_shared<const AppendJob>(*std::move(job)), std::move(done));
}

absl::StatusOr<std::int64_t> SqlLedgerStore::ReplacePlans(const base::Owner& owner, std::span<const EventPlans> events,
                                                          absl::Time forget_before) {
  const OwnerKey key(owner, sealer_);
  const RowCodec codec(sealer_, owner);
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(LedgerState state, LockState(connection, sealer_, key, random_));
    bool changed = ForgetPlans(connection, key, DayOfTime(forget_before));
    for (const EventPlans& event : events) {
      COUNCIL_ASSIGN_OR_RETURN(const bool replaced, ReplacePlansOfEvent(connection, codec, key, random_, event));
      changed = changed || replaced;
    }
    if (changed) {
      ++state.revision;
      WriteState(connection, sealer_, key, state);
    }
    revision = state.revision;
    return absl::OkStatus();
  }));
  Tell(owner, revision);
  return revision;
}

absl::StatusOr<std::int64_t> SqlLedgerStore::RemovePlan(const base::Owner& owner, const std::string& id) {
  const OwnerKey key(owner, sealer_);
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(LedgerState state, LockState(connection, sealer_, key, random_));
    const std::string bytes = IdBytes(id);
    const int removed =
        connection.Prepare("DELETE FROM plans WHERE owner = ? AND id = ?").Bind(Blob{key.hash}, Blob{bytes}).Run();
    if (removed == 0) {
      return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_PLAN_NOT_FOUND,
                         "there is no plan with this id");
    }
    revision = ++state.revision;
    WriteState(connection, sealer_, key, state);
    return absl::OkStatus();
  }));
  Tell(owner, revision);
  return revision;
}

absl::Status SqlLedgerStore::Read(const base::Owner& owner, absl::Time deadline,
                                  absl::FunctionRef<absl::Status(LedgerReader&)> work) {
  const OwnerKey key(owner, sealer_);
  const RowCodec codec(sealer_, owner);
  return database_.Read(key.hash, deadline, [&](Connection& connection) {
    SqlLedgerReader reader(connection, codec, key);
    return work(reader);
  });
}

absl::StatusOr<std::vector<std::int64_t>> SqlLedgerStore::Revisions(std::span<const base::Owner> owners,
                                                                    absl::Time deadline) {
  std::vector<std::string> hashes;
  hashes.reserve(owners.size());
  for (const base::Owner& owner : owners) hashes.push_back(sealer_.OwnerHash(owner));
  return sql::RevisionsOf(database_, "ledgers", hashes, deadline);
}

absl::Status SqlLedgerStore::EraseOwner(const base::Owner& owner) {
  const OwnerKey key(owner, sealer_);
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    absl::StatusOr<LedgerState> state = LockState(connection, sealer_, key, random_);
    if (!state.ok())
      return base::ReasonOf(state.status()) == common::v1::ERROR_REASON_OWNER_ERASED ? absl::OkStatus()
                                                                                     : state.status();
    // The tombstone first: from here on nothing is written for the owner.
    revision = ++state->revision;
    state->head_sequence = 0;
    state->head_hash.clear();
    state->chain_id.clear();
    WriteState(connection, sealer_, key, *state);
    connection.Prepare("UPDATE ledgers SET erased = ? WHERE owner = ?").Bind(kErasing, Blob{key.hash}).Run();
    connection.Prepare("INSERT INTO erasures (owner) VALUES (?)").Bind(Blob{key.hash}).Run();
    return absl::OkStatus();
  }));
  if (revision > 0) Tell(owner, revision);
  return EraseRows(key.hash);
}

absl::Status SqlLedgerStore::EraseRows(const std::string& owner_hash) {
  // Tables and their keys behind the owner: SQLite's tables without rowid have no other handle on "some rows".
  static constexpr std::pair<const char*, const char*> kTables[] = {
      {"entries", "sequence"}, {"entry_contacts", "contact, day, sequence"},
      {"requests", "request"}, {"upcoming", "sequence"},
      {"ties", "contact"},     {"tie_days", "contact, day"},
      {"promises", "promise"}, {"events", "event"},
      {"plans", "id"}};
  for (const auto& [table, key] : kTables) {
    const std::string sql = absl::StrCat("DELETE FROM ", table, " WHERE owner = ?1 AND (", key, ") IN (SELECT ", key,
                                         " FROM ", table, " WHERE owner = ?1 LIMIT ?2)");
    int erased = kEraseStep;
    while (erased == kEraseStep) {
      COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
        erased = connection.Prepare(sql).Bind(Blob{owner_hash}, kEraseStep).Run();
        return absl::OkStatus();
      }));
    }
  }
  COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
    connection.Prepare("UPDATE ledgers SET erased = ? WHERE owner = ?").Bind(kErased, Blob{owner_hash}).Run();
    connection.Prepare("DELETE FROM erasures WHERE owner = ?").Bind(Blob{owner_hash}).Run();
    return absl::OkStatus();
  }));
  return database_.ClearLog();
}

absl::Status SqlLedgerStore::FinishErasures() {
  std::vector<std::string> unfinished;
  COUNCIL_RETURN_IF_ERROR(
      database_.Read(sql::Owners::None(), absl::InfiniteFuture(), [&unfinished](Connection& connection) {
        Statement select =
            connection.Prepare(connection.engine() == sql::Engine::kPostgres ? "SELECT owner FROM unfinished_erasures()"
                                                                             : "SELECT owner FROM erasures");
        while (select.Step()) unfinished.emplace_back(select.GetBlob(0));
        return absl::OkStatus();
      }));
  for (const std::string& owner_hash : unfinished) COUNCIL_RETURN_IF_ERROR(EraseRows(owner_hash));
  return absl::OkStatus();
}

}  // namespace council::ledger
