#ifndef COUNCIL_CLIENTS_CLI_LOGIN_DEVICE_FLOW_H_
#define COUNCIL_CLIENTS_CLI_LOGIN_DEVICE_FLOW_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/login/login.h"
#include "clients/cli/login/provider.h"
#include "libs/base/clock.h"

namespace council::cli {

// What a person takes to a browser elsewhere.
struct DeviceCode {
  // The page to open, and the code to enter there.
  std::string url;
  std::string code;
  // A page that knows the code already; may be empty.
  std::string url_with_code;
};

// Signs in with a browser elsewhere (RFC 8628): `show` is called with the code that a person enters there, then the
// provider is asked as often as it allows whether that has happened. FAILED_PRECONDITION where the provider or the
// person says no, or the code runs out.
absl::StatusOr<Login> SignInByDevice(const Provider& provider, const LoginSettings& settings, const base::Clock& clock,
                                     const std::function<void(const DeviceCode& code)>& show);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_LOGIN_DEVICE_FLOW_H_
