#ifndef COUNCIL_LIBS_BASE_TEMP_DIRECTORY_H_
#define COUNCIL_LIBS_BASE_TEMP_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "libs/base/check.h"

namespace council::base {

// A directory for one test, removed with all that is in it.
class TempDirectory {
 public:
  TempDirectory() : path_((std::filesystem::temp_directory_path() / "council-test-XXXXXX").string()) {
    COUNCIL_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  // The path of a file of this name in the directory.
  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_TEMP_DIRECTORY_H_
