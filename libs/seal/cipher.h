// What is sealed is sealed with: XChaCha20-Poly1305 (libsodium; draft-irtf-cfrg-xchacha-03).
#ifndef COUNCIL_LIBS_SEAL_CIPHER_H_
#define COUNCIL_LIBS_SEAL_CIPHER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace council::seal {

inline constexpr std::size_t kKeySize = 32;

// A random 24-byte nonce and the ciphertext of `plaintext` under `key` (kKeySize bytes), which opens only with the same
// `context` beside it. With 192 random bits a nonce does not come twice in the life of a key.
std::string Encrypt(std::string_view key, std::string_view context, std::string_view plaintext);

// What was encrypted; nothing where `sealed` was changed, or made with another key or context.
std::optional<std::string> Decrypt(std::string_view key, std::string_view context, std::string_view sealed);

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_CIPHER_H_
