#ifndef COUNCIL_LIBS_IDENTITY_CLAIMS_H_
#define COUNCIL_LIBS_IDENTITY_CLAIMS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/base/owner.h"
#include "libs/identity/issuer.h"
#include "libs/identity/jose.h"

namespace council::identity {

// How far clocks may differ.
inline constexpr absl::Duration kLeeway = absl::Seconds(30);
// A token that is good for longer from now on is refused: one that is lost should not be good for long.
inline constexpr absl::Duration kLongestLife = absl::Hours(1);

// Whom a token names, and what it allows.
struct Caller {
  base::Owner owner;
  // The program that got the token (client_id, azp), or "owner" where the token does not say.
  std::string client = "owner";
  // The scopes council.read and council.write.
  bool may_read = false;
  bool may_write = false;
  // From then on the token is refused: its exp, and the leeway.
  absl::Time expires;
};

// What `token`, whose signature holds, says under `issuer` at `now`. UNAUTHENTICATED, with a sentence that quotes
// nothing of the token, where
//   - iss is another; aud (a string or a list) names none of the issuer's audiences;
//   - the header's typ is not at+jwt, unless the issuer is allowed others;
//   - exp is missing, past, or more than kLongestLife away; nbf or iat is to come (each with kLeeway);
//   - the subject is missing, longer than 255 bytes, has control characters, or is an e-mail address, which in time is
//     given to another person; the tenant is missing, or none that the issuer may speak for;
//   - the token is bound to a key of its sender's (cnf), which is not looked at here.
// A token without a scope of ours names its caller and allows nothing.
absl::StatusOr<Caller> CheckClaims(const Issuer& issuer, const SignedToken& token, absl::Time now);

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_CLAIMS_H_
