// The hashes that storage, chains and tokens are made of. Digests are strings of bytes.
#ifndef COUNCIL_LIBS_SEAL_HASH_H_
#define COUNCIL_LIBS_SEAL_HASH_H_

#include <initializer_list>
#include <string>
#include <string_view>

namespace council::seal {

// SHA-256 of the parts, one after the other: 32 bytes.
std::string Sha256(std::initializer_list<std::string_view> parts);

// HMAC-SHA256 under a key of 32 bytes, over the parts, each preceded by its length, so that no two lists of parts have
// one encoding: 32 bytes.
std::string HmacSha256(std::string_view key, std::initializer_list<std::string_view> parts);

// Whether the strings are equal, in a time that depends on their lengths alone.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_HASH_H_
