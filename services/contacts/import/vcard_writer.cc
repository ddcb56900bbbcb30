#include "services/contacts/import/vcard_writer.h"

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/import/vcard_names.h"
#include "services/contacts/import/vcard_property.h"

namespace council::contacts {
namespace {

constexpr size_t kLongestLine = 75;  // octets, RFC 6350 section 3.2

// Appends one content line, folded where it is long, never within a character.
void AppendLine(std::string* card, absl::string_view line) {
  size_t room = kLongestLine;
  while (line.size() > room) {
    size_t length = room;
    while (length > 1 && (static_cast<unsigned char>(line[length]) & 0xC0) == 0x80) --length;
    absl::StrAppend(card, line.substr(0, length), "\r\n ");
    line.remove_prefix(length);
    room = kLongestLine - 1;
  }
  absl::StrAppend(card, line, "\r\n");
}

void AppendText(std::string* card, absl::string_view name, absl::string_view text) {
  if (!text.empty()) AppendLine(card, absl::StrCat(name, ":", EscapeVcardText(text)));
}

// 19800322 of 1980-03-22, --0322 of --03-22: the form that vCard 4.0 has for both.
std::string BasicDate(const std::string& date) {
  if (date.size() < 2) return date;
  return absl::StrCat(date.substr(0, 2), absl::StrReplaceAll(date.substr(2), {{"-", ""}}));
}

bool Keeps(const v1::Contact& contact, absl::string_view name) {
  return std::ranges::any_of(contact.vcard_properties(),
                             [name](const std::string& line) { return IsProperty(line, name); });
}

// Whether a kept ORG has the organization as its first component.
bool KeepsOrganization(const v1::Contact& contact) {
  return std::ranges::any_of(contact.vcard_properties(), [&contact](const std::string& line) {
    if (!IsProperty(line, "ORG")) return false;
    const auto property = ParseVcardProperty(line);
    return property.has_value() && property->values.front() == contact.organization();
  });
}

}  // namespace

std::string WriteVcard(const v1::Contact& contact) {
  std::string card;
  AppendLine(&card, "BEGIN:VCARD");
  AppendLine(&card, "VERSION:4.0");
  AppendText(&card, "FN", contact.display_name());
  for (const std::string& email : contact.emails()) AppendText(&card, "EMAIL", email);
  for (const std::string& phone : contact.phones()) AppendText(&card, "TEL", phone);
  AppendText(&card, KeepsOrganization(contact) ? vcard::kOrganization : "ORG", contact.organization());
  AppendText(&card, "TITLE", contact.title());
  if (Keeps(contact, "ADR")) {
    AppendText(&card, vcard::kLocation, contact.location());
  } else if (!contact.location().empty()) {
    AppendLine(&card, absl::StrCat("ADR:;;;", EscapeVcardText(contact.location()), ";;;"));
  }
  AppendText(&card, "NOTE", contact.notes());
  AppendText(&card, "BDAY", BasicDate(contact.birthday()));
  AppendText(&card, "UID", contact.vcard_uid());
  if (contact.tags_size() > 0) {
    AppendLine(&card, absl::StrCat("CATEGORIES:",
                                   absl::StrJoin(contact.tags(), ",", [](std::string* out, const std::string& tag) {
                                     out->append(EscapeVcardText(tag));
                                   })));
  }
  AppendText(&card, vcard::kHowMet, contact.how_met());
  const std::map<std::string, std::string> facets(contact.facets().begin(), contact.facets().end());
  for (const auto& [name, value] : facets) {
    AppendLine(&card, absl::StrCat(vcard::kFacet, ";NAME=\"", name, "\":", EscapeVcardText(value)));
  }
  AppendText(&card, vcard::kDirectorySubject, contact.directory_subject());
  if (contact.status() != v1::CONTACT_STATUS_UNSPECIFIED) {
    AppendText(&card, vcard::kStatus, absl::StripPrefix(v1::ContactStatus_Name(contact.status()), "CONTACT_STATUS_"));
  }
  AppendText(&card, vcard::kPausedUntil, contact.paused_until());
  AppendLine(&card, absl::StrCat(vcard::kKept, ":1"));
  for (const std::string& line : contact.vcard_properties()) AppendLine(&card, line);
  AppendLine(&card, "END:VCARD");
  return card;
}

}  // namespace council::contacts
