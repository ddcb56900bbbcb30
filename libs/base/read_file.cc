#include "libs/base/read_file.h"

#include <fstream>

namespace council::base {

std::optional<std::string> ReadFile(const std::string& path, size_t most) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(most, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

}  // namespace council::base
