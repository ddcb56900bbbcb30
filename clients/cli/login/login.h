#ifndef COUNCIL_CLIENTS_CLI_LOGIN_LOGIN_H_
#define COUNCIL_CLIENTS_CLI_LOGIN_LOGIN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/login/provider.h"
#include "libs/http/http.h"

namespace council::cli {

// How one signs in to a suite.
struct LoginSettings {
  // The identity provider, a URL.
  std::string issuer;
  // What the provider calls this program.
  std::string client_id;
  // What to ask for, parted by spaces.
  std::string scope;
  // What the provider calls the suite, where it has several (RFC 8707): a URI. May be empty.
  std::string resource;
};

// One's sign-in to a suite.
struct Login {
  LoginSettings settings;
  // Empty where one has signed out; then all that follows is empty too.
  std::string access_token = {};
  // Empty where the provider gave none: the sign-in ends with the access token.
  std::string refresh_token = {};
  // When the access token came, and when it ends (InfiniteFuture where the provider does not say).
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::InfiniteFuture();
  // Whom the provider calls so for good, and what a person would call them (may be empty).
  std::string subject = {};
  std::string name = {};

  bool signed_in() const { return !access_token.empty(); }
};

// The fields by which every request names this program and what it wants.
http::Fields RequestFields(const LoginSettings& settings);

// The login that `tokens`, which came at `now` straight from the provider, make. FAILED_PRECONDITION where the ID token
// is not there, or not one of this provider's for this program, in answer to this `nonce` (empty where none was sent),
// and still good.
absl::StatusOr<Login> MakeLogin(const LoginSettings& settings, const Tokens& tokens, const std::string& nonce,
                                absl::Time now);

// `login` with the tokens that renewed it at `now`. FAILED_PRECONDITION where they are another person's.
absl::StatusOr<Login> Renewed(Login login, const Tokens& tokens, absl::Time now);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_LOGIN_LOGIN_H_
