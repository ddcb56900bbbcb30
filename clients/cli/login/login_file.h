#ifndef COUNCIL_CLIENTS_CLI_LOGIN_LOGIN_FILE_H_
#define COUNCIL_CLIENTS_CLI_LOGIN_LOGIN_FILE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/login/login.h"
#include "clients/cli/private_file.h"

namespace council::cli {

// Keeps the login of one suite in a file that this account alone can read, beside those of other suites.
class LoginFile {
 public:
  // `path` may be empty: nothing is kept then. `suite` is the suite's addresses.
  LoginFile(std::string path, std::string suite) : path_(std::move(path)), suite_(std::move(suite)) {}

  const std::string& suite() const { return suite_; }

  // What is kept; a Login that is empty where there is nothing, or it can't be read.
  Login Load() const;

  // Held by who changes what is kept, from before it is read until after it is saved. UNAVAILABLE where the file can't
  // be locked.
  absl::StatusOr<FileLock> Lock() const;

  // Replaces what is kept. Hold the lock. UNAVAILABLE where the file can't be written.
  absl::Status Save(const Login& login) const;

 private:
  const std::string path_;
  const std::string suite_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_LOGIN_LOGIN_FILE_H_
