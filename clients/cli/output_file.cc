#include "clients/cli/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace council::cli {

absl::Status WriteFile(const std::string& path, const std::function<absl::Status(std::ostream&)>& write) {
  const std::string part = path + ".part";
  // Nobody else can open it at any moment.
  const int created = open(part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (created >= 0) {
    fchmod(created, S_IRUSR | S_IWUSR);
    close(created);
  }
  std::ofstream file;
  if (created >= 0) file.open(part, std::ios::binary | std::ios::trunc);
  std::error_code error;
  absl::Status status = file.is_open() ? write(file) : absl::UnknownError(absl::StrCat("can't write ", part));
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
