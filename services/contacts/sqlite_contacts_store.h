#ifndef COUNCIL_SERVICES_CONTACTS_SQLITE_CONTACTS_STORE_H_
#define COUNCIL_SERVICES_CONTACTS_SQLITE_CONTACTS_STORE_H_

#include <memory>
#include <string>

#include "libs/seal/sealer.h"
#include "libs/sql/sqlite.h"
#include "services/contacts/contacts_store.h"

namespace council::contacts {

// Contacts in a SQLite database (migrations/). Writes of many owners share a transaction.
class SqliteContactsStore final : public ContactsStore {
 public:
  // Opens the storage at `path`, making it where there is none. Fails as SqliteDatabase::Open does.
  static absl::StatusOr<std::unique_ptr<sql::SqliteDatabase>> OpenDatabase(const std::string& path);

  // `database` (made by OpenDatabase) and `sealer` must outlive the store. `lineage` is the database's.
  SqliteContactsStore(sql::SqliteDatabase& database, const seal::Sealer& sealer, std::string lineage)
      : database_(database), sealer_(sealer), lineage_(std::move(lineage)) {}

  const std::string& lineage() const override { return lineage_; }
  absl::Status Read(const base::Owner& owner, absl::Time deadline,
                    absl::FunctionRef<absl::Status(ContactsSnapshot&)> work) override;
  absl::StatusOr<int64_t> Write(const base::Owner& owner,
                                absl::FunctionRef<absl::Status(ContactsTransaction&)> work) override;
  absl::Status AddReads(std::span<const ReadCount> reads, absl::Time expired) override;

 private:
  sql::SqliteDatabase& database_;
  const seal::Sealer& sealer_;
  const std::string lineage_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_SQLITE_CONTACTS_STORE_H_
