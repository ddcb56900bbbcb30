// Hands scripts to libFuzzer changed as ScriptMutator does.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/script.h"
#include "tests/fuzz/script_mutator.h"

// libFuzzer's own ways with bytes.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  auto* bytes = reinterpret_cast<char*>(data);
  const auto mutate_text = [](const std::string& text) {
    std::string mutated = text;
    mutated.resize(text.size() + 100);
    mutated.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(mutated.data()), text.size(), mutated.size()));
    return mutated;
  };
  std::vector<council::fuzz::ScriptCall> calls = council::fuzz::ParseScript({bytes, size});
  council::fuzz::ScriptMutator(seed, mutate_text).Mutate(calls);
  const std::string script = council::fuzz::FormatScript(calls);
  // A script that became too long is left as it was.
  if (script.size() > max_size) return size;
  std::copy(script.begin(), script.end(), bytes);
  return script.size();
}
