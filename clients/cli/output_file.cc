#include "clients/cli/output_file.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace council::cli {

absl::Status WriteFile(const std::string& path, const std::function<absl::Status(std::ostream&)>& write) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  std::error_code error;
  if (file)
    std::filesystem::permissions(part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  absl::Status status = file ? write(file) : absl::UnknownError(absl::StrCat("can't write ", part));
  if (status.ok() && !file.flush()) status = absl::UnknownError(absl::StrCat("can't write ", part));
  file.close();
  if (status.ok()) std::filesystem::rename(part, path, error);
  if (status.ok() && error) status = absl::UnknownError(absl::StrCat("can't write ", path));
  if (!status.ok()) std::filesystem::remove(part, error);
  return status;
}

absl::Status WriteFile(const std::string& path, const std::string& content) {
  return WriteFile(path, [&](std::ostream& file) {
    file << content;
    return absl::OkStatus();
  });
}

}  // namespace council::cli
