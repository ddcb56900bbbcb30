#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_PROPERTY_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_PROPERTY_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace council::contacts {

// One property of a card, decoded.
struct VcardProperty {
  // "item1" in "item1.EMAIL:…"; else empty.
  std::string group;
  // Upper case.
  std::string name;
  // Names in upper case, without ENCODING and CHARSET.
  std::vector<std::pair<std::string, std::vector<std::string>>> parameters;
  // The value's components as UTF-8, parted at its semicolons (CATEGORIES: at its commas), unescaped. At least one.
  std::vector<std::string> values;
  // The property as a content line of vCard 4.0.
  std::string line;

  // All components as one text.
  std::string Text() const;
  // The first value of a parameter (upper case); empty where it has none.
  std::string Parameter(absl::string_view parameter) const;
};

// Reads one unfolded content line of any vCard version with libebook-contacts: group, parameters, quoted-printable,
// charset, escapes. Bytes that are not UTF-8 are read as their CHARSET says, else as Windows-1252. Unset where it is no
// property, has no name, its name and parameters are longer than 4 KiB, or its value has more than 500 parts.
std::optional<VcardProperty> ParseVcardProperty(absl::string_view line);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_PROPERTY_H_
