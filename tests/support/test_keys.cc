#include "tests/support/test_keys.h"

#include <stdexcept>
#include <utility>

#include "libs/seal/keyring.h"

namespace council::test {

TestKeys::TestKeys(bool sealed) : sealed_(sealed) {
  if (const absl::Status made = seal::Keyring::Make(path("keyring.json"), random_); !made.ok()) {
    throw std::runtime_error(made.ToString());
  }
  Reopen();
}

void TestKeys::Reopen() {
  opened_.reset();
  const std::string keyring = path("keyring.json");
  auto opened =
      seal::OpenedKeys::Open({.keys = sealed_ ? "file:" + keyring : "none", .erasures = path("erasures.jsonl")},
                             "sqlite:" + path("storage.db"), "test", clock_, random_);
  if (!opened.ok()) throw std::runtime_error(opened.status().ToString());
  opened_ = *std::move(opened);
}

}  // namespace council::test
