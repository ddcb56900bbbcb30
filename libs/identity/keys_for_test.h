#ifndef COUNCIL_LIBS_IDENTITY_KEYS_FOR_TEST_H_
#define COUNCIL_LIBS_IDENTITY_KEYS_FOR_TEST_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/identity/jose.h"

namespace council::identity {

// A pair of keys that signs whatever a test wants.
class KeyForTest {
 public:
  // `bits` is for RSA.
  KeyForTest(std::string id, Algorithm algorithm, size_t bits = 2048);
  ~KeyForTest();

  const std::string& id() const { return id_; }
  // The public half as JWK.
  nlohmann::json Jwk() const;
  // The header of a well-formed access token: alg, kid, typ at+jwt.
  nlohmann::json Header() const;
  // A token with these parts, whatever they say; signed over them with this key and its algorithm.
  std::string Sign(const nlohmann::json& header, const nlohmann::json& claims) const;
  std::string Sign(const nlohmann::json& claims) const { return Sign(Header(), claims); }
  // The signature of some bytes, in base64url.
  std::string Signature(const std::string& bytes) const;

 private:
  struct Material;
  const std::string id_;
  const Algorithm algorithm_;
  const std::unique_ptr<Material> material_;
};

// A JWKS with the public halves.
std::string JwksOf(const std::vector<const KeyForTest*>& keys);

// Claims that pass: iss "https://login.test", aud "council", sub "ada", both scopes, client "cli", five minutes left.
nlohmann::json GoodClaims(absl::Time now);

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_KEYS_FOR_TEST_H_
