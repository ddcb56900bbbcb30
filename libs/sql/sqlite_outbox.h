#ifndef COUNCIL_LIBS_SQL_SQLITE_OUTBOX_H_
#define COUNCIL_LIBS_SQL_SQLITE_OUTBOX_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/outbox.h"
#include "libs/sql/sqlite.h"

namespace council::sql {

// The outbox of a SQLite storage, whose migrations made the table
//
//   CREATE TABLE outbox (owner BLOB PRIMARY KEY, cache_tag BLOB NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
class SqliteOutbox final : public base::Outbox {
 public:
  // `database` must outlive the outbox.
  explicit SqliteOutbox(SqliteDatabase& database) : database_(database) {}

  // Notes an owner's new revision, within the transaction that makes it. Throws SQLite::Exception.
  static void Put(Connection& connection, const base::OutboxRow& row);

  absl::StatusOr<std::vector<base::OutboxRow>> Read(size_t limit) override;
  absl::Status Remove(std::span<const base::OutboxRow> rows) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_SQLITE_OUTBOX_H_
