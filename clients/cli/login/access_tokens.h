#ifndef COUNCIL_CLIENTS_CLI_LOGIN_ACCESS_TOKENS_H_
#define COUNCIL_CLIENTS_CLI_LOGIN_ACCESS_TOKENS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/login/login.h"
#include "clients/cli/login/login_file.h"
#include "libs/base/clock.h"

namespace council::cli {

// Where access tokens come from.
class AccessTokenSource {
 public:
  virtual ~AccessTokenSource() = default;

  // The access token for a call that takes `time` at most. UNAUTHENTICATED where there is none, or none any more.
  virtual absl::StatusOr<std::string> Get(absl::Duration time) = 0;

  // To be called when the suite has refused what Get gave last: gets another one, or fails as Get does.
  virtual absl::Status Renew() = 0;
};

// The access token in a file that somebody else keeps up to date: a service account's, or one of council dev-token.
class AccessTokenFile final : public AccessTokenSource {
 public:
  explicit AccessTokenFile(std::string path) : path_(std::move(path)) {}

  // INVALID_ARGUMENT where the file can't be read or holds no token.
  absl::StatusOr<std::string> Get(absl::Duration time) override;
  absl::Status Renew() override;

  // Whose the token in the file is, "SUBJECT of ISSUER", as far as one can tell without its key; else where the file
  // lies. For telling apart what is remembered of different people, and nothing else. Fails as Get does.
  absl::StatusOr<std::string> Whose();

 private:
  const std::string path_;
  std::string last_;
};

// The access token of a login, renewed in time. Where several programs run at once one of them renews it and the others
// take what it got: a provider may end the sign-in of who shows an old refresh token again.
class AccessTokens final : public AccessTokenSource {
 public:
  // `login` is what `file` keeps, and signed in. `clock` must outlive this.
  AccessTokens(LoginFile file, Login login, const base::Clock& clock)
      : file_(std::move(file)), login_(std::move(login)), clock_(clock) {}

  const Login& login() const { return login_; }

  // Good for as long, or, where it never is so long, for half of its life. UNAVAILABLE where the sign-in has to be
  // renewed and the provider can't be reached.
  absl::StatusOr<std::string> Get(absl::Duration time) override;
  absl::Status Renew() override;

 private:
  bool Lasts(const Login& login, absl::Duration time) const;
  // Takes the login that another program has renewed meanwhile if it lasts for `time`, else renews it.
  absl::Status RenewFor(absl::Duration time);

  const LoginFile file_;
  Login login_;
  const base::Clock& clock_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_LOGIN_ACCESS_TOKENS_H_
