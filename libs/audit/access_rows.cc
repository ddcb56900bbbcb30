#include "libs/audit/access_rows.h"

#include <limits>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::audit {
namespace {

using sql::Blob;
using sql::Statement;
using storage::v1::StoredAccess;

std::int64_t MicrosOf(const StoredAccess& access) {
  return absl::ToUnixMicros(base::FromProto(access.time()));
}

absl::Status Damaged() {
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "a record of accesses can't be read back");
}

}  // namespace

seal::SealedTable AccessRows::Table() {
  return {.name = kTable,
          .key = {{"time", seal::SealedTable::Column::Type::kInteger}, {"id"}},
          .row_id = [](const std::vector<seal::SealedTable::Value>& key) { return std::get<std::string>(key[1]); }};
}

absl::Status AccessRows::Put(const StoredAccess& access, const std::string& id) {
  StoredAccess stored = access;
  stored.set_version(1);
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, sealer_.Seal(owner_hash_, kTable, id, stored.SerializeAsString()));
  connection_
      .Prepare(
          "INSERT INTO accesses (owner, time, id, sealed) VALUES (?, ?, ?, ?) "
          "ON CONFLICT (owner, time, id) DO UPDATE SET sealed = excluded.sealed")
      .Bind(Blob{owner_hash_}, MicrosOf(access), Blob{id}, Blob{sealed})
      .Run();
  return absl::OkStatus();
}

absl::StatusOr<StoredAccess> AccessRows::Open(std::string_view id, std::string_view sealed) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string opened, sealer_.Open(owner_hash_, kTable, id, sealed));
  StoredAccess access;
  if (!access.ParseFromString(opened) || access.version() != 1) return Damaged();
  return access;
}

absl::Status AccessRows::PutWrite(const base::Owner& owner, const StoredAccess& access, std::int64_t revision) {
  return Put(access,
             sealer_.IndexHash(owner, "access",
                               absl::StrCat("write\n", access.method(), "\n", access.client(), "\n", revision)));
}

absl::Status AccessRows::Add(const base::Owner& owner, const StoredAccess& access) {
  const std::string id =
      sealer_.IndexHash(owner, "access", absl::StrCat("read\n", access.method(), "\n", access.client()));
  StoredAccess total = access;
  {
    Statement select = connection_.Prepare("SELECT sealed FROM accesses WHERE owner = ? AND time = ? AND id = ?");
    select.Bind(Blob{owner_hash_}, MicrosOf(access), Blob{id});
    if (select.Step()) {
      const absl::StatusOr<StoredAccess> known = Open(id, select.GetBlob(0));
      // Where the record can't be read any more the hour begins anew.
      if (!known.ok() && !absl::IsDataLoss(known.status())) return known.status();
      if (known.ok()) total.set_calls(known->calls() + access.calls());
    }
  }
  return Put(total, id);
}

void AccessRows::RemoveBefore(absl::Time time) {
  connection_.Prepare("DELETE FROM accesses WHERE owner = ? AND time < ?")
      .Bind(Blob{owner_hash_}, absl::ToUnixMicros(time))
      .Run();
}

absl::StatusOr<std::vector<StoredAccess>> AccessRows::List(std::size_t limit, std::string& position) {
  // A position is the time of a row in decimal digits, a space, and its id.
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  std::string before_id;
  if (const std::size_t blank = position.find(' '); blank != std::string::npos) {
    if (!absl::SimpleAtoi(absl::string_view(position).substr(0, blank), &before)) return Damaged();
    before_id = position.substr(blank + 1);
  }
  std::vector<StoredAccess> accesses;
  Statement select = connection_.Prepare(
      "SELECT time, id, sealed FROM accesses WHERE owner = ? AND (time, id) < (?, ?) ORDER BY time DESC, id DESC LIMIT "
      "?");
  select.Bind(Blob{owner_hash_}, before, Blob{before_id}, static_cast<std::int64_t>(limit) + 1);
  while (select.Step()) {
    if (accesses.size() == limit) return accesses;
    position = absl::StrCat(select.GetInt(0), " ");
    position.append(select.GetBlob(1));
    COUNCIL_ASSIGN_OR_RETURN(StoredAccess access, Open(select.GetBlob(1), select.GetBlob(2)));
    accesses.push_back(std::move(access));
  }
  position.clear();
  return accesses;
}

}  // namespace council::audit
