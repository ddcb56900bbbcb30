#include "libs/identity/keys_for_test.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/check.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>

namespace council::identity {
namespace {

using nlohmann::json;

std::string Bytes(const EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  COUNCIL_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(static_cast<size_t>(size == 0 ? BN_num_bytes(number) : size), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  BN_free(number);
  return absl::WebSafeBase64Escape(bytes);
}

// ECDSA's signature as JWS wants it: r and s, 32 bytes each.
std::string RawEcdsa(const std::string& der) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()));
  COUNCIL_CHECK(signature != nullptr);
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32);
  ECDSA_SIG_free(signature);
  return raw;
}

}  // namespace

struct KeyForTest::Material {
  ~Material() { EVP_PKEY_free(key); }
  EVP_PKEY* key = nullptr;
};

KeyForTest::KeyForTest(std::string id, Algorithm algorithm, size_t bits)
    : id_(std::move(id)), algorithm_(algorithm), material_(std::make_unique<Material>()) {
  material_->key = algorithm == Algorithm::kRs256   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)
                   : algorithm == Algorithm::kEs256 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                                    : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  COUNCIL_CHECK(material_->key != nullptr);
}

KeyForTest::~KeyForTest() = default;

json KeyForTest::Jwk() const {
  const EVP_PKEY* key = material_->key;
  if (algorithm_ == Algorithm::kRs256) {
    return {{"kty", "RSA"},
            {"kid", id_},
            {"use", "sig"},
            {"alg", "RS256"},
            {"n", Bytes(key, OSSL_PKEY_PARAM_RSA_N, 0)},
            {"e", Bytes(key, OSSL_PKEY_PARAM_RSA_E, 0)}};
  }
  if (algorithm_ == Algorithm::kEs256) {
    return {{"kty", "EC"},
            {"crv", "P-256"},
            {"kid", id_},
            {"x", Bytes(key, OSSL_PKEY_PARAM_EC_PUB_X, 32)},
            {"y", Bytes(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32)}};
  }
  std::array<unsigned char, 32> bytes;
  size_t size = bytes.size();
  COUNCIL_CHECK(EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) == 1);
  return {{"kty", "OKP"},
          {"crv", "Ed25519"},
          {"kid", id_},
          {"x", absl::WebSafeBase64Escape(std::string(bytes.begin(), bytes.end()))}};
}

json KeyForTest::Header() const {
  const char* name = algorithm_ == Algorithm::kRs256 ? "RS256" : algorithm_ == Algorithm::kEs256 ? "ES256" : "EdDSA";
  return {{"alg", name}, {"kid", id_}, {"typ", "at+jwt"}};
}

std::string KeyForTest::Signature(const std::string& bytes) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* digest = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  COUNCIL_CHECK(EVP_DigestSignInit(context, nullptr, digest, nullptr, material_->key) == 1);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t size = 0;
  COUNCIL_CHECK(EVP_DigestSign(context, nullptr, &size, data, bytes.size()) == 1);
  std::string signature(size, '\0');
  COUNCIL_CHECK(
      EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, data, bytes.size()) == 1);
  signature.resize(size);
  EVP_MD_CTX_free(context);
  return absl::WebSafeBase64Escape(algorithm_ == Algorithm::kEs256 ? RawEcdsa(signature) : signature);
}

std::string KeyForTest::Sign(const json& header, const json& claims) const {
  const std::string bytes =
      absl::StrCat(absl::WebSafeBase64Escape(header.dump()), ".", absl::WebSafeBase64Escape(claims.dump()));
  return absl::StrCat(bytes, ".", Signature(bytes));
}

std::string JwksOf(const std::vector<const KeyForTest*>& keys) {
  json list = json::array();
  for (const KeyForTest* key : keys) list.push_back(key->Jwk());
  return json({{"keys", list}}).dump();
}

json GoodClaims(absl::Time now) {
  return {{"iss", "https://login.test"},
          {"aud", "council"},
          {"sub", "ada"},
          {"client_id", "cli"},
          {"scope", "openid council.read council.write"},
          {"iat", absl::ToUnixSeconds(now)},
          {"exp", absl::ToUnixSeconds(now + absl::Minutes(5))}};
}

}  // namespace council::identity
