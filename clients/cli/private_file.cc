#include "clients/cli/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;

absl::Status CantWrite(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("can't write ", path));
}

void MakeDirectoryOf(const std::string& path) {
  const fs::path directory = fs::path(path).parent_path();
  std::error_code error;
  if (fs::create_directories(directory, error)) fs::permissions(directory, fs::perms::owner_all, error);
}

bool WriteAll(int fd, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n <= 0) return false;
    done += static_cast<size_t>(n);
  }
  return fsync(fd) == 0;
}

}  // namespace

absl::Status WritePrivateFile(const std::string& path, const std::string& text) {
  MakeDirectoryOf(path);
  const std::string draft = path + ".new";
  // One that a process left behind when it was killed might be open elsewhere.
  unlink(draft.c_str());
  const int fd = open(draft.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kOwnerOnly);
  if (fd < 0) return CantWrite(path);
  const bool written = WriteAll(fd, text);
  const bool closed = close(fd) == 0;
  if (written && closed && std::rename(draft.c_str(), path.c_str()) == 0) return absl::OkStatus();
  unlink(draft.c_str());
  return CantWrite(path);
}

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  MakeDirectoryOf(path);
  const std::string lock = path + ".lock";
  const int fd = open(lock.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, kOwnerOnly);
  if (fd < 0) return CantWrite(lock);
  FileLock held(fd);
  if (flock(fd, LOCK_EX) != 0) return CantWrite(lock);
  return held;
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

}  // namespace council::cli
