#include "clients/cli/sure_duplicates.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

using contacts::v1::Contact;

// Shorter numbers are extensions, which many people share.
constexpr size_t kShortestPhone = 7;

std::string NameKey(const std::string& name) {
  std::string bare = Fold(name);
  std::replace_if(
      bare.begin(), bare.end(), [](unsigned char c) { return c < 0x80 && !absl::ascii_isalnum(c); }, ' ');
  std::vector<std::string> words = absl::StrSplit(bare, ' ', absl::SkipEmpty());
  std::sort(words.begin(), words.end());
  return absl::StrJoin(words, " ");
}

std::string PhoneKey(const std::string& phone) {
  std::string key;
  for (const char c : phone) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c == '+' && key.empty())) key.push_back(c);
  }
  return key;
}

// By what a contact is known to be the same person as another one.
std::vector<std::string> KeysOf(const Contact& contact) {
  const std::string name = NameKey(contact.display_name());
  std::vector<std::string> keys;
  if (name.empty()) return keys;
  for (const std::string& email : contact.emails()) keys.push_back(absl::StrCat(name, "\n", Fold(email)));
  for (const std::string& phone : contact.phones()) {
    const std::string number = PhoneKey(phone);
    if (number.size() >= kShortestPhone) keys.push_back(absl::StrCat(name, "\n", number));
  }
  return keys;
}

}  // namespace

std::vector<std::vector<Contact>> SureDuplicates(const std::vector<Contact>& contacts) {
  // Each points to an earlier one of its group; the first to itself.
  std::vector<size_t> earlier(contacts.size());
  const auto first = [&earlier](size_t i) {
    while (earlier[i] != i) i = earlier[i] = earlier[earlier[i]];
    return i;
  };
  std::map<std::string, size_t> by_key;
  for (size_t i = 0; i < contacts.size(); ++i) {
    earlier[i] = i;
    for (const std::string& key : KeysOf(contacts[i])) {
      const size_t one = first(by_key.try_emplace(key, i).first->second);
      const size_t other = first(i);
      earlier[std::max(one, other)] = std::min(one, other);
    }
  }
  std::map<size_t, std::vector<Contact>> groups;
  for (size_t i = 0; i < contacts.size(); ++i) groups[first(i)].push_back(contacts[i]);
  std::vector<std::vector<Contact>> duplicates;
  for (auto& [at, group] : groups) {
    if (group.size() < 2) continue;
    std::stable_sort(group.begin(), group.end(),
                     [](const Contact& a, const Contact& b) { return a.ByteSizeLong() > b.ByteSizeLong(); });
    duplicates.push_back(std::move(group));
  }
  return duplicates;
}

}  // namespace council::cli
