#include "libs/rpc/jwt_authenticator.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

constexpr char kHeader[] = "authorization";
constexpr absl::string_view kScheme = "Bearer ";

}  // namespace

absl::StatusOr<Principal> JwtAuthenticator::Authenticate(const Metadata& metadata) const {
  const auto [first, end] = metadata.equal_range(kHeader);
  if (first == end) {
    return identity::Refused("the call brings no access token: send the metadata authorization: Bearer TOKEN");
  }
  if (std::next(first) != end) return identity::Refused("authorization is given more than once");
  const std::string value(first->second.data(), first->second.size());
  // RFC 9110: a scheme's name may be written either way.
  if (!absl::StartsWithIgnoreCase(value, kScheme)) return identity::Refused("authorization must be: Bearer TOKEN");
  COUNCIL_ASSIGN_OR_RETURN(identity::Caller caller, tokens_->Verify(std::string_view(value).substr(kScheme.size())));
  return Principal{.owner = std::move(caller.owner),
                   .client = std::move(caller.client),
                   .credential = {kHeader, value},
                   .may_read = caller.may_read,
                   .may_write = caller.may_write,
                   .expires = caller.expires};
}

}  // namespace council::rpc
