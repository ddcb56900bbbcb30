// Who may say who calls, and about whom.
#ifndef COUNCIL_LIBS_IDENTITY_ISSUER_H_
#define COUNCIL_LIBS_IDENTITY_ISSUER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace council::identity {

// An identity provider that is trusted, and for what.
struct Issuer {
  // The claim iss, to the letter.
  std::string issuer;
  // The claim aud names one of them.
  std::vector<std::string> audiences;
  // Its keys (JWKS, RFC 7517): the path of a file, or a URL that http::CheckUrl takes.
  std::string jwks;
  // The claim that names the person within the tenant. It must never be given to another one, so no claim that holds an
  // e-mail address or a login name will do.
  std::string subject_claim = "sub";
  // The tenant of all whom this issuer names. Either this, or the next two.
  std::string tenant = {};
  // The claim that names the tenant ("tid"), and the values that this issuer may put there; "*" alone takes any, which
  // is for an issuer that is the only one.
  std::string tenant_claim = {};
  std::vector<std::string> tenants = {};
  // Takes tokens whose header does not say at+jwt (RFC 9068) too. An ID token then passes for an access token wherever
  // the audience is the same. For providers that mark no access tokens.
  bool allow_id_tokens = false;
};

// What is wrong with the issuers, as a sentence for the operator (INVALID_ARGUMENT): a part is missing, a claim is one
// that is given to another person in time, two issuers may speak for one tenant, or one is named twice.
absl::Status CheckIssuers(const std::vector<Issuer>& issuers);

// Reads issuers from JSON: {"issuers": [{"issuer": …, "audiences": […], "jwks": …, "subject_claim": …, "tenant": …,
// "tenant_claim": …, "tenants": […], "allow_id_tokens": false}]}. INVALID_ARGUMENT for any other form, unknown members
// too, and where CheckIssuers fails.
absl::StatusOr<std::vector<Issuer>> ParseIssuers(const std::string& json);

// The same from a file of at most 1 MiB; NOT_FOUND where it can't be read.
absl::StatusOr<std::vector<Issuer>> ReadIssuers(const std::string& path);

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_ISSUER_H_
