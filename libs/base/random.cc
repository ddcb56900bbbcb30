#include "libs/base/random.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace council::base {

std::string Random::Bytes(size_t size) {
  std::string bytes(size, '\0');
  Fill(std::span(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
  return bytes;
}

// libsodium's generator needs no sodium_init() on Linux: randombytes_buf() opens getrandom(2) by itself.
void SystemRandom::Fill(std::span<uint8_t> bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

void SeededRandom::Fill(std::span<uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  while (!bytes.empty()) {
    const uint64_t word = engine_();
    const size_t n = std::min(bytes.size(), sizeof(word));
    std::memcpy(bytes.data(), &word, n);
    bytes = bytes.subspan(n);
  }
}

}  // namespace council::base
