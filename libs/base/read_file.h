#ifndef COUNCIL_LIBS_BASE_READ_FILE_H_
#define COUNCIL_LIBS_BASE_READ_FILE_H_

#include <cstddef>
#include <optional>
#include <string>

namespace council::base {

// The bytes of a file, `most` of them at most; nothing where it can't be read. Who asks for one more than may be there
// sees by the size whether the file is too long.
std::optional<std::string> ReadFile(const std::string& path, size_t most);

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_READ_FILE_H_
