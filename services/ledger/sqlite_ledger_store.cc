#include "services/ledger/sqlite_ledger_store.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "services/ledger/migrations.h"
#include "services/ledger/sqlite_ledger_append.h"
#include "services/ledger/sqlite_ledger_rows.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;

constexpr int kErasing = 1;
constexpr int kErased = 2;
// Rows of one table that one write erases: the other writers wait no longer than for these.
constexpr int kEraseStep = 1000;

// The state for a write that is no append, of an owner who may have no ledger yet.
absl::StatusOr<LedgerState> StateForWriting(Connection& connection, const seal::Sealer& sealer, const OwnerKey& key,
                                            base::Random& random) {
  LedgerState state = SqliteLedgerReader(connection, sealer, key).state();
  if (state.erased) return OwnerErased();
  if (state.chain_id.empty()) {
    state.chain_id = random.Bytes(16);
    state.head_hash = std::string(kHashBytes, '\0');
  }
  return state;
}

// Makes the plans of one event be `wanted`. Returns whether that changed anything.
absl::StatusOr<bool> ReplacePlansOfEvent(Connection& connection, const seal::Sealer& sealer, const OwnerKey& key,
                                         base::Random& random, const LedgerStore::EventPlans& wanted) {
  const std::string uid_hash = EventUidHash(sealer, key.owner, wanted.uid);
  const SqliteLedgerReader reader(connection, sealer, key);
  std::map<std::string, v1::Plan> known;  // By recurrence id.
  {
    Statement select = connection.Prepare("SELECT id, sealed FROM plans WHERE owner = ? AND event_uid = ?");
    select.Bind(Blob{key.hash}, Blob{uid_hash});
    while (select.Step()) {
      v1::Plan plan;
      COUNCIL_RETURN_IF_ERROR(reader.Open("plans", select.GetBlob(0), select.GetBlob(1), plan));
      plan.set_id(IdText(select.GetBlob(0)));
      known[plan.recurrence_id()] = std::move(plan);
    }
  }
  bool changed = false;
  for (v1::Plan plan : wanted.plans) {
    const auto found = known.find(plan.recurrence_id());
    if (found != known.end()) {
      plan.set_id(found->second.id());
      const bool same = google::protobuf::util::MessageDifferencer::Equals(plan, found->second);
      known.erase(found);
      if (same) continue;
    } else {
      if (plan.id().empty()) plan.set_id(base::NewUuid(base::FromProto(plan.start_time()), random));
    }
    const std::string id = IdBytes(plan.id());
    COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, sealer.Seal(key.owner, "plans", id, plan.SerializeAsString()));
    connection
        .Prepare(
            "INSERT INTO plans (owner, id, event_uid, day, sealed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (owner, id) DO UPDATE SET day = excluded.day, sealed = excluded.sealed")
        .Bind(Blob{key.hash}, Blob{id}, Blob{uid_hash}, DayOfTime(base::FromProto(plan.start_time())), Blob{sealed})
        .Run();
    changed = true;
  }
  for (const auto& [recurrence_id, plan] : known) {
    connection.Prepare("DELETE FROM plans WHERE owner = ? AND id = ?")
        .Bind(Blob{key.hash}, Blob{IdBytes(plan.id())})
        .Run();
    changed = true;
  }
  return changed;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteLedgerStore>> SqliteLedgerStore::Open(sql::SqliteOptions options,
                                                                           std::string shared_key,
                                                                           base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(std::unique_ptr<sql::SqliteDatabase> database,
                           sql::SqliteDatabase::Open(std::move(options), Migrations()));
  COUNCIL_ASSIGN_OR_RETURN(sql::StorageIdentity identity, sql::StorageIdentity::LoadOrCreate(*database, random));
  std::unique_ptr<SqliteLedgerStore> store(
      new SqliteLedgerStore(std::move(database), std::move(identity), shared_key, random));
  std::vector<std::string> unfinished;
  COUNCIL_RETURN_IF_ERROR(store->database_->Read(absl::InfiniteFuture(), [&unfinished](Connection& connection) {
    Statement select = connection.Prepare("SELECT owner FROM ledgers WHERE erased = ?");
    select.Bind(kErasing);
    while (select.Step()) unfinished.emplace_back(select.GetBlob(0));
    return absl::OkStatus();
  }));
  for (const std::string& owner_hash : unfinished) COUNCIL_RETURN_IF_ERROR(store->EraseRows(owner_hash));
  return store;
}

SqliteLedgerStore::SqliteLedgerStore(std::unique_ptr<sql::SqliteDatabase> database, sql::StorageIdentity identity,
                                     const std::string& shared_key, base::Random& random)
    : database_(std::move(database)),
      identity_(std::move(identity)),
      sealer_(identity_.owner_key, shared_key),
      random_(random),
      outbox_(*database_) {}

void SqliteLedgerStore::Flush() {
  database_->Write([](Connection&) { return absl::OkStatus(); }).IgnoreError();
}

void SqliteLedgerStore::Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) {
  AppendAt(owner, std::nullopt, std::move(drafts), now, std::move(done));
}

void SqliteLedgerStore::Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts,
                                 absl::Time now, AppendDone done) {
  AppendAt(owner, place, std::move(drafts), now, std::move(done));
}

void SqliteLedgerStore::AppendAt(const base::Owner& owner, std::optional<ChainPlace> place, std::vector<Draft> drafts,
                                 absl::Time now, AppendDone done) {
  struct Job {
    OwnerKey key;
    std::vector<PreparedDraft> drafts;
    std::string chain_id;
    std::optional<ChainPlace> place;
    Appended appended;
  };
  auto job = std::make_shared<Job>(Job{.key = OwnerKey(owner, sealer_),
                                       .drafts = {},
                                       .chain_id = random_.Bytes(16),
                                       .place = std::move(place),
                                       .appended = {}});
  for (Draft& draft : drafts) {
    absl::StatusOr<PreparedDraft> prepared = Prepare(std::move(draft), job->key, sealer_);
    if (!prepared.ok()) {
      std::move(done)(prepared.status());
      return;
    }
    job->drafts.push_back(*std::move(prepared));
  }
  database_->WriteAsync(
      [this, job, now](Connection& connection) {
        COUNCIL_ASSIGN_OR_RETURN(
            job->appended,
            SqliteAppender(connection, sealer_, job->key, now).Append(job->drafts, job->chain_id, job->place));
        return absl::OkStatus();
      },
      [this, job, done = std::move(done)](const absl::Status& status) mutable {
        if (!status.ok()) {
          std::move(done)(status);
          return;
        }
        nudge_();
        std::move(done)(std::move(job->appended));
      });
}

absl::StatusOr<std::int64_t> SqliteLedgerStore::ReplacePlans(const base::Owner& owner,
                                                             std::span<const EventPlans> events,
                                                             absl::Time forget_before) {
  const OwnerKey key(owner, sealer_);
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(database_->Write([&](Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(LedgerState state, StateForWriting(connection, sealer_, key, random_));
    bool changed = connection.Prepare("DELETE FROM plans WHERE owner = ? AND day < ?")
                       .Bind(Blob{key.hash}, DayOfTime(forget_before))
                       .Run() > 0;
    for (const EventPlans& event : events) {
      COUNCIL_ASSIGN_OR_RETURN(const bool replaced, ReplacePlansOfEvent(connection, sealer_, key, random_, event));
      changed = changed || replaced;
    }
    if (changed) {
      ++state.revision;
      WriteState(connection, sealer_, key, state);
    }
    revision = state.revision;
    return absl::OkStatus();
  }));
  nudge_();
  return revision;
}

absl::StatusOr<std::int64_t> SqliteLedgerStore::RemovePlan(const base::Owner& owner, const std::string& id) {
  const OwnerKey key(owner, sealer_);
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(database_->Write([&](Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(LedgerState state, StateForWriting(connection, sealer_, key, random_));
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
  nudge_();
  return revision;
}

absl::Status SqliteLedgerStore::Read(const base::Owner& owner, absl::Time deadline,
                                     absl::FunctionRef<absl::Status(LedgerReader&)> work) {
  const OwnerKey key(owner, sealer_);
  return database_->Read(deadline, [&](Connection& connection) {
    SqliteLedgerReader reader(connection, sealer_, key);
    return work(reader);
  });
}

absl::Status SqliteLedgerStore::EraseOwner(const base::Owner& owner) {
  const OwnerKey key(owner, sealer_);
  COUNCIL_RETURN_IF_ERROR(database_->Write([&](Connection& connection) -> absl::Status {
    LedgerState state = SqliteLedgerReader(connection, sealer_, key).state();
    if (state.erased) return absl::OkStatus();
    // The tombstone first: from here on nothing is written for the owner.
    ++state.revision;
    state.head_sequence = 0;
    state.head_hash.clear();
    WriteState(connection, sealer_, key, state);
    connection.Prepare("UPDATE ledgers SET erased = ?, chain_id = ? WHERE owner = ?")
        .Bind(kErasing, Blob{}, Blob{key.hash})
        .Run();
    return absl::OkStatus();
  }));
  nudge_();
  return EraseRows(key.hash);
}

absl::Status SqliteLedgerStore::EraseRows(const std::string& owner_hash) {
  // Tables and their keys behind the owner: tables without rowid have no other handle on "some rows".
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
      COUNCIL_RETURN_IF_ERROR(database_->Write([&](Connection& connection) {
        erased = connection.Prepare(sql).Bind(Blob{owner_hash}, kEraseStep).Run();
        return absl::OkStatus();
      }));
    }
  }
  COUNCIL_RETURN_IF_ERROR(database_->Write([&](Connection& connection) {
    connection.Prepare("UPDATE ledgers SET erased = ? WHERE owner = ?").Bind(kErased, Blob{owner_hash}).Run();
    return absl::OkStatus();
  }));
  return database_->ClearLog();
}

}  // namespace council::ledger
