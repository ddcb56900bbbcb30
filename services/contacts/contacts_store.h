#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_STORE_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "libs/audit/access_storage.pb.h"
#include "libs/audit/access_store.h"
#include "libs/base/owner.h"
#include "services/contacts/contacts_storage.pb.h"

namespace council::contacts {

// A place among the changes of an owner's contacts: all of earlier revisions, and those of `revision` up to and with
// `contact_id`; with an empty one all of `revision`.
struct ChangePlace {
  int64_t revision = 0;
  std::string contact_id;
};

// The last change of a contact.
struct ContactChange {
  int64_t revision = 0;
  std::string id;
  std::optional<v1::Contact> contact;  // As it is, with its etag; nothing where it is gone.
};

// An import that can be undone.
struct KeptImport {
  std::string id;     // UUID.
  absl::Time time;    // When it began.
  int64_t parts = 0;  // Of what it did; numbered from 0.
  int64_t bytes = 0;  // Of all parts, sealed.
};

// One owner's contacts in one state. All functions fail with UNAVAILABLE where storage can't be read and with DATA_LOSS
// where what it holds can't be understood. Ids are UUIDs in their text form; one that is none is an id that nothing
// has.
class ContactsSnapshot {
 public:
  virtual ~ContactsSnapshot() = default;

  // Counts the owner's changes; 0 before the first.
  virtual int64_t revision() const = 0;

  // The owner's data were erased, and nothing was or will be written since.
  virtual bool erased() const = 0;

  // Contacts that the owner has.
  virtual int64_t contact_count() const = 0;

  // Pairs of contacts that know each other.
  virtual int64_t acquaintance_count() const = 0;

  // The contact with this id, with its etag; nothing where there is none. Former ids are not looked at.
  virtual absl::StatusOr<std::optional<storage::v1::StoredContact>> GetContact(const std::string& id) = 0;

  // All contacts, with their etags, in the order of their ids.
  virtual absl::StatusOr<std::vector<storage::v1::StoredContact>> AllContacts() = 0;

  // The contact that has this vCard UID, or had it merged into it; nothing where there is none.
  virtual absl::StatusOr<std::optional<std::string>> FindByVcardUid(const std::string& uid) = 0;

  // The contact into which the one of `id` was merged; `id` itself where it was not.
  virtual absl::StatusOr<std::string> ResolveId(const std::string& id) = 0;

  // The seat that a contact has or had; nothing where there was none ever.
  virtual absl::StatusOr<std::optional<storage::v1::StoredSeat>> GetSeat(const std::string& contact_id) = 0;

  // All seats that contacts have or had, in the order of the contacts' ids.
  virtual absl::StatusOr<std::vector<storage::v1::StoredSeat>> AllSeats() = 0;

  // Who knows whom, in the order of contact_id, then other_contact_id: of one contact, on either side, or of all.
  virtual absl::StatusOr<std::vector<v1::Acquaintance>> Acquaintances(const std::optional<std::string>& contact_id) = 0;

  // The settings with their etag; the defaults where none were made.
  virtual absl::StatusOr<v1::Settings> GetSettings() = 0;

  // Up to `limit` contacts that were last changed behind `place`, or went, in the order of their last revisions and,
  // within one, of ids.
  virtual absl::StatusOr<std::vector<ContactChange>> ChangesAfter(const ChangePlace& place, size_t limit) = 0;

  // What a request_id was used for; nothing where it was not.
  virtual absl::StatusOr<std::optional<storage::v1::StoredRequest>> FindRequest(const std::string& request_id) = 0;

  // All requests that are remembered, in no set order.
  virtual absl::StatusOr<std::vector<storage::v1::StoredRequest>> AllRequests() = 0;

  // Ids of contacts that were erased, in order.
  virtual absl::StatusOr<std::vector<std::string>> ErasedIds() = 0;

  // The imports of which it is kept what they did, the newest first.
  virtual absl::StatusOr<std::vector<KeptImport>> Imports() = 0;

  // A part of what an import did; nothing where there is none of this number.
  virtual absl::StatusOr<std::optional<storage::v1::StoredImport>> ImportPart(const std::string& import_id,
                                                                              int64_t part) = 0;
};

// The same within a transaction, with what can be changed. What is written is seen by what is read afterwards.
class ContactsTransaction : public ContactsSnapshot {
 public:
  // The revision that this transaction makes if it changes anything: the etag of what it writes.
  virtual int64_t next_revision() const = 0;

  // Writes the contact in place of the one with the same id; its vCard UIDs and former ids become those of the message.
  // Fails with ALREADY_EXISTS (CONTACT_EXISTS) where another contact has one of the UIDs.
  virtual absl::Status PutContact(const storage::v1::StoredContact& contact) = 0;

  // Removes the contact, their seat, acquaintances, UIDs and former ids. Does nothing where there is none.
  virtual absl::Status DeleteContact(const std::string& id) = 0;

  // Remembers that a contact of this id was erased.
  virtual absl::Status MarkErased(const std::string& id) = 0;

  // Erases a contact known by `ids` (their own, and those of contacts that were merged into them): DeleteContact, what
  // requests about them said, ForgetInImports, and MarkErased. Noted in the list of erasures.
  virtual absl::Status EraseContact(const std::vector<std::string>& ids) = 0;

  virtual absl::Status PutSeat(const storage::v1::StoredSeat& seat) = 0;

  virtual absl::Status DeleteSeat(const std::string& contact_id) = 0;

  // Writes or removes that the two know each other; `contact_id` is the smaller of the two ids.
  virtual absl::Status SetAcquaintance(const v1::Acquaintance& acquaintance, bool acquainted) = 0;

  virtual absl::Status PutSettings(const v1::Settings& settings) = 0;

  virtual absl::Status PutRequest(const std::string& request_id, const storage::v1::StoredRequest& request) = 0;

  // Notes one write for the record of accesses. No change of the owner's data by itself.
  virtual absl::Status PutAccess(const audit::storage::v1::StoredAccess& access) = 0;

  // Keeps a part of what an import did that began at `time`, in place of the one of the same number. No change of the
  // owner's data by itself, as what follows.
  virtual absl::Status PutImportPart(const std::string& import_id, absl::Time time, int64_t part,
                                     const storage::v1::StoredImport& what) = 0;

  // Forgets what an import did.
  virtual absl::Status DeleteImport(const std::string& import_id) = 0;

  // Forgets what imports did to the contacts of `ids`.
  virtual absl::Status ForgetInImports(const std::vector<std::string>& ids) = 0;
};

// Storage of contacts. Thread-safe.
//
// Every owner's data stand apart: no function sees or changes those of another.
class ContactsStore : public audit::AccessStore {
 public:
  // Identity of the storage: made with it, and made anew by a restore from backup.
  virtual const std::string& lineage() const = 0;

  // Runs `work` on one snapshot: what it reads is of one revision. Waits for a connection until `deadline`.
  virtual absl::Status Read(const base::Owner& owner, absl::Time deadline,
                            absl::FunctionRef<absl::Status(ContactsSnapshot&)> work) = 0;

  // Runs `work` in a transaction, alone among the writers of this owner, and returns when it is durable: then all of it
  // is, the owner's revision has become one greater, and the outbox says so. Returns the owner's revision. Where
  // nothing was changed, the revision stays. Where `work` fails, nothing is written, and its status is returned. Fails
  // with FAILED_PRECONDITION (OWNER_ERASED) where the owner has a tombstone, with UNAVAILABLE where storage can't be
  // written, with RESOURCE_EXHAUSTED where too many writes wait. `work` may be run more than once.
  virtual absl::StatusOr<int64_t> Write(const base::Owner& owner,
                                        absl::FunctionRef<absl::Status(ContactsTransaction&)> work) = 0;

  // The revisions of `owners`, in their order; 0 for one who has nothing.
  virtual absl::StatusOr<std::vector<int64_t>> Revisions(std::span<const base::Owner> owners, absl::Time deadline) = 0;

  // Erases all that is kept of the owner and leaves a tombstone, which refuses later writes. May be repeated: it goes
  // on where it was interrupted, and does nothing where all is gone. Returns the owner's revision.
  virtual absl::StatusOr<int64_t> EraseOwner(const base::Owner& owner) = 0;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_STORE_H_
