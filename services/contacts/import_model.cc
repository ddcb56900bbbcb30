#include "services/contacts/import_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/contacts/contact_merge.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using storage::v1::StoredContact;

bool HasUid(const StoredContact& contact, const std::string& uid) {
  return contact.contact().vcard_uid() == uid ||
         std::ranges::find(contact.merged_vcard_uids(), uid) != contact.merged_vcard_uids().end();
}

void AddDistinct(const std::string& id, std::vector<std::string>& ids) {
  if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
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
    if (record.vcard_uid().empty() || contact.contact().vcard_uid().empty() || HasUid(contact, record.vcard_uid())) {
      return id;
    }
  }
  return {};
}

ImportModel::Outcome ImportModel::Take(const v1::Contact& record) {
  Outcome outcome;
  if (IsOwn(record)) {
    outcome.kind = Outcome::kRefused;
    outcome.reason = "this is your own card, by the e-mail addresses in your settings";
    return outcome;
  }
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
    if (!FillIn(record, *outcome.contact.mutable_contact())) return outcome;
    outcome.kind = Outcome::kUpdated;
  }
  Index(outcome.contact);
  taken_.insert(outcome.contact.contact().id());
  contacts_.insert_or_assign(outcome.contact.contact().id(), outcome.contact);
  return outcome;
}

}  // namespace council::contacts
