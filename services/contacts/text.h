#ifndef COUNCIL_SERVICES_CONTACTS_TEXT_H_
#define COUNCIL_SERVICES_CONTACTS_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "libs/text/charset.h"

// What contacts ask of Unicode text. All of it takes and gives UTF-8.
namespace council::contacts {

using text::FirstCharacters;
using text::IsUtf8;
using text::TextOfFile;
using text::ToUtf8;
using text::WithoutByteOrderMark;

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

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_TEXT_H_
