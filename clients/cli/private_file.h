#ifndef COUNCIL_CLIENTS_CLI_PRIVATE_FILE_H_
#define COUNCIL_CLIENTS_CLI_PRIVATE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace council::cli {

// Replaces the file by one with this text, which this account alone can read: whoever reads meanwhile sees the old one
// or the new one. Makes missing directories, for this account alone too. One writer at a time: hold a FileLock.
// UNAVAILABLE where it can't be written.
absl::Status WritePrivateFile(const std::string& path, const std::string& text);

// Held by one process at a time, from Acquire until it is destroyed or the process ends.
class FileLock {
 public:
  // Waits for whoever holds it. The lock is a file of its own, PATH.lock, in a directory that is made where it is
  // missing. UNAVAILABLE where it can't be had.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_PRIVATE_FILE_H_
