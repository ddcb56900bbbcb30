#include "clients/cli/login/provider.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

using nlohmann::json;

constexpr char kOAuthError[] = "council.cli/oauth-error";
// RFC 6749 lets a provider say more; this much of it is shown.
constexpr size_t kMaxDescription = 200;

json ParseObject(const std::string& text) {
  json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  return object.is_object() ? object : json();
}

// What is behind an error code, for who has to do something about it. Empty for a code that says it itself.
std::string Explain(const std::string& code) {
  if (code == "access_denied") return "it was declined there, by you or by a rule of your organization's";
  if (code == "invalid_client" || code == "unauthorized_client") {
    return "it does not know this program by that --client-id, or does not let it sign in this way";
  }
  if (code == "invalid_scope") return "it does not give what --scope asks for";
  if (code == "invalid_target") return "it does not know the suite by that --resource";
  if (code == "expired_token") return "the code was not entered in time";
  if (code == "invalid_grant") return "what it gave before has ended, or was used already";
  if (code == "temporarily_unavailable" || code == "server_error") return "something is wrong there; try again later";
  return "";
}

// An endpoint of the metadata: empty where there is none, FAILED_PRECONDITION where it is not to be trusted with
// secrets.
absl::StatusOr<std::string> Endpoint(const json& metadata, const char* name) {
  std::string url = TextOf(metadata, name);
  if (url.empty()) return url;
  if (const absl::Status checked = http::CheckUrl(url); !checked.ok()) {
    return absl::FailedPreconditionError(absl::StrCat("its ", name, " is no safe address: ", checked.message()));
  }
  return url;
}

}  // namespace

std::string TextOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::Status RefusedBy(const Provider& provider, const std::string& code, const std::string& description) {
  const std::string explained = Explain(code);
  std::string message = absl::StrCat(provider.issuer, " says no (", code, ")");
  if (!explained.empty()) absl::StrAppend(&message, ": ", explained);
  if (!description.empty()) absl::StrAppend(&message, "; its words: ", description.substr(0, kMaxDescription));
  absl::Status status = absl::FailedPreconditionError(OneLine(message));
  status.SetPayload(kOAuthError, absl::Cord(code));
  return status;
}

std::string OAuthErrorOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kOAuthError);
  return payload ? std::string(*payload) : "";
}

absl::StatusOr<Provider> Discover(const std::string& issuer) {
  const auto no_provider = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat(issuer, " is no identity provider to sign in at: ", why, " (--issuer)"));
  };
  if (const absl::Status checked = http::CheckUrl(issuer); !checked.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--issuer=", issuer, ": ", checked.message()));
  }
  COUNCIL_ASSIGN_OR_RETURN(const http::Response response, http::Get(absl::StrCat(absl::StripSuffix(issuer, "/"),
                                                                                 "/.well-known/openid-configuration")));
  if (response.status != 200) {
    return no_provider(absl::StrCat("it answers with HTTP status ", response.status));
  }
  const json metadata = ParseObject(response.body);
  if (metadata.is_null()) return no_provider("it does not describe itself (OpenID Connect Discovery)");
  // Whoever could answer for another one could have its tokens sent elsewhere.
  if (TextOf(metadata, "issuer") != issuer) {
    return no_provider(absl::StrCat("it calls itself \"", OneLine(TextOf(metadata, "issuer")), "\""));
  }
  Provider provider{.issuer = issuer};
  for (const auto& [name, endpoint] : {std::pair("authorization_endpoint", &provider.authorization_endpoint),
                                       std::pair("token_endpoint", &provider.token_endpoint),
                                       std::pair("device_authorization_endpoint", &provider.device_endpoint),
                                       std::pair("revocation_endpoint", &provider.revocation_endpoint)}) {
    auto url = Endpoint(metadata, name);
    if (!url.ok()) return no_provider(url.status().message());
    *endpoint = *std::move(url);
  }
  if (provider.token_endpoint.empty()) return no_provider("it has no token endpoint");
  const auto names_itself = metadata.find("authorization_response_iss_parameter_supported");
  provider.names_itself = names_itself != metadata.end() && *names_itself == json(true);
  return provider;
}

absl::StatusOr<json> Ask(const Provider& provider, const std::string& endpoint, const http::Fields& form) {
  COUNCIL_ASSIGN_OR_RETURN(const http::Response response, http::PostForm(endpoint, form));
  json answer = ParseObject(response.body);
  if (response.status == 200 && !answer.is_null()) return answer;
  if (const std::string code = answer.is_null() ? "" : TextOf(answer, "error"); !code.empty()) {
    return RefusedBy(provider, code, TextOf(answer, "error_description"));
  }
  return absl::UnavailableError(
      absl::StrCat(provider.issuer, " does not answer as it should (HTTP status ", response.status, ")"));
}

absl::StatusOr<Tokens> AskForTokens(const Provider& provider, const http::Fields& form) {
  COUNCIL_ASSIGN_OR_RETURN(const json answer, Ask(provider, provider.token_endpoint, form));
  Tokens tokens{.access_token = TextOf(answer, "access_token"),
                .refresh_token = TextOf(answer, "refresh_token"),
                .id_token = TextOf(answer, "id_token")};
  if (tokens.access_token.empty() || !absl::EqualsIgnoreCase(TextOf(answer, "token_type"), "Bearer")) {
    return absl::FailedPreconditionError(absl::StrCat(provider.issuer, " gives no access token of the kind Bearer"));
  }
  if (const auto seconds = answer.find("expires_in"); seconds != answer.end() && seconds->is_number()) {
    tokens.life = absl::Seconds(seconds->get<double>());
  }
  return tokens;
}

}  // namespace council::cli
