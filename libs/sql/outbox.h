#ifndef COUNCIL_LIBS_SQL_OUTBOX_H_
#define COUNCIL_LIBS_SQL_OUTBOX_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/outbox.h"
#include "libs/sql/database.h"

namespace council::sql {

// The outbox of a storage, whose migrations made the table
//
//   CREATE TABLE outbox (owner BLOB PRIMARY KEY, cache_tag BLOB NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
//
// or, on PostgreSQL, where the service's role sees no other owner's rows, that table and two functions which do:
//
//   pending_outbox(most bigint) RETURNS TABLE (owner bytea, cache_tag bytea, revision bigint)
//   remove_outbox(owners bytea[], revisions bigint[]) RETURNS void
class StorageOutbox final : public base::Outbox {
 public:
  // `database` must outlive the outbox.
  explicit StorageOutbox(Database& database) : database_(database) {}

  // Notes an owner's new revision, within the transaction that makes it.
  static void Put(Connection& connection, const base::OutboxRow& row);

  absl::StatusOr<std::vector<base::OutboxRow>> Read(size_t limit) override;
  absl::Status Remove(std::span<const base::OutboxRow> rows) override;

 private:
  Database& database_;
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_OUTBOX_H_
