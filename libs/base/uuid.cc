#include "libs/base/uuid.h"

#include <cstddef>

namespace council::base {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool HasDashAt(size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string FormatUuid(const std::array<uint8_t, 16>& bytes) {
  std::string text;
  text.reserve(36);
  for (const uint8_t byte : bytes) {
    if (HasDashAt(text.size())) text += '-';
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

absl::StatusOr<std::array<uint8_t, 16>> ParseUuid(std::string_view text) {
  const auto malformed = [] {
    return absl::InvalidArgumentError("not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
  };
  if (text.size() != 36) return malformed();
  std::array<uint8_t, 16> bytes;
  size_t next = 0;
  for (size_t i = 0; i < text.size();) {
    if (HasDashAt(i)) {
      if (text[i] != '-') return malformed();
      ++i;
      continue;
    }
    const int high = HexValue(text[i]);
    const int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) return malformed();
    bytes[next++] = static_cast<uint8_t>(high << 4 | low);
    i += 2;
  }
  return bytes;
}

std::string NewUuid(absl::Time now, Random& random) {
  std::array<uint8_t, 16> bytes;
  random.Fill(bytes);
  const auto millis = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(millis >> (8 * (5 - i)));
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  return FormatUuid(bytes);
}

}  // namespace council::base
