#include "services/recommendations/cached_balance.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "absl/strings/str_cat.h"

namespace council::recommendations {
namespace {

constexpr int64_t kFormat = 2;
constexpr size_t kNumbers = 6;
constexpr size_t kDigestLength = 32;

}  // namespace

Revisions Max(const Revisions& a, const Revisions& b) {
  return {std::max(a.contacts, b.contacts), std::max(a.ledger, b.ledger)};
}

std::string EncodeStamp(const BalanceStamp& stamp) {
  return absl::StrCat(kFormat, " ", stamp.revisions.contacts, " ", stamp.revisions.ledger, " ",
                      absl::ToUnixMicros(stamp.compute_time), " ", stamp.model_version, " ",
                      absl::ToInt64Microseconds(stamp.cost), " ", stamp.model_digest, "\n");
}

std::optional<StampedBalance> DecodeStamped(std::string_view value) {
  std::array<int64_t, kNumbers> numbers = {};
  const char* at = value.data();
  const char* const end = at + value.size();
  for (int64_t& number : numbers) {
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || next == end || *next != ' ') return std::nullopt;
    at = next + 1;
  }
  if (numbers[0] != kFormat || static_cast<size_t>(end - at) <= kDigestLength || at[kDigestLength] != '\n') {
    return std::nullopt;
  }
  StampedBalance result;
  result.stamp = {.revisions = {numbers[1], numbers[2]},
                  .compute_time = absl::FromUnixMicros(numbers[3]),
                  .model_version = static_cast<int>(numbers[4]),
                  .cost = absl::Microseconds(numbers[5]),
                  .model_digest = std::string(at, kDigestLength)};
  const auto stamp_length = static_cast<size_t>(at - value.data()) + kDigestLength + 1;
  result.stamp_text = value.substr(0, stamp_length);
  result.sealed = value.substr(stamp_length);
  return result;
}

bool MayReplace(const BalanceStamp& candidate, const BalanceStamp& kept) {
  if (candidate.model_version < kept.model_version || !candidate.revisions.AtLeast(kept.revisions)) return false;
  return candidate.revisions != kept.revisions || candidate.compute_time >= kept.compute_time;
}

}  // namespace council::recommendations
