#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_MODEL_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_MODEL_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "council/contacts/v1/contacts.pb.h"
#include "services/contacts/contacts_storage.pb.h"

namespace council::contacts {

// An owner's contacts while a file is imported: finds the contact that a record is about, and says what becomes of it.
//
// A record is about the contact with its vCard UID; else about one with an e-mail address of its own, first one of the
// same name; else about one with the same name and organization and no other UID of the same kind (a profile's address,
// as LinkedIn gives it, is an identity of another kind than a card's UID). Within one file, two records that share no
// more than an address (of an office, of a family) are two people. Of contacts with one address or one name the first
// twenty are looked at. A contact remembers all UIDs by which it came. The owner's own card makes no contact and is
// taken as known.
class ImportModel {
 public:
  // What a record changes.
  struct Outcome {
    enum Kind { kCreated, kUpdated, kUnchanged, kRefused } kind = kUnchanged;
    // The contact to be written, for kCreated and kUpdated.
    storage::v1::StoredContact contact;
    // Why the record makes no contact, for kRefused.
    std::string reason;
  };

  // Contacts that records of a file were about.
  using Taken = absl::flat_hash_set<std::string>;

  // `new_contact` gives a record its id and times when a contact is made of it. At most `limit` contacts are kept.
  // `taken`: of the earlier part of the same file.
  ImportModel(std::vector<storage::v1::StoredContact> contacts, const v1::Settings& settings, size_t limit,
              std::function<void(v1::Contact&)> new_contact, Taken taken);

  // What becomes of a record of the file. The model then has the contact as the outcome says.
  Outcome Take(const v1::Contact& record);

  const Taken& taken() const { return taken_; }

 private:
  void Index(const storage::v1::StoredContact& contact);
  // The contact that the record is about; empty where there is none.
  std::string Find(const v1::Contact& record) const;
  bool IsOwn(const v1::Contact& record) const;

  const size_t limit_;
  const std::function<void(v1::Contact&)> new_contact_;
  absl::flat_hash_map<std::string, storage::v1::StoredContact> contacts_;
  absl::flat_hash_map<std::string, std::string> by_uid_;
  absl::flat_hash_map<std::string, std::vector<std::string>> by_email_;
  absl::flat_hash_map<std::string, std::vector<std::string>> by_name_;
  absl::flat_hash_set<std::string> own_emails_;
  Taken taken_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_MODEL_H_
