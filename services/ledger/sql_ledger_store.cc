#include "services/ledger/sql_ledger_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/audit/access_rows.h"
#include "libs/base/clock.h"
#include "libs/base/status.h"
#include "libs/sql/revisions.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"
#include "services/ledger/postgres_ledger_store.h"
#include "services/ledger/sql_append.h"
#include "services/ledger/sql_contact_erasure.h"
#include "services/ledger/sql_ledger_reader.h"
#include "services/ledger/sql_plans.h"
#include "services/ledger/sqlite_ledger_store.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;

constexpr int kErasing = 1;
// Entries from which one transaction erases a contact: other owners' writes wait no longer than for these.
constexpr std::size_t kEntriesAtOnce = 200;

// What there is of an owner; `erased` 2: it is gone.
seal::OwnerErasures::Tables OwnersTables() {
  return {.rows = {{"entries", "sequence"},
                   {"entry_contacts", "contact, day, sequence"},
                   {"requests", "request"},
                   {"upcoming", "sequence"},
                   {"ties", "contact"},
                   {"tie_days", "contact, day"},
                   {"promises", "promise"},
                   {"events", "event"},
                   {"plans", "id"},
                   {"imports", "import_id, part"},
                   {"erased_contacts", "contact"},
                   {audit::AccessRows::kTable, "time, id"}},
          .finished = "UPDATE ledgers SET erased = 2 WHERE owner = ?"};
}

}  // namespace

SqlLedgerStore::SqlLedgerStore(sql::Database& database, seal::StorageSecrets secrets, const seal::Keys& keys,
                               base::Random& random)
    : database_(database),
      identity_(std::move(secrets.identity)),
      sealer_(identity_.owner_key, keys, secrets.clear_rows),
      random_(random),
      outbox_(database),
      owner_erasures_(database, OwnersTables(), keys),
      accesses_(database, sealer_,
                [this](Connection& connection, const base::Owner& owner, const std::string&) -> absl::StatusOr<bool> {
                  const auto state = LockState(connection, sealer_, OwnerKey(owner, sealer_), random_);
                  if (base::ReasonOf(state.status()) == common::v1::ERROR_REASON_OWNER_ERASED) return true;
                  COUNCIL_RETURN_IF_ERROR(state.status());
                  return false;
                }) {}

absl::StatusOr<std::unique_ptr<SqlLedgerStore>> SqlLedgerStore::Open(const std::string& storage, const seal::Keys& keys,
                                                                     base::Random& random) {
  if (sql::IsPostgresUrl(storage)) {
    sql::PostgresOptions options;
    options.connection.url = storage;
    return PostgresLedgerStore::Open(std::move(options), keys, random);
  }
  sql::SqliteOptions options;
  COUNCIL_ASSIGN_OR_RETURN(options.path, sql::SqlitePath(storage));
  return SqliteLedgerStore::Open(std::move(options), keys, random);
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
  const RowCodec codec(sealer_, key);
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(LedgerState state, LockState(connection, sealer_, key, random_));
    bool changed = ForgetPlans(connection, key, DayOfTime(forget_before));
    const ContactIds erased = ErasedContactsOf(connection, key);
    for (const EventPlans& event : events) {
      COUNCIL_ASSIGN_OR_RETURN(const bool replaced,
                               ReplacePlansOfEvent(connection, codec, key, random_, event, erased));
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

absl::StatusOr<LedgerStore::PlanRemoval> SqlLedgerStore::RemovePlans(const base::Owner& owner,
                                                                     std::span<const std::string> ids) {
  const OwnerKey key(owner, sealer_);
  PlanRemoval removal;
  COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(LedgerState state, LockState(connection, sealer_, key, random_));
    removal.plans = 0;
    for (const std::string& id : ids) {
      const std::string bytes = IdBytes(id);
      removal.plans +=
          connection.Prepare("DELETE FROM plans WHERE owner = ? AND id = ?").Bind(Blob{key.hash}, Blob{bytes}).Run();
    }
    if (removal.plans > 0) {
      ++state.revision;
      WriteState(connection, sealer_, key, state);
    }
    removal.revision = state.revision;
    return absl::OkStatus();
  }));
  Tell(owner, removal.revision);
  return removal;
}

absl::Status SqlLedgerStore::KeepImport(const base::Owner& owner, const std::string& import_id, absl::Time time,
                                        std::int64_t part, const ImportPart& what) {
  const OwnerKey key(owner, sealer_);
  const std::string import = IdBytes(import_id);
  const RowCodec codec(sealer_, key);
  // Before the transaction, which others wait for.
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed_as_it_is, codec.SealImport(import, part, what));
  return database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(LockState(connection, sealer_, key, random_).status());
    std::string sealed = sealed_as_it_is;
    // A contact may have been erased since it was read what stood before.
    if (const ContactIds erased = ErasedContactsOf(connection, key); !erased.empty()) {
      ImportPart kept = what;
      if (EraseFrom(kept, erased)) {
        COUNCIL_ASSIGN_OR_RETURN(sealed, codec.SealImport(import, part, kept));
      }
    }
    const int kept = connection
                         .Prepare(
                             "INSERT INTO imports (owner, import_id, part, time, sealed) VALUES (?, ?, ?, ?, ?) "
                             "ON CONFLICT (owner, import_id, part) DO NOTHING")
                         .Bind(Blob{key.hash}, Blob{import}, part, absl::ToUnixMicros(time), Blob{sealed})
                         .Run();
    return kept > 0 ? absl::OkStatus() : absl::AlreadyExistsError("the import has a part of this number");
  });
}

absl::Status SqlLedgerStore::ForgetImports(const base::Owner& owner, std::span<const std::string> import_ids) {
  const OwnerKey key(owner, sealer_);
  return database_.Write(key.hash, [&](Connection& connection) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(LockState(connection, sealer_, key, random_).status());
    for (const std::string& id : import_ids) {
      const std::string import = IdBytes(id);
      connection.Prepare("DELETE FROM imports WHERE owner = ? AND import_id = ?")
          .Bind(Blob{key.hash}, Blob{import})
          .Run();
    }
    return absl::OkStatus();
  });
}

absl::Status SqlLedgerStore::Read(const base::Owner& owner, absl::Time deadline,
                                  absl::FunctionRef<absl::Status(LedgerReader&)> work) {
  const OwnerKey key(owner, sealer_);
  const RowCodec codec(sealer_, key);
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

absl::StatusOr<LedgerStore::ContactErasure> SqlLedgerStore::EraseContact(const base::Owner& owner,
                                                                         std::span<const std::string> contact_ids,
                                                                         absl::Time now) {
  const OwnerKey key(owner, sealer_);
  const ContactIds contact(contact_ids.begin(), contact_ids.end());
  if (seal::ErasureList* list = sealer_.keys().erasures; list != nullptr) {
    COUNCIL_RETURN_IF_ERROR(list->Add({.owner_hash = key.hash, .contact_ids = {contact.begin(), contact.end()}}));
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactErasure erasure, EraseContactOf(key, contact, now));
  Tell(owner, erasure.revision);
  return erasure;
}

absl::StatusOr<LedgerStore::ContactErasure> SqlLedgerStore::EraseContactOf(const OwnerKey& key,
                                                                           const ContactIds& contact, absl::Time now) {
  // Which entries it is about is found without a lock; those that are appended meanwhile come in the end.
  std::vector<std::int64_t> sequences;
  std::int64_t head = 0;
  const auto find = [&](Connection& connection) -> absl::Status {
    const RowCodec codec(sealer_, key);
    SqlLedgerReader reader(connection, codec, key);
    head = reader.state().head_sequence;
    COUNCIL_ASSIGN_OR_RETURN(sequences, EntriesNaming(reader, 1, contact));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Read(key.hash, absl::InfiniteFuture(), find));
  ContactErasure total;
  for (bool last = false; !last;) {
    const std::size_t count = std::min(sequences.size(), kEntriesAtOnce);
    last = count == sequences.size();
    const std::span<const std::int64_t> some(sequences.data(), count);
    std::int64_t entries = 0;
    const auto erase = [&](Connection& connection) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(LedgerState state, LockState(connection, sealer_, key, random_));
      SqlContactErasure erasure(connection, sealer_, key, random_, contact, state);
      std::vector<std::int64_t> named(some.begin(), some.end());
      if (last) {
        const RowCodec codec(sealer_, key);
        SqlLedgerReader reader(connection, codec, key);
        COUNCIL_ASSIGN_OR_RETURN(const std::vector<std::int64_t> added, EntriesNaming(reader, head + 1, contact));
        named.insert(named.end(), added.begin(), added.end());
      }
      COUNCIL_ASSIGN_OR_RETURN(entries, erasure.EraseEntries(named, now));
      if (last) COUNCIL_RETURN_IF_ERROR(erasure.EraseTheRest());
      erasure.Finish();
      total.revision = state.revision;
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, erase));
    total.entries += entries;
    sequences.erase(sequences.begin(), sequences.begin() + static_cast<std::ptrdiff_t>(count));
  }
  // The log that is in use goes with its next checkpoint.
  database_.ClearLog().IgnoreError();
  return total;
}

absl::Status SqlLedgerStore::EraseOwner(const base::Owner& owner) {
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, EraseOwnerOf(OwnerKey(owner, sealer_)));
  if (revision > 0) Tell(owner, revision);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> SqlLedgerStore::EraseOwnerOf(const OwnerKey& key) {
  std::int64_t revision = 0;
  const auto write_tombstone = [&](Connection& connection) -> absl::Status {
    absl::StatusOr<LedgerState> state = LockState(connection, sealer_, key, random_);
    if (base::ReasonOf(state.status()) == common::v1::ERROR_REASON_OWNER_ERASED) return absl::OkStatus();
    COUNCIL_RETURN_IF_ERROR(state.status());
    revision = ++state->revision;
    state->head_sequence = 0;
    state->head_hash.clear();
    state->head_proof.clear();
    state->chain_id.clear();
    WriteState(connection, sealer_, key, *state);
    connection.Prepare("UPDATE ledgers SET erased = ? WHERE owner = ?").Bind(kErasing, Blob{key.hash}).Run();
    seal::OwnerErasures::Begin(connection, key.hash);
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Write(key.hash, write_tombstone));
  COUNCIL_RETURN_IF_ERROR(owner_erasures_.Finish(key.hash));
  return revision;
}

absl::Status SqlLedgerStore::AddAccesses(const base::Owner& owner,
                                         std::span<const audit::storage::v1::StoredAccess> counted,
                                         absl::Time expired) {
  return accesses_.AddAccesses(owner, counted, expired);
}

absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> SqlLedgerStore::ListAccesses(const base::Owner& owner,
                                                                                           std::size_t limit,
                                                                                           std::string& position,
                                                                                           absl::Time deadline) {
  return accesses_.ListAccesses(owner, limit, position, deadline);
}

absl::StatusOr<bool> SqlLedgerStore::IsErased(const seal::Erasure& erasure) {
  const OwnerKey key(erasure.owner_hash);
  bool erased = false;
  const auto look = [&](Connection& connection) {
    const RowCodec codec(sealer_, key);
    erased = SqlLedgerReader(connection, codec, key).state().erased;
    // All ids of a contact are marked together.
    if (erased || erasure.contact_ids.empty()) return absl::OkStatus();
    const std::string contact = IdBytes(erasure.contact_ids.front());
    Statement select = connection.Prepare("SELECT 1 FROM erased_contacts WHERE owner = ? AND contact = ?");
    erased = select.Bind(Blob{key.hash}, Blob{contact}).Step();
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Read(key.hash, absl::InfiniteFuture(), look));
  return erased;
}

absl::Status SqlLedgerStore::FinishErasures() {
  COUNCIL_RETURN_IF_ERROR(owner_erasures_.FinishAll());
  const seal::ErasureList* list = sealer_.keys().erasures;
  if (list == nullptr) return absl::OkStatus();
  for (const seal::Erasure& erasure : list->read()) {
    COUNCIL_ASSIGN_OR_RETURN(const bool erased, IsErased(erasure));
    if (erased && erasure.contact_ids.empty()) COUNCIL_RETURN_IF_ERROR(owner_erasures_.DestroyKeys(erasure.owner_hash));
    if (erased) continue;
    const OwnerKey key(erasure.owner_hash);
    if (erasure.contact_ids.empty()) {
      COUNCIL_RETURN_IF_ERROR(EraseOwnerOf(key).status());
    } else {
      const ContactIds contact(erasure.contact_ids.begin(), erasure.contact_ids.end());
      COUNCIL_RETURN_IF_ERROR(EraseContactOf(key, contact, base::SystemClock().Now()).status());
    }
  }
  return absl::OkStatus();
}

}  // namespace council::ledger
