#include "clients/cli/login/device_flow.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

// RFC 8628: where the provider says nothing, and by how much more where it says slow_down.
constexpr absl::Duration kInterval = absl::Seconds(5);
constexpr absl::Duration kMaxInterval = absl::Minutes(1);
// How long a code is waited for at most.
constexpr absl::Duration kPatience = absl::Minutes(30);

absl::Duration SecondsOf(const nlohmann::json& object, const char* name, absl::Duration otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? absl::Seconds(found->get<double>()) : otherwise;
}

}  // namespace

absl::StatusOr<Login> SignInByDevice(const Provider& provider, const LoginSettings& settings, const base::Clock& clock,
                                     const std::function<void(const DeviceCode& code)>& show) {
  if (provider.device_endpoint.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        provider.issuer, " lets nobody sign in by a code; without --device a browser on this machine is used"));
  }
  http::Fields request = RequestFields(settings);
  request.emplace_back("scope", settings.scope);
  COUNCIL_ASSIGN_OR_RETURN(const nlohmann::json answer, Ask(provider, provider.device_endpoint, request));
  const std::string device_code = TextOf(answer, "device_code");
  const DeviceCode code{.url = TextOf(answer, "verification_uri"),
                        .code = TextOf(answer, "user_code"),
                        .url_with_code = TextOf(answer, "verification_uri_complete")};
  if (device_code.empty() || code.code.empty() || code.url.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(provider.issuer, " gives no code to sign in with"));
  }
  const absl::Time end = clock.Now() + std::min(SecondsOf(answer, "expires_in", kPatience), kPatience);
  absl::Duration interval = std::clamp(SecondsOf(answer, "interval", kInterval), absl::Seconds(1), kMaxInterval);
  show(code);

  http::Fields form = RequestFields(settings);
  form.insert(form.end(),
              {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", device_code}});
  while (clock.Now() < end) {
    absl::SleepFor(interval);
    const absl::StatusOr<Tokens> tokens = AskForTokens(provider, form);
    if (tokens.ok()) return MakeLogin(settings, *tokens, "", clock.Now());
    const std::string error = OAuthErrorOf(tokens.status());
    const bool goes_on =
        error == "authorization_pending" || error == "slow_down" || absl::IsUnavailable(tokens.status());
    if (!goes_on) return tokens.status();
    if (error != "authorization_pending") interval = std::min(interval + kInterval, kMaxInterval);
  }
  return RefusedBy(provider, "expired_token", "");
}

}  // namespace council::cli
