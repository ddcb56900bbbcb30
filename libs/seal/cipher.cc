#include "libs/seal/cipher.h"

#include <sodium.h>

#include "libs/base/check.h"

namespace council::seal {
namespace {

constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kKeySize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* Bytes(std::string& text, std::size_t offset = 0) {
  return reinterpret_cast<unsigned char*>(text.data()) + offset;
}

}  // namespace

std::string Encrypt(std::string_view key, std::string_view context, std::string_view plaintext) {
  COUNCIL_CHECK(key.size() == kKeySize && sodium_init() >= 0);
  std::string sealed(kNonceSize + plaintext.size() + kTagSize, '\0');
  randombytes_buf(sealed.data(), kNonceSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(sealed, kNonceSize), nullptr, Bytes(plaintext), plaintext.size(),
                                             Bytes(context), context.size(), nullptr, Bytes(std::string_view(sealed)),
                                             Bytes(key));
  return sealed;
}

std::optional<std::string> Decrypt(std::string_view key, std::string_view context, std::string_view sealed) {
  COUNCIL_CHECK(key.size() == kKeySize);
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  std::string plaintext(sealed.size() - kNonceSize - kTagSize, '\0');
  const std::string_view ciphertext = sealed.substr(kNonceSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(Bytes(plaintext), nullptr, nullptr, Bytes(ciphertext),
                                                 ciphertext.size(), Bytes(context), context.size(), Bytes(sealed),
                                                 Bytes(key)) != 0) {
    return std::nullopt;
  }
  return plaintext;
}

}  // namespace council::seal
