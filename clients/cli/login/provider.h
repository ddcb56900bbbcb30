// An identity provider as this program needs it: OpenID Connect Discovery 1.0, OAuth 2.0 (RFC 6749), the device flow
// (RFC 8628) and revocation (RFC 7009), as a public client.
#ifndef COUNCIL_CLIENTS_CLI_LOGIN_PROVIDER_H_
#define COUNCIL_CLIENTS_CLI_LOGIN_PROVIDER_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/http/http.h"

namespace council::cli {

// What a provider says of itself. An endpoint that it does not have is empty.
struct Provider {
  std::string issuer;
  std::string authorization_endpoint = {};
  std::string token_endpoint = {};
  std::string device_endpoint = {};
  std::string revocation_endpoint = {};
  // It says who it is when a browser comes back from it (RFC 9207).
  bool names_itself = false;
};

// Asks the provider at `issuer`, a URL that http::CheckUrl takes. UNAVAILABLE where it can't be reached,
// FAILED_PRECONDITION where what is there is no such provider.
absl::StatusOr<Provider> Discover(const std::string& issuer);

// What a provider gives. Of the texts only the access token is always there.
struct Tokens {
  std::string access_token;
  std::string refresh_token = {};
  std::string id_token = {};
  // How long the access token is good; without end where the provider does not say.
  absl::Duration life = absl::InfiniteDuration();
};

// Sends `form` to one of the provider's endpoints and returns its answer, a JSON object. Where the provider says no, a
// sentence for a person with its error code (OAuthErrorOf).
absl::StatusOr<nlohmann::json> Ask(const Provider& provider, const std::string& endpoint, const http::Fields& form);

// The same at the token endpoint.
absl::StatusOr<Tokens> AskForTokens(const Provider& provider, const http::Fields& form);

// FAILED_PRECONDITION: the provider refuses with this error code ("access_denied"). `description` is its own words, if
// any.
absl::Status RefusedBy(const Provider& provider, const std::string& code, const std::string& description);

// The error code of a refusal; empty for any other status.
std::string OAuthErrorOf(const absl::Status& status);

// A member that is a string; else empty.
std::string TextOf(const nlohmann::json& object, const char* name);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_LOGIN_PROVIDER_H_
