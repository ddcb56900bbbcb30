#include "libs/identity/token_verifier.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/read_file.h"
#include "libs/base/status.h"
#include "libs/http/http.h"

namespace council::identity {
namespace {

constexpr size_t kMaxJwksBytes = 256 << 10;
constexpr absl::Duration kFetchTimeout = absl::Seconds(10);

bool IsUrl(const std::string& jwks) {
  return absl::StrContains(jwks, "://");
}

}  // namespace

absl::StatusOr<std::string> TokenVerifier::FetchFileOrUrl(const std::string& jwks,
                                                          const std::function<bool()>& cancelled) {
  if (IsUrl(jwks)) {
    COUNCIL_ASSIGN_OR_RETURN(
        http::Response response,
        http::Get(jwks, {.timeout = kFetchTimeout, .max_bytes = kMaxJwksBytes, .cancelled = cancelled}));
    if (response.status != 200) return absl::UnavailableError(absl::StrCat("HTTP status ", response.status));
    return std::move(response.body);
  }
  auto text = base::ReadFile(jwks, kMaxJwksBytes + 1);
  if (!text.has_value()) return absl::NotFoundError(absl::StrCat("can't read ", jwks));
  if (text->size() > kMaxJwksBytes) return absl::ResourceExhaustedError(absl::StrCat(jwks, " is too long for a JWKS"));
  return *std::move(text);
}

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::Create(std::vector<Issuer> issuers,
                                                                     const base::Clock& clock, FetchKeys fetch) {
  COUNCIL_RETURN_IF_ERROR(CheckIssuers(issuers));
  std::unique_ptr<TokenVerifier> verifier(new TokenVerifier(clock));
  KeyRefresher& refresher = verifier->refresher_;
  for (Issuer& issuer : issuers) {
    auto keys = std::make_unique<KeyCache>(
        issuer.issuer,
        [fetch, jwks = issuer.jwks, &refresher] { return fetch(jwks, [&] { return refresher.ending(); }); }, clock,
        [&refresher] { refresher.Wake(); });
    if (const absl::Status status = keys->Refresh(); !status.ok()) {
      if (!IsUrl(issuer.jwks)) return absl::InvalidArgumentError(status.message());
      spdlog::warn("{}; trying again", std::string(status.message()));
    }
    verifier->trusted_.push_back({.issuer = std::move(issuer), .keys = std::move(keys)});
  }
  std::vector<KeyCache*> caches;
  for (const Trusted& trusted : verifier->trusted_) caches.push_back(trusted.keys.get());
  refresher.Start(std::move(caches));
  return verifier;
}

absl::StatusOr<Caller> TokenVerifier::Verify(std::string_view text) const {
  COUNCIL_ASSIGN_OR_RETURN(const SignedToken token, SignedToken::Parse(text));
  const auto iss = token.claims().find("iss");
  const auto trusted = std::find_if(trusted_.begin(), trusted_.end(), [&](const Trusted& one) {
    return iss != token.claims().end() && *iss == one.issuer.issuer;
  });
  if (trusted == trusted_.end()) return Refused("the access token's issuer is not one that is trusted here");
  COUNCIL_ASSIGN_OR_RETURN(const auto key, trusted->keys->Find(token.key_id(), token.algorithm()));
  if (!key->Verifies(token)) return Refused("the access token's signature does not hold");
  return CheckClaims(trusted->issuer, token, clock_.Now());
}

}  // namespace council::identity
