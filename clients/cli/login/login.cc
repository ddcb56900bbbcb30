#include "clients/cli/login/login.h"

#include <algorithm>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace council::cli {
namespace {

using nlohmann::json;

// How far clocks may differ.
constexpr absl::Duration kLeeway = absl::Minutes(2);

// The claims of a signed token; null where it is none. OpenID Connect Core 3.1.3.7 lets TLS stand for the signature
// where the token comes straight from the provider.
json ClaimsOf(const std::string& token) {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  std::string text;
  if (parts.size() != 3 || !absl::WebSafeBase64Unescape(parts[1], &text)) return json();
  json claims = json::parse(text, nullptr, /*allow_exceptions=*/false);
  return claims.is_object() ? claims : json();
}

bool Names(const json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  if (audience->is_string()) return *audience == client_id;
  return audience->is_array() && std::find(audience->begin(), audience->end(), client_id) != audience->end();
}

std::string NameOf(const json& claims) {
  for (const char* claim : {"name", "preferred_username", "email"}) {
    if (std::string name = TextOf(claims, claim); !name.empty()) return name;
  }
  return "";
}

void Take(const Tokens& tokens, absl::Time now, Login& login) {
  login.access_token = tokens.access_token;
  login.issued = now;
  login.expires = now + tokens.life;
  // A provider that does not rotate refresh tokens sends none with a renewal.
  if (!tokens.refresh_token.empty()) login.refresh_token = tokens.refresh_token;
}

}  // namespace

http::Fields RequestFields(const LoginSettings& settings) {
  http::Fields fields = {{"client_id", settings.client_id}};
  if (!settings.resource.empty()) fields.emplace_back("resource", settings.resource);
  return fields;
}

absl::StatusOr<Login> MakeLogin(const LoginSettings& settings, const Tokens& tokens, const std::string& nonce,
                                absl::Time now) {
  const auto wrong = [&](absl::string_view what) {
    return absl::FailedPreconditionError(absl::StrCat(settings.issuer, " does not say who signed in: ", what));
  };
  const json claims = ClaimsOf(tokens.id_token);
  if (claims.is_null()) return wrong("it gives no ID token");
  if (TextOf(claims, "iss") != settings.issuer) return wrong("its ID token is another provider's");
  if (!Names(claims, settings.client_id)) return wrong("its ID token is for another program");
  if (TextOf(claims, "nonce") != nonce) return wrong("its ID token answers another request");
  const auto expires = claims.find("exp");
  if (expires == claims.end() || !expires->is_number() ||
      absl::UnixEpoch() + absl::Seconds(expires->get<double>()) + kLeeway <= now) {
    return wrong("its ID token has ended; is this machine's clock right?");
  }
  Login login;
  login.settings = settings;
  login.subject = TextOf(claims, "sub");
  login.name = NameOf(claims);
  if (login.subject.empty()) return wrong("its ID token names nobody");
  Take(tokens, now, login);
  return login;
}

absl::StatusOr<Login> Renewed(Login login, const Tokens& tokens, absl::Time now) {
  if (!tokens.id_token.empty() && TextOf(ClaimsOf(tokens.id_token), "sub") != login.subject) {
    return absl::FailedPreconditionError(absl::StrCat(
        login.settings.issuer, " renewed the sign-in for another person; council login signs you in anew"));
  }
  Take(tokens, now, login);
  return login;
}

}  // namespace council::cli
