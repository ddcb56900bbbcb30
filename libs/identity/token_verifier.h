#ifndef COUNCIL_LIBS_IDENTITY_TOKEN_VERIFIER_H_
#define COUNCIL_LIBS_IDENTITY_TOKEN_VERIFIER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/identity/claims.h"
#include "libs/identity/issuer.h"
#include "libs/identity/key_cache.h"
#include "libs/identity/key_refresher.h"

namespace council::identity {

// Says whom an access token names (a JWT as of RFC 9068, signed by an issuer that is trusted). Thread-safe.
class TokenVerifier {
 public:
  // Brings the JWKS at a path or a URL; `cancelled` is asked whether it should give up.
  using FetchKeys =
      std::function<absl::StatusOr<std::string>(const std::string& jwks, const std::function<bool()>& cancelled)>;

  // Fetches each issuer's keys once before it returns, and from then on in a thread of its own. Keys at a URL may be
  // out of reach at first: tokens get UNAVAILABLE until they are there. INVALID_ARGUMENT as of CheckIssuers, and where
  // a file has no keys. `clock` must outlive the verifier.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> Create(std::vector<Issuer> issuers, const base::Clock& clock,
                                                               FetchKeys fetch = FetchFileOrUrl);

  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  // UNAUTHENTICATED where the token names nobody or its signature does not hold, UNAVAILABLE while the keys for it are
  // fetched. Never blocks; no message quotes the token.
  absl::StatusOr<Caller> Verify(std::string_view token) const;

  // A file is read anew each time. Of both at most 256 KiB.
  static absl::StatusOr<std::string> FetchFileOrUrl(const std::string& jwks, const std::function<bool()>& cancelled);

 private:
  struct Trusted {
    Issuer issuer;
    std::unique_ptr<KeyCache> keys;
  };

  explicit TokenVerifier(const base::Clock& clock) : clock_(clock), refresher_(clock) {}

  const base::Clock& clock_;
  std::vector<Trusted> trusted_;
  KeyRefresher refresher_;
};

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_TOKEN_VERIFIER_H_
