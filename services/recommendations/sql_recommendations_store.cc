#include "services/recommendations/sql_recommendations_store.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "libs/audit/access_rows.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/sql/in_list.h"
#include "services/recommendations/migrations.h"

namespace council::recommendations {
namespace {

constexpr char kTable[] = "balance_points";
constexpr char kGivenTable[] = "given_recommendations";

int64_t DayNumber(absl::CivilDay day) {
  return day - absl::CivilDay(1970, 1, 1);
}

std::string DayText(int64_t number) {
  return absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + number);
}

seal::OwnerErasures::Tables OwnersTables() {
  return {.rows = {{kTable, "day"},
                   {kGivenTable, "id"},
                   {"erased_contacts", "contact"},
                   {audit::AccessRows::kTable, "time, id"}},
          .finished = ""};
}

absl::Status Damaged() {
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "what is kept of the balance or the advice can't be read back");
}

// The owner's row, locked and made where there is none; whether it is a tombstone.
bool LockOwner(sql::Connection& connection, const std::string& owner_hash) {
  const std::string text = "SELECT erased FROM owners WHERE owner = ?" + std::string(connection.for_update());
  for (;;) {
    sql::Statement select = connection.Prepare(text);
    select.Bind(sql::Blob{owner_hash});
    if (select.Step()) return select.GetInt(0) != 0;
    connection.Prepare("INSERT INTO owners (owner) VALUES (?) ON CONFLICT (owner) DO NOTHING")
        .Bind(sql::Blob{owner_hash})
        .Run();
  }
}

absl::Status LockLivingOwner(sql::Connection& connection, const std::string& owner_hash) {
  if (!LockOwner(connection, owner_hash)) return absl::OkStatus();
  return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                     "all data of this owner were erased");
}

std::set<std::string> ErasedContacts(sql::Connection& connection, const std::string& owner_hash) {
  std::set<std::string> ids;
  sql::Statement select = connection.Prepare("SELECT contact FROM erased_contacts WHERE owner = ?");
  select.Bind(sql::Blob{owner_hash});
  while (select.Step()) ids.emplace(select.GetBlob(0));
  return ids;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqlRecommendationsStore>> SqlRecommendationsStore::Open(const std::string& storage,
                                                                                       const seal::Keys& keys,
                                                                                       base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(auto database, sql::OpenDatabase(storage, StorageSchema()));
  COUNCIL_ASSIGN_OR_RETURN(seal::StorageSecrets secrets, seal::OpenSecrets(*database, keys, random));
  std::unique_ptr<SqlRecommendationsStore> store(
      new SqlRecommendationsStore(std::move(database), std::move(secrets), keys));
  COUNCIL_RETURN_IF_ERROR(store->owner_erasures_.FinishAll());
  if (keys.erasures == nullptr) return store;
  for (const seal::Erasure& erasure : keys.erasures->read()) COUNCIL_RETURN_IF_ERROR(store->EraseAgain(erasure));
  return store;
}

SqlRecommendationsStore::SqlRecommendationsStore(std::unique_ptr<sql::Database> database, seal::StorageSecrets secrets,
                                                 const seal::Keys& keys)
    : database_(std::move(database)),
      identity_(std::move(secrets.identity)),
      sealer_(identity_.owner_key, keys, secrets.clear_rows),
      owner_erasures_(*database_, OwnersTables(), keys),
      accesses_(*database_, sealer_,
                [](sql::Connection& connection, const base::Owner&, const std::string& owner_hash) {
                  return LockOwner(connection, owner_hash);
                }) {}

absl::StatusOr<std::vector<v1::BalancePoint>> SqlRecommendationsStore::ListPoints(const base::Owner& owner,
                                                                                  absl::CivilDay first,
                                                                                  absl::CivilDay last,
                                                                                  absl::Time deadline) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<v1::BalancePoint> points;
  COUNCIL_RETURN_IF_ERROR(database_->Read(owner_hash, deadline, [&](sql::Connection& connection) -> absl::Status {
    sql::Statement select = connection.Prepare(
        "SELECT day, sealed FROM balance_points WHERE owner = ? AND day BETWEEN ? AND ? ORDER BY day");
    select.Bind(sql::Blob{owner_hash}, DayNumber(first), DayNumber(last));
    while (select.Step()) {
      const std::string day = DayText(select.GetInt(0));
      COUNCIL_ASSIGN_OR_RETURN(const std::string opened, sealer_.Open(owner_hash, kTable, day, select.GetBlob(1)));
      v1::BalancePoint point;
      if (!point.ParseFromString(opened) || point.day() != day) return Damaged();
      points.push_back(std::move(point));
    }
    return absl::OkStatus();
  }));
  return points;
}

absl::Status SqlRecommendationsStore::PutPoints(const base::Owner& owner, std::span<const v1::BalancePoint> points,
                                                IfKept if_kept) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<std::pair<int64_t, std::string>> rows;
  for (const v1::BalancePoint& point : points) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(point.day(), &day)) return absl::InvalidArgumentError("a point without a day");
    COUNCIL_ASSIGN_OR_RETURN(std::string sealed,
                             sealer_.Seal(owner_hash, kTable, point.day(), point.SerializeAsString()));
    rows.emplace_back(DayNumber(day), std::move(sealed));
  }
  return database_->Write(owner_hash, [&](sql::Connection& connection) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(LockLivingOwner(connection, owner_hash));
    sql::Statement insert = connection.Prepare(if_kept == IfKept::kReplace
                                                   ? "INSERT INTO balance_points (owner, day, sealed) VALUES (?, ?, ?) "
                                                     "ON CONFLICT (owner, day) DO UPDATE SET sealed = excluded.sealed"
                                                   : "INSERT INTO balance_points (owner, day, sealed) VALUES (?, ?, ?) "
                                                     "ON CONFLICT (owner, day) DO NOTHING");
    for (const auto& [day, sealed] : rows) {
      insert.Bind(sql::Blob{owner_hash}, day, sql::Blob{sealed}).Run();
      insert.Reset();
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<GivenRecommendation> SqlRecommendationsStore::OpenGiven(const std::string& owner_hash,
                                                                       std::string_view id_hash,
                                                                       std::string_view sealed) const {
  COUNCIL_ASSIGN_OR_RETURN(const std::string opened, sealer_.Open(owner_hash, kGivenTable, id_hash, sealed));
  GivenRecommendation given;
  if (!given.ParseFromString(opened)) return Damaged();
  return given;
}

absl::StatusOr<std::vector<GivenRecommendation>> SqlRecommendationsStore::FindGiven(const base::Owner& owner,
                                                                                    std::span<const std::string> ids,
                                                                                    absl::Time deadline) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<std::string> id_hashes;
  for (const std::string& id : ids) id_hashes.push_back(sealer_.IndexHash(owner, kGivenTable, id));
  std::vector<GivenRecommendation> found;
  COUNCIL_RETURN_IF_ERROR(database_->Read(owner_hash, deadline, [&](sql::Connection& connection) -> absl::Status {
    for (const sql::InList& some : sql::InList::Split(id_hashes)) {
      sql::Statement select = connection.Prepare(
          "SELECT id, sealed FROM given_recommendations WHERE owner = ? AND id IN " + some.placeholders());
      some.Bind(select, std::tuple(sql::Blob{owner_hash}), std::tuple());
      while (select.Step()) {
        COUNCIL_ASSIGN_OR_RETURN(GivenRecommendation given,
                                 OpenGiven(owner_hash, select.GetBlob(0), select.GetBlob(1)));
        found.push_back(std::move(given));
      }
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<GivenRecommendation>> SqlRecommendationsStore::ListGiven(const base::Owner& owner,
                                                                                    absl::CivilDay first,
                                                                                    absl::CivilDay last,
                                                                                    absl::Time deadline) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<GivenRecommendation> listed;
  COUNCIL_RETURN_IF_ERROR(database_->Read(owner_hash, deadline, [&](sql::Connection& connection) -> absl::Status {
    sql::Statement select =
        connection.Prepare("SELECT id, sealed FROM given_recommendations WHERE owner = ? AND day BETWEEN ? AND ?");
    select.Bind(sql::Blob{owner_hash}, DayNumber(first), DayNumber(last));
    while (select.Step()) {
      COUNCIL_ASSIGN_OR_RETURN(GivenRecommendation given, OpenGiven(owner_hash, select.GetBlob(0), select.GetBlob(1)));
      listed.push_back(std::move(given));
    }
    return absl::OkStatus();
  }));
  std::sort(listed.begin(), listed.end(), [](const GivenRecommendation& a, const GivenRecommendation& b) {
    const auto key = [](const GivenRecommendation& given) {
      return std::pair(base::FromProto(given.given_time()), std::string_view(given.recommendation().id()));
    };
    return key(a) < key(b);
  });
  return listed;
}

absl::Status SqlRecommendationsStore::PutGiven(const base::Owner& owner, std::span<const GivenRecommendation> given,
                                               IfKept if_kept) {
  struct Row {
    std::string id_hash;
    int64_t day;
    std::string sealed;
    std::vector<std::string> contact_ids;
  };
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<Row> rows;
  for (const GivenRecommendation& one : given) {
    Row row;
    row.id_hash = sealer_.IndexHash(owner, kGivenTable, one.recommendation().id());
    row.day = DayNumber(absl::ToCivilDay(base::FromProto(one.given_time()), absl::UTCTimeZone()));
    COUNCIL_ASSIGN_OR_RETURN(row.sealed, sealer_.Seal(owner_hash, kGivenTable, row.id_hash, one.SerializeAsString()));
    row.contact_ids = {one.recommendation().contact_ids().begin(), one.recommendation().contact_ids().end()};
    rows.push_back(std::move(row));
  }
  return database_->Write(owner_hash, [&](sql::Connection& connection) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(LockLivingOwner(connection, owner_hash));
    // What was worked out before somebody was erased is about them still.
    const std::set<std::string> erased = ErasedContacts(connection, owner_hash);
    std::erase_if(rows, [&erased](const Row& row) {
      return std::ranges::any_of(row.contact_ids, [&erased](const std::string& id) { return erased.contains(id); });
    });
    sql::Statement insert =
        connection.Prepare(if_kept == IfKept::kReplace
                               ? "INSERT INTO given_recommendations (owner, id, day, sealed) VALUES (?, ?, ?, ?) "
                                 "ON CONFLICT (owner, id) DO UPDATE SET day = excluded.day, sealed = excluded.sealed"
                               : "INSERT INTO given_recommendations (owner, id, day, sealed) VALUES (?, ?, ?, ?) "
                                 "ON CONFLICT (owner, id) DO NOTHING");
    for (const Row& row : rows) {
      insert.Bind(sql::Blob{owner_hash}, sql::Blob{row.id_hash}, row.day, sql::Blob{row.sealed}).Run();
      insert.Reset();
    }
    return absl::OkStatus();
  });
}

absl::Status SqlRecommendationsStore::EraseContact(const base::Owner& owner,
                                                   const std::vector<std::string>& contact_ids) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  if (seal::ErasureList* list = sealer_.keys().erasures; list != nullptr) {
    COUNCIL_RETURN_IF_ERROR(list->Add({.owner_hash = owner_hash, .contact_ids = contact_ids}));
  }
  return EraseContact(owner_hash, contact_ids);
}

absl::Status SqlRecommendationsStore::EraseContact(const std::string& owner_hash,
                                                   const std::vector<std::string>& contact_ids) {
  const auto names = [&contact_ids](const GivenRecommendation& given) {
    return std::ranges::any_of(given.recommendation().contact_ids(), [&](const std::string& id) {
      return std::ranges::find(contact_ids, id) != contact_ids.end();
    });
  };
  const auto erase = [&](sql::Connection& connection) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(LockLivingOwner(connection, owner_hash));
    std::vector<std::string> about;
    {
      sql::Statement select = connection.Prepare("SELECT id, sealed FROM given_recommendations WHERE owner = ?");
      select.Bind(sql::Blob{owner_hash});
      while (select.Step()) {
        const auto given = OpenGiven(owner_hash, select.GetBlob(0), select.GetBlob(1));
        // One that nobody can open tells nobody anything.
        if (!given.ok() && !absl::IsDataLoss(given.status())) return given.status();
        if (given.ok() && names(*given)) about.emplace_back(select.GetBlob(0));
      }
    }
    for (const std::string& id : about) {
      connection.Prepare("DELETE FROM given_recommendations WHERE owner = ? AND id = ?")
          .Bind(sql::Blob{owner_hash}, sql::Blob{id})
          .Run();
    }
    for (const std::string& id : contact_ids) {
      connection
          .Prepare("INSERT INTO erased_contacts (owner, contact) VALUES (?, ?) ON CONFLICT (owner, contact) DO NOTHING")
          .Bind(sql::Blob{owner_hash}, sql::Blob{id})
          .Run();
    }
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_->Write(owner_hash, erase));
  // The log that is in use goes with its next checkpoint.
  database_->ClearLog().IgnoreError();
  return absl::OkStatus();
}

absl::Status SqlRecommendationsStore::BeginErasure(const base::Owner& owner) {
  return BeginErasure(sealer_.OwnerHash(owner));
}

absl::Status SqlRecommendationsStore::BeginErasure(const std::string& owner_hash) {
  return database_->Write(owner_hash, [&](sql::Connection& connection) {
    if (LockOwner(connection, owner_hash)) return absl::OkStatus();
    connection.Prepare("UPDATE owners SET erased = 1 WHERE owner = ?").Bind(sql::Blob{owner_hash}).Run();
    seal::OwnerErasures::Begin(connection, owner_hash);
    return absl::OkStatus();
  });
}

absl::Status SqlRecommendationsStore::FinishErasure(const base::Owner& owner) {
  return owner_erasures_.Finish(sealer_.OwnerHash(owner));
}

absl::Status SqlRecommendationsStore::EraseAgain(const seal::Erasure& erasure) {
  const std::string& owner_hash = erasure.owner_hash;
  bool erased = false;
  const auto look = [&](sql::Connection& connection) {
    sql::Statement owner = connection.Prepare("SELECT erased FROM owners WHERE owner = ?");
    erased = owner.Bind(sql::Blob{owner_hash}).Step() && owner.GetInt(0) != 0;
    if (erased || erasure.contact_ids.empty()) return absl::OkStatus();
    // All ids of a contact are marked together.
    sql::Statement contact = connection.Prepare("SELECT 1 FROM erased_contacts WHERE owner = ? AND contact = ?");
    erased = contact.Bind(sql::Blob{owner_hash}, sql::Blob{erasure.contact_ids.front()}).Step();
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_->Read(owner_hash, absl::InfiniteFuture(), look));
  if (erased) {
    return erasure.contact_ids.empty() ? owner_erasures_.DestroyKeys(owner_hash) : absl::OkStatus();
  }
  if (!erasure.contact_ids.empty()) return EraseContact(owner_hash, erasure.contact_ids);
  COUNCIL_RETURN_IF_ERROR(BeginErasure(owner_hash));
  return owner_erasures_.Finish(owner_hash);
}

absl::Status SqlRecommendationsStore::AddAccesses(const base::Owner& owner,
                                                  std::span<const audit::storage::v1::StoredAccess> counted,
                                                  absl::Time expired) {
  return accesses_.AddAccesses(owner, counted, expired);
}

absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> SqlRecommendationsStore::ListAccesses(
    const base::Owner& owner, std::size_t limit, std::string& position, absl::Time deadline) {
  return accesses_.ListAccesses(owner, limit, position, deadline);
}

std::vector<seal::SealedTable> SqlRecommendationsStore::SealedTables() {
  using Key = std::vector<seal::SealedTable::Value>;
  return {
      {.name = kTable,
       .key = {{"day", seal::SealedTable::Column::Type::kInteger}},
       .row_id = [](const Key& key) { return DayText(std::get<int64_t>(key[0])); }},
      {.name = kGivenTable, .key = {{"id"}}, .row_id = [](const Key& key) { return std::get<std::string>(key[0]); }},
      audit::AccessRows::Table()};
}

}  // namespace council::recommendations
