#include "libs/mail/mbox.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace council::mail {
namespace {

constexpr std::size_t kYearDigits = 4;

// Reads a line without its end, of which at most `most` bytes are kept. False at the end of the file.
bool ReadLine(std::istream& in, std::size_t most, std::string& line) {
  line.clear();
  std::streambuf& bytes = *in.rdbuf();
  int byte = bytes.sbumpc();
  if (byte == std::char_traits<char>::eof()) return false;
  for (; byte != std::char_traits<char>::eof() && byte != '\n'; byte = bytes.sbumpc()) {
    if (line.size() < most) line.push_back(static_cast<char>(byte));
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

bool IsYear(absl::string_view word) {
  return word.size() == kYearDigits && std::all_of(word.begin(), word.end(), absl::ascii_isdigit);
}

bool IsTimeOfDay(absl::string_view word) {
  return absl::StrContains(word, ':') && std::all_of(word.begin(), word.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == ':';
         });
}

// "From anna@example.com Mon Jun 15 12:00:00 2026", with or without a zone.
bool BeginsMessage(absl::string_view line) {
  if (!absl::StartsWith(line, "From ")) return false;
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
  return std::any_of(words.begin(), words.end(), IsTimeOfDay) && std::any_of(words.begin(), words.end(), IsYear);
}

}  // namespace

std::string ReadHeaderText(std::istream& in) {
  std::string header;
  std::string line;
  while (ReadLine(in, kMostHeaderBytes, line) && !line.empty()) {
    if (header.size() + line.size() < kMostHeaderBytes) header.append(line).push_back('\n');
  }
  return header;
}

std::optional<std::string> MboxReader::Next() {
  std::string line;
  while (ReadLine(in_, kMostHeaderBytes, line)) {
    const bool begins = after_empty_line_ && BeginsMessage(line);
    after_empty_line_ = line.empty();
    if (!begins) continue;
    after_empty_line_ = true;  // The header's end.
    return ReadHeaderText(in_);
  }
  return std::nullopt;
}

bool LooksLikeMbox(const std::string& start) {
  return BeginsMessage(absl::string_view(start).substr(0, start.find('\n')));
}

}  // namespace council::mail
