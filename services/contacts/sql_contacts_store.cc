#include "services/contacts/sql_contacts_store.h"

#include <map>
#include <span>
#include <vector>

#include "libs/base/status.h"
#include "libs/sql/revisions.h"
#include "services/contacts/sql_contacts_rows.h"

namespace council::contacts {

absl::Status SqlContactsStore::Read(const base::Owner& owner, absl::Time deadline,
                                    absl::FunctionRef<absl::Status(ContactsSnapshot&)> work) {
  return database_.Read(sealer_.OwnerHash(owner), deadline, [&](sql::Connection& connection) {
    SqlContactsRows rows(connection, sealer_, owner, SqlContactsRows::Access::kRead);
    return work(rows);
  });
}

absl::StatusOr<int64_t> SqlContactsStore::Write(const base::Owner& owner,
                                                absl::FunctionRef<absl::Status(ContactsTransaction&)> work) {
  int64_t revision = 0;
  const auto write = [&](sql::Connection& connection) -> absl::Status {
    SqlContactsRows rows(connection, sealer_, owner, SqlContactsRows::Access::kWrite);
    if (rows.erased()) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                         "the owner's data were erased; nothing can be written for them");
    }
    COUNCIL_RETURN_IF_ERROR(work(rows));
    revision = rows.Finish();
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Write(sealer_.OwnerHash(owner), write));
  return revision;
}

absl::StatusOr<std::vector<int64_t>> SqlContactsStore::Revisions(std::span<const base::Owner> owners,
                                                                 absl::Time deadline) {
  std::vector<std::string> hashes;
  hashes.reserve(owners.size());
  for (const base::Owner& owner : owners) hashes.push_back(sealer_.OwnerHash(owner));
  return sql::RevisionsOf(database_, "owners", hashes, deadline);
}

absl::Status SqlContactsStore::AddReads(std::span<const ReadCount> reads, absl::Time expired) {
  // In the order of owners, as every writer of several locks them, so that no two wait for each other.
  std::map<std::string, std::vector<const ReadCount*>> by_owner;
  for (const ReadCount& read : reads) by_owner[sealer_.OwnerHash(read.owner)].push_back(&read);
  std::vector<std::string> owners;
  for (const auto& [owner, counts] : by_owner) owners.push_back(owner);
  return database_.Write(std::span<const std::string>(owners), [&](sql::Connection& connection) -> absl::Status {
    for (const auto& [owner, counts] : by_owner) {
      SqlContactsRows rows(connection, sealer_, counts.front()->owner, SqlContactsRows::Access::kWrite);
      if (rows.erased()) continue;
      for (const ReadCount* count : counts) COUNCIL_RETURN_IF_ERROR(rows.AddRead(count->access));
      rows.RemoveAccessesBefore(absl::ToUnixMicros(expired));
    }
    return absl::OkStatus();
  });
}

}  // namespace council::contacts
