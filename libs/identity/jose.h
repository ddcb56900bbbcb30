// Signed tokens (JWS, RFC 7515) and the public keys that sign them (JWK, RFC 7517).
//
// Signatures are checked by cjose, and by libsodium where they are Ed25519's, which cjose 0.6 lacks (ADR 20).
#ifndef COUNCIL_LIBS_IDENTITY_JOSE_H_
#define COUNCIL_LIBS_IDENTITY_JOSE_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace council::identity {

// UNAUTHENTICATED with the reason UNAUTHENTICATED. `why` must not quote the token.
absl::Status Refused(absl::string_view why);

enum class Algorithm { kRs256, kEs256, kEdDsa };

// A token taken apart. Nothing that it says is to be believed before PublicKey::Verifies.
class SignedToken {
 public:
  // A longer one is refused.
  static constexpr size_t kMaxBytes = 8192;

  // Reads the compact form, HEADER.CLAIMS.SIGNATURE. UNAUTHENTICATED for anything else: another form, an algorithm
  // besides RS256, ES256 and EdDSA, a header that asks for more (crit, b64, zip) or brings or names a key (jwk, jku,
  // x5u, x5c), no key id, members that stand twice. The message never quotes the token.
  static absl::StatusOr<SignedToken> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  // The header's typ, in lower case and without "application/"; empty where there is none.
  const std::string& type() const { return type_; }
  const std::string& key_id() const { return key_id_; }
  Algorithm algorithm() const { return algorithm_; }
  // A JSON object.
  const nlohmann::json& claims() const { return claims_; }

 private:
  friend class PublicKey;
  SignedToken() = default;
  absl::Status ReadHeader(const nlohmann::json& header);

  std::string text_;
  std::string type_;
  std::string key_id_;
  Algorithm algorithm_ = Algorithm::kRs256;
  nlohmann::json claims_;
};

// A key that checks signatures, of one algorithm. Thread-safe.
class PublicKey {
 public:
  // Reads a JWK: RSA of 2048 to 8192 bits (RS256), EC on P-256 (ES256), or OKP on Ed25519 (EdDSA), with a kid. Members
  // of a private key are passed over. INVALID_ARGUMENT for any other, and where alg, use or key_ops say that the key is
  // for something else.
  static absl::StatusOr<std::shared_ptr<const PublicKey>> FromJwk(const nlohmann::json& jwk);
  ~PublicKey();
  PublicKey(const PublicKey&) = delete;
  PublicKey& operator=(const PublicKey&) = delete;

  const std::string& id() const { return id_; }
  Algorithm algorithm() const { return algorithm_; }

  // Whether the token is of this algorithm and signed with this key.
  bool Verifies(const SignedToken& token) const;

 private:
  struct Material;
  PublicKey(std::string id, Algorithm algorithm, std::unique_ptr<Material> material);

  const std::string id_;
  const Algorithm algorithm_;
  const std::unique_ptr<Material> material_;
};

// Parses a JSON object; null where the text is none, or a member of the object itself stands twice.
nlohmann::json ParseJsonObject(std::string_view text);

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_JOSE_H_
