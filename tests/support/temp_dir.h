#ifndef COUNCIL_TESTS_SUPPORT_TEMP_DIR_H_
#define COUNCIL_TESTS_SUPPORT_TEMP_DIR_H_

#include <filesystem>
#include <string_view>

namespace council::test {

// A fresh empty directory that is removed with all that is in it at the end of its life.
class TempDir {
 public:
  // Makes it in `parent`, which is made too if need be. The default is $TMPDIR, or /tmp.
  explicit TempDir(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_TEMP_DIR_H_
