#include "services/contacts/import_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/contacts/contact_merge.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using storage::v1::StoredContact;

constexpr int kMostUids = 50;
// Contacts that are found by one address or name: what more of them share says nothing about who somebody is.
constexpr size_t kMostAlike = 20;

bool HasUid(const StoredContact& contact, const std::string& uid) {
  return contact.contact().vcard_uid() == uid ||
         std::ranges::find(contact.merged_vcard_uids(), uid) != contact.merged_vcard_uids().end();
}

// The address of a profile, as against the UID of a card.
bool IsProfile(const std::string& uid) {
  return absl::StartsWithIgnoreCase(uid, "http://") || absl::StartsWithIgnoreCase(uid, "https://");
}

// Whether the contact is known not to be the one with `uid`.
bool HasOtherUidOfThatKind(const StoredContact& contact, const std::string& uid) {
  if (uid.empty() || HasUid(contact, uid)) return false;
  const auto other = [&uid](const std::string& known) { return !known.empty() && IsProfile(known) == IsProfile(uid); };
  return other(contact.contact().vcard_uid()) || std::ranges::any_of(contact.merged_vcard_uids(), other);
}

// False where the contact has the UID already, or so many that one more is not kept.
bool RememberUid(const std::string& uid, StoredContact& contact) {
  if (uid.empty() || HasUid(contact, uid) || contact.merged_vcard_uids_size() >= kMostUids) return false;
  contact.add_merged_vcard_uids(uid);
  return true;
}

void AddDistinct(const std::string& id, std::vector<std::string>& ids) {
  if (ids.size() < kMostAlike && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

}  // namespace

ImportModel::ImportModel(std::vector<StoredContact> contacts, const v1::Settings& settings, size_t limit,
                         std::function<void(v1::Contact&)> new_contact, Taken taken)
    : limit_(limit), new_contact_(std::move(new_contact)), taken_(std::move(taken)) {
  for (const std::string& email : settings.own_emails()) own_emails_.insert(EmailKey(email));
  for (StoredContact& contact : contacts) {
    Index(contact);
    std::string id = contact.contact().id();
    contacts_.insert({std::move(id), std::move(contact)});
  }
}

void ImportModel::Index(const StoredContact& stored) {
  const v1::Contact& contact = stored.contact();
  if (!contact.vcard_uid().empty()) by_uid_[contact.vcard_uid()] = contact.id();
  for (const std::string& uid : stored.merged_vcard_uids()) by_uid_[uid] = contact.id();
  for (const std::string& email : contact.emails()) AddDistinct(contact.id(), by_email_[EmailKey(email)]);
  AddDistinct(contact.id(), by_name_[NameKey(contact.display_name(), contact.organization())]);
  for (const std::string& key : stored.merged_name_keys()) AddDistinct(contact.id(), by_name_[key]);
}

bool ImportModel::IsOwn(const v1::Contact& record) const {
  return std::ranges::any_of(record.emails(),
                             [this](const std::string& email) { return own_emails_.contains(EmailKey(email)); });
}

std::string ImportModel::Find(const v1::Contact& record) const {
  if (!record.vcard_uid().empty()) {
    if (const auto known = by_uid_.find(record.vcard_uid()); known != by_uid_.end()) return known->second;
  }
  const std::string name = NameWordsKey(record.display_name());
  std::string by_address;
  for (const std::string& email : record.emails()) {
    const auto known = by_email_.find(EmailKey(email));
    if (known == by_email_.end()) continue;
    for (const std::string& id : known->second) {
      if (NameWordsKey(contacts_.at(id).contact().display_name()) == name) return id;
      if (by_address.empty() && !taken_.contains(id)) by_address = id;
    }
  }
  if (!by_address.empty()) return by_address;
  const auto known = by_name_.find(NameKey(record.display_name(), record.organization()));
  if (known == by_name_.end()) return {};
  for (const std::string& id : known->second) {
    const StoredContact& contact = contacts_.at(id);
    if (!HasOtherUidOfThatKind(contact, record.vcard_uid())) return id;
  }
  return {};
}

ImportModel::Outcome ImportModel::Take(const v1::Contact& record) {
  Outcome outcome;
  if (IsOwn(record)) return outcome;
  const std::string id = Find(record);
  if (id.empty()) {
    if (contacts_.size() >= limit_) {
      outcome.kind = Outcome::kRefused;
      outcome.reason = absl::StrCat("there are ", limit_, " contacts already, and no more are kept");
      return outcome;
    }
    outcome.kind = Outcome::kCreated;
    *outcome.contact.mutable_contact() = record;
    new_contact_(*outcome.contact.mutable_contact());
  } else {
    taken_.insert(id);
    outcome.contact = contacts_.at(id);
    const bool filled_in = FillIn(record, *outcome.contact.mutable_contact());
    if (!RememberUid(record.vcard_uid(), outcome.contact) && !filled_in) return outcome;
    outcome.kind = Outcome::kUpdated;
  }
  Index(outcome.contact);
  taken_.insert(outcome.contact.contact().id());
  contacts_.insert_or_assign(outcome.contact.contact().id(), outcome.contact);
  return outcome;
}

}  // namespace council::contacts
