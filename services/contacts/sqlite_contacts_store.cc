#include "services/contacts/sqlite_contacts_store.h"

#include "libs/base/status.h"
#include "services/contacts/migrations.h"
#include "services/contacts/sqlite_contacts_rows.h"

namespace council::contacts {

absl::StatusOr<std::unique_ptr<sql::SqliteDatabase>> SqliteContactsStore::OpenDatabase(const std::string& path) {
  sql::SqliteOptions options;
  options.path = path;
  COUNCIL_ASSIGN_OR_RETURN(auto database, sql::SqliteDatabase::Open(options, StorageSchema().sqlite));
  // What is deleted is overwritten: erasing must not leave it in free pages.
  COUNCIL_RETURN_IF_ERROR(database->Write([](sql::Connection& connection) {
    connection.Execute("PRAGMA secure_delete = ON");
    return absl::OkStatus();
  }));
  return database;
}

absl::Status SqliteContactsStore::Read(const base::Owner& owner, absl::Time deadline,
                                       absl::FunctionRef<absl::Status(ContactsSnapshot&)> work) {
  return database_.Read(deadline, [&](sql::Connection& connection) {
    SqliteContactsRows rows(connection, sealer_, owner);
    return work(rows);
  });
}

absl::StatusOr<int64_t> SqliteContactsStore::Write(const base::Owner& owner,
                                                   absl::FunctionRef<absl::Status(ContactsTransaction&)> work) {
  int64_t revision = 0;
  const auto write = [&](sql::Connection& connection) -> absl::Status {
    SqliteContactsRows rows(connection, sealer_, owner);
    if (rows.erased()) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                         "the owner's data were erased; nothing can be written for them");
    }
    COUNCIL_RETURN_IF_ERROR(work(rows));
    revision = rows.Finish();
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Write(write));
  return revision;
}

absl::Status SqliteContactsStore::AddReads(std::span<const ReadCount> reads, absl::Time expired) {
  return database_.Write([&](sql::Connection& connection) -> absl::Status {
    for (const ReadCount& read : reads) {
      SqliteContactsRows rows(connection, sealer_, read.owner);
      if (rows.erased()) continue;
      COUNCIL_RETURN_IF_ERROR(rows.AddRead(read.access));
      rows.RemoveAccessesBefore(absl::ToUnixMicros(expired));
    }
    return absl::OkStatus();
  });
}

}  // namespace council::contacts
