#ifndef COUNCIL_SERVICES_LEDGER_PAGE_LENGTH_H_
#define COUNCIL_SERVICES_LEDGER_PAGE_LENGTH_H_

#include <algorithm>
#include <cstddef>
#include <vector>

namespace council::ledger {

// A page ends before its elements together are larger, so that an answer stays below the 4 MiB that gRPC takes.
inline constexpr std::size_t kMaxPageBytes = 3 << 20;

// How many of `elements`, at most `limit` and at least one where there are any, make a page; `bytes` gives an element's
// size.
template <typename Element, typename Bytes>
std::size_t PageLength(const std::vector<Element>& elements, std::size_t limit, const Bytes& bytes) {
  const std::size_t most = std::min(elements.size(), limit);
  std::size_t length = 0;
  std::size_t sum = 0;
  while (length < most && (sum += bytes(elements[length])) <= kMaxPageBytes) ++length;
  return std::max(length, std::min<std::size_t>(most, 1));
}

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_PAGE_LENGTH_H_
