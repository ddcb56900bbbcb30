#include "libs/identity/signing_key.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace council::identity {
namespace {

constexpr std::size_t kSignatureBytes = 64;

// A key with a passphrase is refused, not asked for on the terminal.
int NoPassphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

struct SigningKey::Material {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
};

absl::StatusOr<std::unique_ptr<SigningKey>> SigningKey::FromPem(std::string id, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      &BIO_free);
  auto material = std::make_unique<Material>();
  material->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (material->key == nullptr || EVP_PKEY_get_id(material->key.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(
        "is no Ed25519 private key in PEM without a passphrase; openssl genpkey -algorithm ed25519 makes one");
  }
  return std::unique_ptr<SigningKey>(new SigningKey(std::move(id), std::move(material)));
}

SigningKey::SigningKey(std::string id, std::unique_ptr<Material> material)
    : id_(std::move(id)), material_(std::move(material)) {}

SigningKey::~SigningKey() = default;

absl::StatusOr<std::string> SigningKey::Sign(const nlohmann::json& claims) const {
  const nlohmann::json header = {{"alg", "EdDSA"}, {"kid", id_}, {"typ", "at+jwt"}};
  // What is not UTF-8 is replaced: JSON knows nothing else.
  const auto part = [](const nlohmann::json& json) {
    return absl::WebSafeBase64Escape(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  };
  const std::string text = absl::StrCat(part(header), ".", part(claims));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, kSignatureBytes> signature{};
  std::size_t size = signature.size();
  const bool is_signed = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, material_->key.get()) == 1 &&
                         EVP_DigestSign(context.get(), signature.data(), &size,
                                        reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  if (!is_signed || size != signature.size()) return absl::InternalError("the token could not be signed");
  return absl::StrCat(text, ".", absl::WebSafeBase64Escape({reinterpret_cast<const char*>(signature.data()), size}));
}

}  // namespace council::identity
