#ifndef COUNCIL_CLIENTS_CLI_LOGIN_BROWSER_FLOW_H_
#define COUNCIL_CLIENTS_CLI_LOGIN_BROWSER_FLOW_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/login/login.h"
#include "clients/cli/login/provider.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"

namespace council::cli {

// Signs in with a browser on this machine: the authorization code flow with PKCE (RFC 7636), whose answer comes back to
// a port of 127.0.0.1 (RFC 8252). The provider must know http://127.0.0.1/callback, on any port, as a redirect of this
// program's. `show` is called with the address that the browser is to open; then it waits, ten minutes at most.
// FAILED_PRECONDITION where the provider or the person says no, DEADLINE_EXCEEDED where nobody came back.
absl::StatusOr<Login> SignInByBrowser(const Provider& provider, const LoginSettings& settings, const base::Clock& clock,
                                      base::Random& random, const std::function<void(const std::string& url)>& show);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_LOGIN_BROWSER_FLOW_H_
