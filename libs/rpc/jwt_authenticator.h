#ifndef COUNCIL_LIBS_RPC_JWT_AUTHENTICATOR_H_
#define COUNCIL_LIBS_RPC_JWT_AUTHENTICATOR_H_

#include <memory>
#include <string>

#include "libs/identity/token_verifier.h"
#include "libs/rpc/authenticator.h"

namespace council::rpc {

// Knows callers by the access token in the header `authorization: Bearer TOKEN` (libs/identity). Services called in
// turn get the same header. A token that is read on the way can be used by who read it: a program is reached over TLS
// beyond loopback (ServerTransport).
class JwtAuthenticator final : public Authenticator {
 public:
  explicit JwtAuthenticator(std::unique_ptr<identity::TokenVerifier> tokens) : tokens_(std::move(tokens)) {}

  absl::StatusOr<Principal> Authenticate(const Metadata& metadata) const override;

 private:
  const std::unique_ptr<identity::TokenVerifier> tokens_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_JWT_AUTHENTICATOR_H_
