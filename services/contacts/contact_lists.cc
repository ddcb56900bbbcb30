#include "services/contacts/contact_lists.h"

#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contact_merge.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

constexpr size_t kLargestGroup = 20;
// Shorter numbers are extensions, which many people share.
constexpr size_t kShortestPhone = 7;

bool Matches(const v1::Contact& contact, const std::vector<std::string>& words) {
  std::string text = absl::StrCat(contact.display_name(), "\n", contact.organization(), "\n", contact.title(), "\n",
                                  contact.location());
  for (const std::string& email : contact.emails()) absl::StrAppend(&text, "\n", email);
  for (const std::string& tag : contact.tags()) absl::StrAppend(&text, "\n", tag);
  const std::string folded = Folded(text);
  return std::ranges::all_of(words,
                             [&folded](const std::string& word) { return folded.find(word) != std::string::npos; });
}

int FilledIn(const v1::Contact& contact) {
  return contact.emails_size() + contact.phones_size() + contact.tags_size() +
         static_cast<int>(contact.facets().size()) + !contact.organization().empty() + !contact.title().empty() +
         !contact.location().empty() + !contact.notes().empty() + !contact.how_met().empty() +
         !contact.birthday().empty();
}

// Contacts that have something in common, by what that is.
using Groups = std::map<std::string, std::vector<const v1::Contact*>>;

bool HaveTwoOrganizations(const std::vector<const v1::Contact*>& contacts) {
  std::set<std::string> organizations;
  for (const v1::Contact* contact : contacts) {
    if (!contact->organization().empty()) organizations.insert(Folded(contact->organization()));
  }
  return organizations.size() > 1;
}

}  // namespace

absl::StatusOr<ContactOrder> ParseOrder(const std::string& order_by) {
  ContactOrder order;
  absl::string_view key = order_by;
  order.descending = absl::ConsumeSuffix(&key, " desc");
  if (key == "create_time") {
    order.key = ContactOrder::Key::kCreateTime;
  } else if (key == "update_time") {
    order.key = ContactOrder::Key::kUpdateTime;
  } else if (key != "display_name" && !order_by.empty()) {
    return base::InvalidField("order_by",
                              "must be display_name, create_time or update_time, or one of them and \" desc\"");
  }
  return order;
}

std::vector<v1::Contact> Selected(std::vector<v1::Contact> contacts, const std::string& filter, ContactOrder order) {
  const std::vector<std::string> words = absl::StrSplit(Folded(filter), ' ', absl::SkipWhitespace());
  struct Entry {
    std::string name;
    absl::Time time;
    v1::Contact contact;
  };
  std::vector<Entry> entries;
  for (v1::Contact& contact : contacts) {
    if (!Matches(contact, words)) continue;
    Entry entry;
    if (order.key == ContactOrder::Key::kDisplayName) {
      entry.name = Folded(contact.display_name());
    } else {
      entry.time =
          base::FromProto(order.key == ContactOrder::Key::kCreateTime ? contact.create_time() : contact.update_time());
    }
    entry.contact = std::move(contact);
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, [&order](const Entry& a, const Entry& b) {
    const Entry& first = order.descending ? b : a;
    const Entry& second = order.descending ? a : b;
    if (first.name != second.name) return first.name < second.name;
    if (first.time != second.time) return first.time < second.time;
    return a.contact.id() < b.contact.id();
  });
  std::vector<v1::Contact> selected;
  selected.reserve(entries.size());
  for (Entry& entry : entries) selected.push_back(std::move(entry.contact));
  return selected;
}

std::vector<v1::DuplicateGroup> Duplicates(const std::vector<v1::Contact>& contacts, size_t limit) {
  Groups by_email;
  Groups by_name;
  Groups by_phone;
  for (const v1::Contact& contact : contacts) {
    for (const std::string& email : contact.emails()) by_email[EmailKey(email)].push_back(&contact);
    if (const std::string key = NameWordsKey(contact.display_name()); !key.empty()) by_name[key].push_back(&contact);
    std::set<std::string> numbers;
    for (const std::string& phone : contact.phones()) numbers.insert(PhoneKey(phone));
    for (const std::string& number : numbers) {
      if (number.size() >= kShortestPhone) by_phone[number].push_back(&contact);
    }
  }

  std::vector<v1::DuplicateGroup> duplicates;
  std::set<std::vector<const v1::Contact*>> seen;
  const auto add = [&](const Groups& groups, const auto& reason) {
    for (const auto& [key, group] : groups) {
      if (group.size() < 2 || duplicates.size() == limit) continue;
      std::vector<const v1::Contact*> members = group;
      if (!seen.insert(members).second) continue;
      std::ranges::stable_sort(members, std::ranges::greater(),
                               [](const v1::Contact* contact) { return FilledIn(*contact); });
      if (members.size() > kLargestGroup) members.resize(kLargestGroup);
      v1::DuplicateGroup& duplicate = duplicates.emplace_back();
      duplicate.set_reason(reason(key, *members.front()));
      for (const v1::Contact* contact : members) *duplicate.add_contacts() = *contact;
    }
  };
  add(by_email, [](const std::string& key, const v1::Contact&) { return absl::StrCat("same e-mail address ", key); });
  std::erase_if(by_name, [](const auto& group) { return HaveTwoOrganizations(group.second); });
  add(by_name, [](const std::string&, const v1::Contact& contact) {
    return absl::StrCat("same name ", contact.display_name());
  });
  add(by_phone, [](const std::string& key, const v1::Contact&) { return absl::StrCat("same phone number ", key); });
  return duplicates;
}

}  // namespace council::contacts
