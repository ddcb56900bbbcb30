#ifndef COUNCIL_LIBS_BASE_RANDOM_H_
#define COUNCIL_LIBS_BASE_RANDOM_H_

#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>

namespace council::base {

// Where random bytes come from. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;

  virtual void Fill(std::span<uint8_t> bytes) = 0;

  // `size` random bytes.
  std::string Bytes(size_t size);
};

// The operating system's generator, fit for keys and salts.
class SystemRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> bytes) override;
};

// The same bytes for the same seed, for tests and simulations. Not for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}

  void Fill(std::span<uint8_t> bytes) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_RANDOM_H_
