#include "services/recommendations/sql_recommendations_store.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

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

}  // namespace

absl::StatusOr<std::unique_ptr<SqlRecommendationsStore>> SqlRecommendationsStore::Open(const std::string& storage,
                                                                                       const std::string& shared_key,
                                                                                       base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(auto database, sql::OpenDatabase(storage, StorageSchema()));
  COUNCIL_ASSIGN_OR_RETURN(auto identity, sql::StorageIdentity::LoadOrCreate(*database, random));
  return std::unique_ptr<SqlRecommendationsStore>(
      new SqlRecommendationsStore(std::move(database), std::move(identity), shared_key));
}

SqlRecommendationsStore::SqlRecommendationsStore(std::unique_ptr<sql::Database> database, sql::StorageIdentity identity,
                                                 const std::string& shared_key)
    : database_(std::move(database)), identity_(std::move(identity)), sealer_(identity_.owner_key, shared_key) {}

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
      const std::string day = absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + select.GetInt(0));
      const auto opened = sealer_.Open(owner, kTable, day, select.GetBlob(1));
      v1::BalancePoint point;
      if (!opened.ok() || !point.ParseFromString(*opened) || point.day() != day) return Damaged();
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
    COUNCIL_ASSIGN_OR_RETURN(std::string sealed, sealer_.Seal(owner, kTable, point.day(), point.SerializeAsString()));
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

absl::StatusOr<GivenRecommendation> SqlRecommendationsStore::OpenGiven(const base::Owner& owner,
                                                                       std::string_view id_hash,
                                                                       std::string_view sealed) const {
  const auto opened = sealer_.Open(owner, kGivenTable, id_hash, sealed);
  GivenRecommendation given;
  if (!opened.ok() || !given.ParseFromString(*opened) ||
      sealer_.IndexHash(owner, kGivenTable, given.recommendation().id()) != id_hash) {
    return Damaged();
  }
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
        COUNCIL_ASSIGN_OR_RETURN(GivenRecommendation given, OpenGiven(owner, select.GetBlob(0), select.GetBlob(1)));
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
      COUNCIL_ASSIGN_OR_RETURN(GivenRecommendation given, OpenGiven(owner, select.GetBlob(0), select.GetBlob(1)));
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
  };
  const std::string owner_hash = sealer_.OwnerHash(owner);
  std::vector<Row> rows;
  for (const GivenRecommendation& one : given) {
    Row row;
    row.id_hash = sealer_.IndexHash(owner, kGivenTable, one.recommendation().id());
    row.day = DayNumber(absl::ToCivilDay(base::FromProto(one.given_time()), absl::UTCTimeZone()));
    COUNCIL_ASSIGN_OR_RETURN(row.sealed, sealer_.Seal(owner, kGivenTable, row.id_hash, one.SerializeAsString()));
    rows.push_back(std::move(row));
  }
  return database_->Write(owner_hash, [&](sql::Connection& connection) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(LockLivingOwner(connection, owner_hash));
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

absl::Status SqlRecommendationsStore::EraseOwner(const base::Owner& owner) {
  const std::string owner_hash = sealer_.OwnerHash(owner);
  return database_->Write(owner_hash, [&](sql::Connection& connection) -> absl::Status {
    LockOwner(connection, owner_hash);
    connection.Prepare("DELETE FROM balance_points WHERE owner = ?").Bind(sql::Blob{owner_hash}).Run();
    connection.Prepare("DELETE FROM given_recommendations WHERE owner = ?").Bind(sql::Blob{owner_hash}).Run();
    connection.Prepare("UPDATE owners SET erased = 1 WHERE owner = ?").Bind(sql::Blob{owner_hash}).Run();
    return absl::OkStatus();
  });
}

}  // namespace council::recommendations
