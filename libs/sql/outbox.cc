#include "libs/sql/outbox.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "libs/sql/postgres_connection.h"

namespace council::sql {
namespace {

constexpr absl::Duration kReadWait = absl::Seconds(5);

}  // namespace

void StorageOutbox::Put(Connection& connection, const base::OutboxRow& row) {
  connection
      .Prepare(
          "INSERT INTO outbox (owner, cache_tag, revision) VALUES (?, ?, ?) "
          "ON CONFLICT (owner) DO UPDATE SET revision = excluded.revision, cache_tag = excluded.cache_tag")
      .Bind(Blob{row.owner}, Blob{row.cache_tag}, row.revision)
      .Run();
}

absl::StatusOr<std::vector<base::OutboxRow>> StorageOutbox::Read(size_t limit) {
  std::vector<base::OutboxRow> rows;
  const absl::Status status = database_.Read(Owners::None(), absl::Now() + kReadWait, [&](Connection& connection) {
    Statement select = connection.Prepare(connection.engine() == Engine::kPostgres
                                              ? "SELECT owner, cache_tag, revision FROM pending_outbox(?)"
                                              : "SELECT owner, cache_tag, revision FROM outbox LIMIT ?");
    select.Bind(static_cast<int64_t>(limit));
    while (select.Step()) {
      rows.push_back({std::string(select.GetBlob(0)), std::string(select.GetBlob(1)), select.GetInt(2)});
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return rows;
}

absl::Status StorageOutbox::Remove(std::span<const base::OutboxRow> rows) {
  return database_.Write(Owners::None(), [&](Connection& connection) {
    if (connection.engine() == Engine::kPostgres) {
      std::vector<std::string_view> owners;
      std::vector<std::int64_t> revisions;
      for (const base::OutboxRow& row : rows) {
        owners.push_back(row.owner);
        revisions.push_back(row.revision);
      }
      connection.Prepare("SELECT remove_outbox(?, ?)")
          .Bind(ByteaArray(owners), absl::StrCat("{", absl::StrJoin(revisions, ","), "}"))
          .Run();
      return absl::OkStatus();
    }
    for (const base::OutboxRow& row : rows) {
      connection.Prepare("DELETE FROM outbox WHERE owner = ? AND revision = ?")
          .Bind(Blob{row.owner}, row.revision)
          .Run();
    }
    return absl::OkStatus();
  });
}

}  // namespace council::sql
