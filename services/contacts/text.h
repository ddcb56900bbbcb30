#ifndef COUNCIL_SERVICES_CONTACTS_TEXT_H_
#define COUNCIL_SERVICES_CONTACTS_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// What contacts ask of Unicode text. All of it takes and gives UTF-8.
namespace council::contacts {

// Whether `text` is well-formed UTF-8 without NUL.
bool IsUtf8(absl::string_view text);

// Number of characters (code points) of well-formed text.
size_t CountCharacters(absl::string_view text);

// `text` without white space at its ends.
std::string Trimmed(absl::string_view text);

// `text` in a form in which spellings that differ in case, accents or composition alone are equal: "José" and "jose".
// For searching and comparing names, never for showing.
std::string Folded(absl::string_view text);

// The form in which e-mail addresses are compared: without case.
std::string EmailKey(absl::string_view email);

// The form in which phone numbers are compared: letters and digits, and a leading plus sign.
std::string PhoneKey(absl::string_view phone);

// Bytes of a file as UTF-8: as they are where they are UTF-8, else from `charset` (an IANA name) where it is known and
// they are text in it, else from Windows-1252, which is also Latin-1's superset.
std::string ToUtf8(absl::string_view bytes, absl::string_view charset = {});

// A whole file without its byte-order mark; UTF-16 with a mark becomes UTF-8. Other bytes stay as they are.
std::string WithoutByteOrderMark(absl::string_view file);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_TEXT_H_
