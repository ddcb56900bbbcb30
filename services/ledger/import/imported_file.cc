#include "services/ledger/import/imported_file.h"

#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "libs/seal/hash.h"

namespace council::ledger {
namespace {

// Length of the valid UTF-8 sequence at `at`; 0 where there is none.
std::size_t SequenceLength(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies beyond U+10FFFF.
  if ((lead == 0xE0 && byte(at + 1) < 0xA0) || (lead == 0xED && byte(at + 1) >= 0xA0) ||
      (lead == 0xF0 && byte(at + 1) < 0x90) || (lead == 0xF4 && byte(at + 1) >= 0x90)) {
    return 0;
  }
  return length;
}

}  // namespace

std::string DigestOf(const std::string& bytes) {
  return absl::WebSafeBase64Escape(seal::Sha256({bytes}));
}

void ImportedFile::Skip(int line, std::string reason) {
  if (skipped.size() == kMaxSkippedRecords) {
    ++more_skipped;
    return;
  }
  common::v1::SkippedRecord& record = skipped.emplace_back();
  record.set_line(line);
  record.set_reason(std::move(reason));
}

std::string CleanText(const std::string& text, int max_characters) {
  std::string clean;
  int characters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = SequenceLength(text, at);
    if (++characters > max_characters) {
      // The last character makes room for the ellipsis.
      std::size_t end = clean.size() - 1;
      while ((static_cast<unsigned char>(clean[end]) & 0xC0) == 0x80) --end;
      clean.resize(end);
      return clean + "\u2026";
    }
    if (length == 0) {
      clean += "\uFFFD";
      ++at;
    } else {
      clean.append(text, at, length);
      at += length;
    }
  }
  return clean;
}

}  // namespace council::ledger
