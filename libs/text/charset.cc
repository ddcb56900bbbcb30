#include "libs/text/charset.h"

#include <glib.h>

#include <memory>

#include "absl/strings/match.h"

namespace council::text {
namespace {

struct GFree {
  void operator()(char* text) const { g_free(text); }
};
using GString = std::unique_ptr<char, GFree>;

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

std::string TextOfFile(absl::string_view file) {
  return ToUtf8(WithoutByteOrderMark(file));
}

absl::string_view FirstCharacters(absl::string_view text, size_t most) {
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (begins && ++characters > most) return text.substr(0, at);
  }
  return text;
}

}  // namespace council::text
