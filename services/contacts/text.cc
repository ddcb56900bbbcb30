#include "services/contacts/text.h"

#include <glib.h>

#include <memory>

#include "absl/strings/ascii.h"

namespace council::contacts {
namespace {

struct GFree {
  void operator()(char* text) const { g_free(text); }
};
using GString = std::unique_ptr<char, GFree>;

constexpr absl::string_view kWhiteSpace = " \t\r\n\v\f";

}  // namespace

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string Trimmed(absl::string_view text) {
  const size_t first = text.find_first_not_of(kWhiteSpace);
  if (first == absl::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1));
}

std::string Folded(absl::string_view text) {
  const GString decomposed(g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_ALL));
  if (decomposed == nullptr) return absl::AsciiStrToLower(text);
  std::string bare;
  for (const char* p = decomposed.get(); *p != '\0'; p = g_utf8_next_char(p)) {
    if (g_unichar_combining_class(g_utf8_get_char(p)) == 0)
      bare.append(p, static_cast<size_t>(g_utf8_next_char(p) - p));
  }
  const GString folded(g_utf8_casefold(bare.data(), static_cast<gssize>(bare.size())));
  return folded.get();
}

std::string EmailKey(absl::string_view email) {
  const GString folded(g_utf8_casefold(email.data(), static_cast<gssize>(email.size())));
  return folded.get();
}

std::string PhoneKey(absl::string_view phone) {
  std::string key;
  for (const char c : phone) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || (c == '+' && key.empty()) ||
        (static_cast<unsigned char>(c) & 0x80) != 0) {
      key.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
  }
  return key;
}

}  // namespace council::contacts
