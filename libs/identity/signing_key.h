#ifndef COUNCIL_LIBS_IDENTITY_SIGNING_KEY_H_
#define COUNCIL_LIBS_IDENTITY_SIGNING_KEY_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"

namespace council::identity {

// An Ed25519 key that signs access tokens (EdDSA, RFC 8037), for who tries a suite out without an identity provider.
class SigningKey {
 public:
  // Reads a private key in PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` makes it. `id` is what the suite
  // calls it (kid). INVALID_ARGUMENT where the text is no such key, or needs a passphrase.
  static absl::StatusOr<std::unique_ptr<SigningKey>> FromPem(std::string id, const std::string& pem);
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  // An access token (RFC 9068) with these claims, in the compact form. INTERNAL where OpenSSL fails.
  absl::StatusOr<std::string> Sign(const nlohmann::json& claims) const;

 private:
  struct Material;
  SigningKey(std::string id, std::unique_ptr<Material> material);

  const std::string id_;
  const std::unique_ptr<Material> material_;
};

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_SIGNING_KEY_H_
