#include "libs/rpc/authenticator.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/loopback.h"
#include "libs/base/status.h"
#include "libs/identity/issuer.h"
#include "libs/identity/token_verifier.h"
#include "libs/rpc/jwt_authenticator.h"

namespace council::rpc {
namespace {

constexpr char kOwnerHeader[] = "x-council-owner";
constexpr char kTenant[] = "dev";
constexpr size_t kMaxOwner = 200;

absl::Status Unauthenticated(absl::string_view message) {
  return base::Error(absl::StatusCode::kUnauthenticated, common::v1::ERROR_REASON_UNAUTHENTICATED, message);
}

bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

bool IsProxyHeader(const std::string& name) {
  return absl::StartsWith(name, "x-forwarded-") || name == "forwarded" || name == "via" || name == "x-real-ip";
}

}  // namespace

absl::StatusOr<Principal> InsecureDevAuthenticator::Authenticate(const Metadata& metadata) const {
  std::string owner;
  bool through_service = false;
  for (const auto& [name_ref, value] : metadata) {
    const std::string name(name_ref.data(), name_ref.size());
    if (IsProxyHeader(name)) {
      return Unauthenticated("--auth=insecure-dev answers no request that came through a proxy");
    }
    through_service |= name == kThroughServiceHeader;
    if (name != kOwnerHeader) continue;
    if (!owner.empty()) return Unauthenticated("x-council-owner is given more than once");
    owner.assign(value.data(), value.size());
  }
  if (owner.empty()) {
    return Unauthenticated("the call names no owner: send the metadata x-council-owner: NAME");
  }
  if (owner.size() > kMaxOwner || !IsPrintable(owner)) {
    return Unauthenticated("x-council-owner must be 1 to 200 printable ASCII characters without spaces");
  }
  return Principal{.owner = {kTenant, owner},
                   .client = "owner",
                   .credential = {kOwnerHeader, owner},
                   .may_read = true,
                   .may_write = true,
                   .through_service = through_service};
}

absl::Status InsecureDevAuthenticator::CheckListenAddress(const std::string& listen) const {
  if (base::IsLoopbackAddress(listen)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--auth=insecure-dev believes whoever calls, so it may listen on loopback alone (127.0.0.1:PORT, "
                   "[::1]:PORT, localhost:PORT or unix:PATH), not on ",
                   listen));
}

absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const AuthOptions& options, const base::Clock& clock) {
  if (options.auth == "insecure-dev") {
    if (options.issuers.empty()) return std::make_unique<InsecureDevAuthenticator>();
    return absl::InvalidArgumentError("--auth-issuers is for --auth=jwt: --auth=insecure-dev looks at no token");
  }
  if (options.auth != "jwt") {
    return absl::InvalidArgumentError(absl::StrCat("--auth=\"", options.auth, "\" must be jwt or insecure-dev"));
  }
  if (options.issuers.empty()) {
    return absl::InvalidArgumentError("--auth=jwt needs --auth-issuers=FILE: whose access tokens it trusts");
  }
  const auto wrong = [&](const absl::Status& status) {
    return absl::InvalidArgumentError(absl::StrCat("--auth-issuers=", options.issuers, ": ", status.message()));
  };
  auto issuers = identity::ReadIssuers(options.issuers);
  if (!issuers.ok()) return wrong(issuers.status());
  auto tokens = identity::TokenVerifier::Create(*std::move(issuers), clock);
  if (!tokens.ok()) return wrong(tokens.status());
  return std::make_unique<JwtAuthenticator>(*std::move(tokens));
}

}  // namespace council::rpc
