#include "libs/sql/sqlite_outbox.h"

#include <string>

#include "absl/time/clock.h"

namespace council::sql {
namespace {

constexpr absl::Duration kReadWait = absl::Seconds(5);

}  // namespace

void SqliteOutbox::Put(Connection& connection, const base::OutboxRow& row) {
  connection
      .Prepare(
          "INSERT INTO outbox (owner, cache_tag, revision) VALUES (?, ?, ?) "
          "ON CONFLICT (owner) DO UPDATE SET revision = excluded.revision, cache_tag = excluded.cache_tag")
      .Bind(Blob{row.owner}, Blob{row.cache_tag}, row.revision)
      .Run();
}

absl::StatusOr<std::vector<base::OutboxRow>> SqliteOutbox::Read(size_t limit) {
  std::vector<base::OutboxRow> rows;
  const absl::Status status = database_.Read(absl::Now() + kReadWait, [&](Connection& connection) {
    Statement select = connection.Prepare("SELECT owner, cache_tag, revision FROM outbox LIMIT ?");
    select.Bind(static_cast<int64_t>(limit));
    while (select.Step()) {
      rows.push_back({std::string(select.GetBlob(0)), std::string(select.GetBlob(1)), select.GetInt(2)});
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return rows;
}

absl::Status SqliteOutbox::Remove(std::span<const base::OutboxRow> rows) {
  return database_.Write([&](Connection& connection) {
    for (const base::OutboxRow& row : rows) {
      connection.Prepare("DELETE FROM outbox WHERE owner = ? AND revision = ?")
          .Bind(Blob{row.owner}, row.revision)
          .Run();
    }
    return absl::OkStatus();
  });
}

}  // namespace council::sql
