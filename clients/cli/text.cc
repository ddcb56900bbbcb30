#include "clients/cli/text.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace council::cli {
namespace {

std::unique_ptr<icu::Transliterator> MakeFolder() {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> folder(icu::Transliterator::createInstance(
      "NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower; NFC", UTRANS_FORWARD, error));
  return U_SUCCESS(error) ? std::move(folder) : nullptr;
}

// The code point at `i`, which is moved behind it.
UChar32 Next(const std::string& text, int32_t& i) {
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(text.data(), i, static_cast<int32_t>(text.size()), c);
  return c;
}

int WidthOf(UChar32 c) {
  const int type = u_charType(c);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

// The longest start of `text` that fits into `columns`, in bytes.
size_t Fitting(const std::string& text, int columns) {
  int32_t i = 0;
  int width = 0;
  while (i < static_cast<int32_t>(text.size())) {
    const int32_t start = i;
    width += WidthOf(Next(text, i));
    if (width > columns) return start;
  }
  return text.size();
}

}  // namespace

std::string Fold(const std::string& text) {
  static const std::unique_ptr<icu::Transliterator> folder = MakeFolder();
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(text);
  if (folder) {
    folder->transliterate(unicode);
  } else {
    unicode.toLower();
  }
  std::string folded;
  unicode.toUTF8String(folded);
  std::string result;
  bool space = false;
  for (const char c : folded) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      space = !result.empty();
    } else {
      if (space) result += ' ';
      space = false;
      result += c;
    }
  }
  return result;
}

int DisplayWidth(const std::string& text) {
  int width = 0;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) width += WidthOf(Next(text, i));
  return width;
}

std::string Truncate(const std::string& text, int columns) {
  if (DisplayWidth(text) <= columns) return text;
  std::string cut = text.substr(0, Fitting(text, columns - 1));
  while (!cut.empty() && cut.back() == ' ') cut.pop_back();
  return cut + "…";
}

std::string Pad(const std::string& text, int columns, bool right) {
  const int missing = columns - DisplayWidth(text);
  if (missing <= 0) return text;
  const std::string spaces(static_cast<size_t>(missing), ' ');
  return right ? spaces + text : text + spaces;
}

std::vector<std::string> Wrap(const std::string& text, int columns) {
  std::vector<std::string> lines;
  std::string line;
  size_t at = 0;
  while (at < text.size()) {
    const size_t space = text.find(' ', at);
    std::string word = text.substr(at, space == std::string::npos ? std::string::npos : space - at);
    at = space == std::string::npos ? text.size() : space + 1;
    if (word.empty()) continue;
    if (!line.empty() && DisplayWidth(line) + 1 + DisplayWidth(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    while (DisplayWidth(word) > columns) {
      // One character at least: a wide one in a single column would never end.
      int32_t first = 0;
      Next(word, first);
      const size_t bytes = std::max(Fitting(word, columns), static_cast<size_t>(first));
      if (bytes == word.size()) break;
      lines.push_back(word.substr(0, bytes));
      word.erase(0, bytes);
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string OneLine(const std::string& text) {
  std::string result;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    const int32_t start = i;
    const UChar32 c = Next(text, i);
    if (c == 0xFFFD) {
      result += "\uFFFD";
    } else if (u_iscntrl(c) || c == 0x2028 || c == 0x2029) {
      if (result.empty() || result.back() != ' ') result += ' ';
    } else {
      result.append(text, static_cast<size_t>(start), static_cast<size_t>(i - start));
    }
  }
  return result;
}

std::string ShellWord(const std::string& text) {
  const bool safe = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    // Bytes from 128 on are letters of other alphabets.
    return absl::ascii_isalnum(byte) || byte >= 0x80 || absl::StrContains("@+:,./_-", c);
  });
  return safe ? text : absl::StrCat("'", absl::StrReplaceAll(text, {{"'", R"('\'')"}}), "'");
}

std::string Count(long long n, const std::string& singular, const std::string& plural) {
  return std::to_string(n) + " " + (n == 1 ? singular : plural.empty() ? singular + "s" : plural);
}

std::string JoinWords(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace council::cli
