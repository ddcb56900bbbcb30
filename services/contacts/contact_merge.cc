#include "services/contacts/contact_merge.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

bool FillText(const std::string& from, std::string* into) {
  if (from.empty() || !into->empty()) return false;
  *into = from;
  return true;
}

// Adds values whose key is missing, until there are `limit`.
template <typename Key>
bool FillList(const Strings& from, size_t limit, Strings* into, Key key) {
  absl::flat_hash_set<std::string> known;
  for (const std::string& value : *into) known.insert(key(value));
  bool added = false;
  for (const std::string& value : from) {
    if (static_cast<size_t>(into->size()) < limit && known.insert(key(value)).second) {
      into->Add()->assign(value);
      added = true;
    }
  }
  return added;
}

std::string Same(const std::string& value) {
  return value;
}

bool FillFacets(const v1::Contact& from, size_t limit, v1::Contact& into) {
  bool added = false;
  for (const auto& [name, value] : from.facets()) {
    if (into.facets().size() < limit && into.mutable_facets()->insert({name, value}).second) added = true;
  }
  return added;
}

// Adds the properties that are missing. A person has one N, and that of `into` stays.
bool FillVcardProperties(const v1::Contact& from, size_t limit, size_t total_limit, v1::Contact& into) {
  size_t total = 0;
  bool has_name = false;
  for (const std::string& line : into.vcard_properties()) {
    total += CountCharacters(line);
    has_name = has_name || IsProperty(line, "N");
  }
  bool added = false;
  for (const std::string& line : from.vcard_properties()) {
    if (has_name && IsProperty(line, "N")) continue;
    if (std::ranges::find(into.vcard_properties(), line) != into.vcard_properties().end()) continue;
    total += CountCharacters(line);
    if (static_cast<size_t>(into.vcard_properties_size()) >= limit || total > total_limit) break;
    into.add_vcard_properties(line);
    added = true;
  }
  return added;
}

// The single values and lists that filling in and merging treat alike.
bool FillCommon(const v1::Contact& from, bool within_limits, v1::Contact& into) {
  const auto limit = [within_limits](size_t count) { return within_limits ? count : SIZE_MAX; };
  bool added = false;
  added |= FillText(from.organization(), into.mutable_organization());
  added |= FillText(from.title(), into.mutable_title());
  added |= FillText(from.location(), into.mutable_location());
  added |= FillText(from.how_met(), into.mutable_how_met());
  added |= FillText(from.directory_subject(), into.mutable_directory_subject());
  added |= FillText(from.vcard_uid(), into.mutable_vcard_uid());
  added |= FillText(from.birthday(), into.mutable_birthday());
  added |= FillList(from.emails(), limit(limits::kEmails), into.mutable_emails(),
                    [](const std::string& email) { return EmailKey(email); });
  added |= FillList(from.phones(), limit(limits::kPhones), into.mutable_phones(),
                    [](const std::string& phone) { return PhoneKey(phone); });
  added |= FillList(from.tags(), limit(limits::kTags), into.mutable_tags(), Same);
  added |= FillFacets(from, limit(limits::kFacets), into);
  added |= FillVcardProperties(from, limit(limits::kVcardProperties), limit(limits::kVcardPropertiesTotal), into);
  return added;
}

// What a status asks for, in the order of how much: one that asks for more takes the place of the other. Two pauses
// are told apart by their days, of which none is the latest.
std::tuple<int, bool, std::string> RestOf(const v1::Contact& contact) {
  const int rest = contact.status() == v1::CONTACT_STATUS_DECEASED     ? 3
                   : contact.status() == v1::CONTACT_STATUS_NO_CONTACT ? 2
                   : contact.status() == v1::CONTACT_STATUS_PAUSED     ? 1
                                                                       : 0;
  return {rest, contact.paused_until().empty(), contact.paused_until()};
}

void TakeStatus(const v1::Contact& from, v1::Contact& into) {
  into.set_status(from.status());
  into.set_paused_until(from.paused_until());
}

// Whether the record has no DEATHDATE, or one that `known` lacks.
bool HasNewsOfDeath(const v1::Contact& record, const v1::Contact& known) {
  bool has_day = false;
  for (const std::string& line : record.vcard_properties()) {
    if (!IsProperty(line, "DEATHDATE")) continue;
    if (std::ranges::find(known.vcard_properties(), line) == known.vcard_properties().end()) return true;
    has_day = true;
  }
  return !has_day;
}

void AddDistinct(const std::string& value, Strings* values) {
  if (!value.empty() && std::ranges::find(*values, value) == values->end()) values->Add()->assign(value);
}

}  // namespace

std::string NameKey(const std::string& display_name, const std::string& organization) {
  return absl::StrCat(Folded(display_name), "\n", Folded(organization));
}

std::string NameWordsKey(const std::string& display_name) {
  std::string bare = Folded(display_name);
  std::ranges::replace_if(
      bare, [](unsigned char c) { return c < 0x80 && !absl::ascii_isalnum(c); }, ' ');
  std::vector<std::string> words = absl::StrSplit(bare, ' ', absl::SkipEmpty());
  std::ranges::sort(words);
  return absl::StrJoin(words, " ");
}

bool FillIn(const v1::Contact& record, v1::Contact& known) {
  const bool takes_death = HasNewsOfDeath(record, known);
  bool added = FillCommon(record, true, known);
  added |= FillText(record.notes(), known.mutable_notes());
  // A file never revives anybody, nor takes back what the owner has said.
  if (!IsOffCouncil(record.status()) || IsOffCouncil(known.status())) return added;
  if (record.status() == v1::CONTACT_STATUS_DECEASED && !takes_death) return added;
  TakeStatus(record, known);
  return true;
}

void Unite(const storage::v1::StoredContact& from, storage::v1::StoredContact& into) {
  const v1::Contact& gone = from.contact();
  v1::Contact& stays = *into.mutable_contact();
  if (gone.vcard_uid() != stays.vcard_uid() && !stays.vcard_uid().empty()) {
    AddDistinct(gone.vcard_uid(), into.mutable_merged_vcard_uids());
  }
  FillCommon(gone, false, stays);
  if (RestOf(gone) > RestOf(stays)) TakeStatus(gone, stays);
  if (!gone.notes().empty() && gone.notes() != stays.notes()) {
    stays.set_notes(stays.notes().empty() ? gone.notes() : absl::StrCat(stays.notes(), "\n\n", gone.notes()));
  }
  AddDistinct(gone.id(), stays.mutable_former_ids());
  for (const std::string& id : gone.former_ids()) AddDistinct(id, stays.mutable_former_ids());
  for (const std::string& uid : from.merged_vcard_uids()) AddDistinct(uid, into.mutable_merged_vcard_uids());
  AddDistinct(NameKey(gone.display_name(), gone.organization()), into.mutable_merged_name_keys());
  for (const std::string& key : from.merged_name_keys()) AddDistinct(key, into.mutable_merged_name_keys());
}

}  // namespace council::contacts
