#include "services/contacts/import/vcard_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/import/vcard_names.h"
#include "services/contacts/import/vcard_property.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

// "Prof. Ada King Lovelace" from N's family; given; additional; prefix; suffix.
std::string NameFromComponents(const VcardProperty& n) {
  constexpr std::array<size_t, 5> kOrder = {3, 1, 2, 0, 4};
  std::vector<std::string> parts;
  for (const size_t i : kOrder) {
    if (i < n.values.size()) {
      if (std::string part = Trimmed(n.values[i]); !part.empty()) parts.push_back(std::move(part));
    }
  }
  return absl::StrJoin(parts, " ");
}

std::string LocationFromAddress(const VcardProperty& adr) {
  std::vector<std::string> parts;
  for (const size_t i : {vcard::kAdrLocality, vcard::kAdrRegion, vcard::kAdrCountry}) {
    if (i < adr.values.size()) {
      if (std::string part = Trimmed(adr.values[i]); !part.empty()) parts.push_back(std::move(part));
    }
  }
  return absl::StrJoin(parts, ", ");
}

// "+1-418-656-9254 ext. 102" from "tel:+1-418-656-9254;ext=102".
std::string PhoneFromUri(absl::string_view value) {
  if (!absl::StartsWithIgnoreCase(value, "tel:")) return std::string(value);
  return absl::StrReplaceAll(value.substr(4), {{";ext=", " ext. "}});
}

absl::string_view WithoutMailto(absl::string_view value) {
  return absl::StartsWithIgnoreCase(value, "mailto:") ? value.substr(7) : value;
}

bool IsEmpty(const VcardProperty& property) {
  return std::ranges::all_of(property.values, [](const std::string& value) { return Trimmed(value).empty(); });
}

// What says something about the card or its writer, not about the person.
bool IsOfNoInterest(absl::string_view name) {
  static const absl::flat_hash_set<absl::string_view> kNames = {"PRODID", "REV", "AGENT", "KIND"};
  return kNames.contains(name);
}

// Reads one card into a contact.
class CardReader {
 public:
  explicit CardReader(const RawCard& card) : card_(card), builder_(card.line) {
    own_ = std::ranges::any_of(card.properties, [](const std::string& line) { return IsProperty(line, vcard::kKept); });
  }

  FileRecord Read() {
    if (card_.left_out > 0) {
      builder_.LeaveOut(absl::StrCat(card_.left_out, " properties of the card are too long, or too many: left out"));
    }
    bool kept = false;
    for (const std::string& line : card_.properties) {
      if (IsProperty(line, "VERSION")) continue;
      const std::optional<VcardProperty> property = IsContentLine(line) ? ParseVcardProperty(line) : std::nullopt;
      if (!property.has_value()) {
        builder_.LeaveOut("a line of the card is not a property (NAME:value)");
      } else if (kept) {
        builder_.AddVcardProperty(ToUtf8(line));
      } else if (property->name == vcard::kKept) {
        kept = true;
      } else if (IsGroup(*property)) {
        return LeftOutRecord(card_.line, "a group of contacts, not a person");
      } else if (!IsEmpty(*property) && !IsOfNoInterest(property->name)) {
        if (own_) {
          TakeOwn(*property);
        } else {
          Take(*property);
        }
      }
    }
    if (builder_.contact().display_name().empty()) builder_.SetName(components_);
    if (builder_.contact().display_name().empty()) builder_.SetName(nickname_);
    return builder_.Finish(!own_);
  }

 private:
  static bool IsGroup(const VcardProperty& property) {
    if (property.name == "KIND" || property.name == "X-ADDRESSBOOKSERVER-KIND") {
      return absl::EqualsIgnoreCase(property.Text(), "group");
    }
    return property.name == "X-EVOLUTION-LIST" && absl::EqualsIgnoreCase(property.Text(), "true");
  }

  // A property that reads the same in any card. False where it is none of them.
  bool TakeCommon(const VcardProperty& property) {
    if (property.name == "EMAIL") {
      builder_.AddEmail(WithoutMailto(property.Text()));
    } else if (property.name == "TEL") {
      builder_.AddPhone(PhoneFromUri(property.Text()));
    } else if (property.name == "NOTE") {
      builder_.AddNote(property.Text());
    } else {
      return false;
    }
    return true;
  }

  void Take(const VcardProperty& property) {
    if (TakeCommon(property)) return;
    bool told = false;  // the contact's field says all that the property does
    if (property.name == "FN") {
      told = builder_.SetName(property.Text());
    } else if (property.name == "N") {
      components_ = NameFromComponents(property);
    } else if (property.name == "NICKNAME") {
      nickname_ = property.Text();
    } else if (property.name == "ORG") {
      told = builder_.SetOrganization(property.values.front()) &&
             std::ranges::all_of(property.values.begin() + 1, property.values.end(),
                                 [](const std::string& unit) { return Trimmed(unit).empty(); });
    } else if (property.name == "TITLE") {
      told = builder_.SetTitle(property.Text());
    } else if (property.name == "ADR") {
      builder_.SetLocation(LocationFromAddress(property));
    } else if (property.name == "BDAY") {
      told = builder_.SetBirthday(property.Text());
    } else if (property.name == "DEATHDATE") {
      builder_.contact().set_status(v1::CONTACT_STATUS_DECEASED);
    } else if (property.name == "UID") {
      told = builder_.SetUid(property.Text());
    } else if (property.name == "CATEGORIES") {
      for (const std::string& value : property.values) {
        // Some programs escape the commas between categories.
        for (const absl::string_view tag : absl::StrSplit(value, ',')) {
          // The group in which Android and Google keep everybody.
          if (!absl::EqualsIgnoreCase(Trimmed(tag), "My Contacts") && !absl::StrContains(tag, "myContacts")) {
            builder_.AddTag(tag);
          }
        }
      }
      told = true;
    }
    if (!told) builder_.AddVcardProperty(property.line);
  }

  // A field of a card that Council wrote.
  void TakeOwn(const VcardProperty& property) {
    if (TakeCommon(property)) return;
    const std::string text = property.Text();
    if (property.name == "FN") {
      builder_.SetName(text);
    } else if (property.name == "ORG" || property.name == vcard::kOrganization) {
      builder_.SetOrganization(text);
    } else if (property.name == "TITLE") {
      builder_.SetTitle(text);
    } else if (property.name == "ADR") {
      if (property.values.size() > vcard::kAdrLocality) builder_.SetLocation(property.values[vcard::kAdrLocality]);
    } else if (property.name == vcard::kLocation) {
      builder_.SetLocation(text);
    } else if (property.name == "BDAY") {
      builder_.SetBirthday(text);
    } else if (property.name == "UID") {
      builder_.SetUid(text);
    } else if (property.name == "CATEGORIES") {
      for (const std::string& tag : property.values) builder_.AddTag(tag);
    } else if (property.name == vcard::kHowMet) {
      builder_.SetHowMet(text);
    } else if (property.name == vcard::kFacet) {
      builder_.SetFacet(property.Parameter("NAME"), text);
    } else if (property.name == vcard::kDirectorySubject) {
      builder_.contact().set_directory_subject(text);
    } else if (property.name == vcard::kPausedUntil) {
      builder_.contact().set_paused_until(text);
    } else if (property.name == vcard::kStatus) {
      v1::ContactStatus status = v1::CONTACT_STATUS_UNSPECIFIED;
      if (v1::ContactStatus_Parse(absl::StrCat("CONTACT_STATUS_", text), &status))
        builder_.contact().set_status(status);
    } else {
      builder_.AddVcardProperty(property.line);
    }
  }

  const RawCard& card_;
  ContactBuilder builder_;
  bool own_ = false;  // Council wrote the card
  std::string components_;
  std::string nickname_;
};

}  // namespace

void ReadVcards(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take) {
  ForEachCard(bytes, [&](RawCard card) {
    if (card.broken.empty()) return take(CardReader(card).Read());
    return take(LeftOutRecord(card.line, std::move(card.broken)));
  });
}

}  // namespace council::contacts
