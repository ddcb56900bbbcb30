#include "services/contacts/text.h"

#include <glib.h>

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace council::contacts {
namespace {

struct GFree {
  void operator()(char* text) const { g_free(text); }
};
using GString = std::unique_ptr<char, GFree>;

constexpr absl::string_view kWhiteSpace = " \t\r\n\v\f";

// `bytes` from `charset` to UTF-8; empty where they are not text in it or the charset is not known.
std::string Converted(absl::string_view bytes, const std::string& charset) {
  gsize written = 0;
  const GString text(
      g_convert(bytes.data(), static_cast<gssize>(bytes.size()), "UTF-8", charset.c_str(), nullptr, &written, nullptr));
  if (text == nullptr || !IsUtf8({text.get(), written})) return {};
  return {text.get(), written};
}

}  // namespace

bool IsUtf8(absl::string_view text) {
  return g_utf8_validate_len(text.data() == nullptr ? "" : text.data(), text.size(), nullptr) != FALSE;
}

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

std::string ToUtf8(absl::string_view bytes, absl::string_view charset) {
  if (IsUtf8(bytes)) return std::string(bytes);
  if (!charset.empty()) {
    if (absl::EqualsIgnoreCase(charset, "UTF-8")) {
      const GString valid(g_utf8_make_valid(bytes.data(), static_cast<gssize>(bytes.size())));
      return valid.get();
    }
    if (std::string text = Converted(bytes, std::string(charset)); !text.empty()) return text;
  }
  // Five bytes have no meaning in Windows-1252; ISO-8859-1 has one for each.
  if (std::string text = Converted(bytes, "WINDOWS-1252"); !text.empty()) return text;
  if (std::string text = Converted(bytes, "ISO-8859-1"); !text.empty()) return text;
  const GString valid(g_utf8_make_valid(bytes.data(), static_cast<gssize>(bytes.size())));
  return valid.get();
}

std::string WithoutByteOrderMark(absl::string_view file) {
  if (absl::StartsWith(file, "\xEF\xBB\xBF")) return std::string(file.substr(3));
  const char* charset = absl::StartsWith(file, "\xFF\xFE")   ? "UTF-16LE"
                        : absl::StartsWith(file, "\xFE\xFF") ? "UTF-16BE"
                                                             : nullptr;
  if (charset == nullptr) return std::string(file);
  std::string text = Converted(file.substr(2, (file.size() - 2) / 2 * 2), charset);
  return text.empty() ? std::string(file) : text;
}

}  // namespace council::contacts
