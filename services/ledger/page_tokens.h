// Page tokens of the ledger's lists.
#ifndef COUNCIL_SERVICES_LEDGER_PAGE_TOKENS_H_
#define COUNCIL_SERVICES_LEDGER_PAGE_TOKENS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/rpc/call.h"
#include "libs/seal/token.h"

namespace council::ledger {

// What a page token is bound to beside its owner: the method and the request but for the page.
template <typename Request>
std::string PagePurpose(const rpc::CallContext& call, Request request) {
  request.clear_page_size();
  request.clear_page_token();
  request.clear_at_least_as_fresh();
  return call.method() + "\n" + request.SerializeAsString();
}

// The request's page token, taken apart; nothing where it has none. INVALID_TOKEN, or ABORTED (PAGE_EXPIRED) where the
// storage is another one by now.
template <typename Request>
absl::StatusOr<std::optional<seal::PositionToken>> ParsePage(const rpc::CallContext& call, const Request& request,
                                                             const seal::TokenCodec& tokens,
                                                             const std::string& lineage) {
  if (request.page_token().empty()) return std::nullopt;
  COUNCIL_ASSIGN_OR_RETURN(seal::PositionToken token,
                           tokens.ParsePositionToken(call.owner(), PagePurpose(call, request), request.page_token()));
  if (token.lineage != lineage) {
    return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_PAGE_EXPIRED,
                       "the storage was replaced since the first page; start again");
  }
  return token;
}

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_PAGE_TOKENS_H_
