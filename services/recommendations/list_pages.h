// Pages of lists that are computed anew for each of them.
#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_LIST_PAGES_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_LIST_PAGES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/rpc/call.h"
#include "libs/seal/token.h"
#include "services/recommendations/request_tokens.h"

namespace council::recommendations {

inline constexpr int kLargestListPage = 100;

// Adds what is wrong with the page and the tokens that a list is asked with.
template <typename Request>
void CheckPage(const Request& request, base::FieldViolations& violations) {
  if (request.page_size() < 0 || request.page_size() > kLargestListPage) {
    violations.Add("page_size", absl::StrCat("must be 1 to ", kLargestListPage));
  }
  CheckTokens(request, violations);
}

// What a page token is bound to beside its owner: the method and the request but for the page.
template <typename Request>
std::string PagePurpose(const rpc::CallContext& call, Request request) {
  request.clear_page_size();
  request.clear_page_token();
  request.clear_at_least_as_fresh();
  return call.method() + "\n" + request.SerializeAsString();
}

// One page of a list: the indexes from `begin` to before `end`, and the token of the next page, empty at the end.
struct ListPage {
  size_t begin = 0;
  size_t end = 0;
  std::string next_page_token;
};

// The page that `request` asks for from a list whose elements have the names `keys`, in its order as computed now. The
// token says behind which element to go on; where that has left the list since, the place at which it stood. Fails with
// INVALID_ARGUMENT (INVALID_TOKEN) for a token that is not of this list and owner.
template <typename Request>
absl::StatusOr<ListPage> CutPage(const rpc::CallContext& call, const Request& request, const seal::TokenCodec& tokens,
                                 int default_page, const std::vector<std::string>& keys) {
  ListPage page;
  const std::string purpose = PagePurpose(call, request);
  if (!request.page_token().empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const seal::PositionToken after,
                             tokens.ParsePositionToken(call.owner(), purpose, request.page_token()));
    const auto last = std::find(keys.begin(), keys.end(), after.position);
    page.begin = last == keys.end() ? std::min(static_cast<size_t>(after.revision), keys.size())
                                    : static_cast<size_t>(last - keys.begin()) + 1;
  }
  const auto size = static_cast<size_t>(request.page_size() == 0 ? default_page : request.page_size());
  page.end = std::min(page.begin + size, keys.size());
  if (page.end < keys.size()) {
    seal::PositionToken next;
    next.revision = static_cast<int64_t>(page.end);
    next.position = keys[page.end - 1];
    page.next_page_token = tokens.MakePositionToken(call.owner(), purpose, next);
  }
  return page;
}

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_LIST_PAGES_H_
