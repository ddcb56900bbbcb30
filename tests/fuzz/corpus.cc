#include "tests/fuzz/corpus.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace council::fuzz {

std::filesystem::path CorpusDirectory() {
  return std::filesystem::path(std::getenv("COUNCIL_SOURCE_DIR")) / "tests" / "fuzz" / "corpus";
}

std::map<std::string, std::string> CorpusOf(const std::string& target) {
  std::map<std::string, std::string> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(CorpusDirectory() / target)) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs[entry.path().filename().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return inputs;
}

}  // namespace council::fuzz
