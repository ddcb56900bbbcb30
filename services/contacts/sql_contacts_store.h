#ifndef COUNCIL_SERVICES_CONTACTS_SQL_CONTACTS_STORE_H_
#define COUNCIL_SERVICES_CONTACTS_SQL_CONTACTS_STORE_H_

#include <string>

#include "libs/audit/sql_access_store.h"
#include "libs/seal/owner_erasures.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "services/contacts/contacts_store.h"

namespace council::contacts {

// Contacts in a database of either engine (migrations/).
class SqlContactsStore final : public ContactsStore {
 public:
  // `database` (of StorageSchema) and `sealer` must outlive the store. `lineage` is the database's.
  SqlContactsStore(sql::Database& database, const seal::Sealer& sealer, std::string lineage);

  // Goes on with erasures that were interrupted, and erases again what the list of erasures, if there is one, says and
  // a restore brought back.
  absl::Status FinishErasures();

  const std::string& lineage() const override { return lineage_; }
  absl::Status Read(const base::Owner& owner, absl::Time deadline,
                    absl::FunctionRef<absl::Status(ContactsSnapshot&)> work) override;
  absl::StatusOr<int64_t> Write(const base::Owner& owner,
                                absl::FunctionRef<absl::Status(ContactsTransaction&)> work) override;
  absl::StatusOr<std::vector<int64_t>> Revisions(std::span<const base::Owner> owners, absl::Time deadline) override;
  absl::StatusOr<int64_t> EraseOwner(const base::Owner& owner) override;
  absl::Status AddAccesses(const base::Owner& owner, std::span<const audit::storage::v1::StoredAccess> counted,
                           absl::Time expired) override;
  absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> ListAccesses(const base::Owner& owner, size_t limit,
                                                                             std::string& position,
                                                                             absl::Time deadline) override;

 private:
  // Of the owner with this hash; `owner` is null where no more is known of them.
  absl::StatusOr<int64_t> EraseOwner(const std::string& owner_hash, const base::Owner* owner);
  absl::Status EraseAgain(const seal::Erasure& erasure);

  sql::Database& database_;
  const seal::Sealer& sealer_;
  const std::string lineage_;
  seal::OwnerErasures owner_erasures_;
  audit::SqlAccessStore accesses_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_SQL_CONTACTS_STORE_H_
