#ifndef COUNCIL_SERVICES_CONTACTS_SQL_CONTACTS_ROWS_H_
#define COUNCIL_SERVICES_CONTACTS_SQL_CONTACTS_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/owner.h"
#include "libs/base/status.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "services/contacts/contacts_store.h"

namespace council::contacts {

// The 16 bytes under which a contact's rows stand; empty, which no row has, for what is no UUID.
std::string RowOf(const std::string& id);

// The id, as text, of such bytes.
std::string IdOf(std::string_view row);

// What a part of an import is sealed for.
std::string ImportRowId(std::string_view import, int64_t part);

// DATA_LOSS.
absl::Status DamagedRow();

// One owner's rows, for as long as the transaction that the connection is in. Lets the engine's exceptions escape,
// which ends the transaction.
class SqlContactsRows final : public ContactsTransaction {
 public:
  // In a transaction that writes, the owner's row is locked, so that all that is read afterwards is the newest, and
  // stays so until the transaction ends.
  enum class Access { kRead, kWrite };

  // `owner` is null where no more is known of an owner than their hash: enough for erasing what is theirs, and nothing
  // is told to the cache.
  SqlContactsRows(sql::Connection& connection, const seal::Sealer& sealer, std::string owner_hash,
                  const base::Owner* owner, Access access);

  int64_t revision() const override { return revision_; }
  bool erased() const override { return erased_; }
  int64_t contact_count() const override { return contact_count_; }
  int64_t acquaintance_count() const override { return acquaintance_count_; }
  absl::StatusOr<std::optional<storage::v1::StoredContact>> GetContact(const std::string& id) override;
  absl::StatusOr<std::vector<storage::v1::StoredContact>> AllContacts() override;
  absl::StatusOr<std::optional<std::string>> FindByVcardUid(const std::string& uid) override;
  absl::StatusOr<std::string> ResolveId(const std::string& id) override;
  absl::StatusOr<std::optional<storage::v1::StoredSeat>> GetSeat(const std::string& contact_id) override;
  absl::StatusOr<std::vector<storage::v1::StoredSeat>> AllSeats() override;
  absl::StatusOr<std::vector<v1::Acquaintance>> Acquaintances(const std::optional<std::string>& contact_id) override;
  absl::StatusOr<v1::Settings> GetSettings() override;
  absl::StatusOr<std::vector<ContactChange>> ChangesAfter(const ChangePlace& place, size_t limit) override;
  absl::StatusOr<std::optional<storage::v1::StoredRequest>> FindRequest(const std::string& request_id) override;
  absl::StatusOr<std::vector<storage::v1::StoredRequest>> AllRequests() override;
  absl::StatusOr<std::vector<std::string>> ErasedIds() override;
  absl::StatusOr<std::vector<KeptImport>> Imports() override;
  absl::StatusOr<std::optional<storage::v1::StoredImport>> ImportPart(const std::string& import_id,
                                                                      int64_t part) override;

  int64_t next_revision() const override { return revision_ + 1; }
  absl::Status PutContact(const storage::v1::StoredContact& contact) override;
  absl::Status DeleteContact(const std::string& id) override;
  absl::Status MarkErased(const std::string& id) override;
  absl::Status PutSeat(const storage::v1::StoredSeat& seat) override;
  absl::Status DeleteSeat(const std::string& contact_id) override;
  absl::Status SetAcquaintance(const v1::Acquaintance& acquaintance, bool acquainted) override;
  absl::Status PutSettings(const v1::Settings& settings) override;
  absl::Status PutRequest(const std::string& request_id, const storage::v1::StoredRequest& request) override;
  absl::Status PutAccess(const audit::storage::v1::StoredAccess& access) override;
  absl::Status EraseContact(const std::vector<std::string>& ids) override;
  absl::Status PutImportPart(const std::string& import_id, absl::Time time, int64_t part,
                             const storage::v1::StoredImport& what) override;
  absl::Status DeleteImport(const std::string& import_id) override;
  absl::Status ForgetInImports(const std::vector<std::string>& ids) override;

  // Whether EraseContact was called.
  bool erased_contact() const { return erased_contact_; }
  // Whether a contact of this id was erased.
  bool IsErased(const std::string& id);
  // Writes the owner's tombstone, if it is not there; their rows go elsewhere (seal::OwnerErasures).
  void WriteTombstone();

  // Raises the revision and puts it into the outbox, if anything was changed. Returns the owner's revision.
  int64_t Finish();

 private:
  bool ReadState(std::string_view lock);
  template <typename Message>
  absl::Status Open(const char* table, std::string_view row, std::string_view sealed, Message& message) {
    std::string buffer;
    COUNCIL_ASSIGN_OR_RETURN(const std::string_view plain, sealer_.Open(owner_hash_, table, row, sealed, buffer));
    const bool parsed = message.ParseFromArray(plain.data(), static_cast<int>(plain.size()));
    return parsed && message.version() == 1 ? absl::OkStatus() : DamagedRow();
  }
  template <typename Message>
  absl::StatusOr<std::string> Seal(const char* table, std::string_view row, const Message& message) {
    return sealer_.Seal(owner_hash_, table, row, message.SerializeAsString());
  }
  absl::Status OpenContact(std::string_view row, int64_t revision, std::string_view sealed,
                           storage::v1::StoredContact& contact);
  absl::Status PutUids(const storage::v1::StoredContact& contact, std::string_view row);
  void PutFormerIds(const v1::Contact& contact, std::string_view row);
  void RemoveKeysOf(std::string_view row);
  bool HasGoneContacts();
  // Forgets what was asked about contacts, but not that it was.
  absl::Status ForgetRequestsAbout(const std::vector<std::string>& ids);
  std::string IndexHash(std::string_view index, std::string_view value) const {
    return sealer_.IndexHash(*owner_, index, value);
  }

  sql::Connection& connection_;
  const seal::Sealer& sealer_;
  const std::string owner_hash_;
  const base::Owner* const owner_;
  int64_t revision_ = 0;
  int64_t contact_count_ = 0;
  int64_t acquaintance_count_ = 0;
  bool erased_ = false;
  bool changed_ = false;
  bool erased_contact_ = false;
  std::optional<bool> has_gone_contacts_;  // Once it was asked for.
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_SQL_CONTACTS_ROWS_H_
