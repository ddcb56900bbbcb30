#include "libs/identity/claims.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/status.h"

namespace council::identity {
namespace {

using nlohmann::json;

constexpr size_t kMaxName = 255;
// The year 5138; later times overflow nothing, but are no times either.
constexpr double kMaxSeconds = 1e11;

// A claim that is one string or a list of them; empty where it is neither.
std::vector<std::string> StringsOf(const json& claims, const char* name) {
  std::vector<std::string> texts;
  const auto found = claims.find(name);
  if (found == claims.end()) return texts;
  if (found->is_string()) return {found->get<std::string>()};
  if (!found->is_array()) return texts;
  for (const json& text : *found) {
    if (!text.is_string()) return {};
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

// A claim that names somebody: one string of 1 to 255 bytes without control characters.
std::optional<std::string> NameOf(const json& claims, const std::string& claim) {
  const auto found = claims.find(claim);
  if (found == claims.end() || !found->is_string()) return std::nullopt;
  std::string name = found->get<std::string>();
  const bool fits = !name.empty() && name.size() <= kMaxName &&
                    std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return fits ? std::optional(std::move(name)) : std::nullopt;
}

// Nothing where there is no such claim.
absl::StatusOr<std::optional<absl::Time>> TimeOf(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return std::nullopt;
  const double seconds = found->is_number() ? found->get<double>() : -1;
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kMaxSeconds) {
    return Refused(absl::StrCat("the access token's ", name, " is no time"));
  }
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

absl::StatusOr<absl::Time> CheckTimes(const json& claims, absl::Time now) {
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<absl::Time> expires, TimeOf(claims, "exp"));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<absl::Time> not_before, TimeOf(claims, "nbf"));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<absl::Time> issued, TimeOf(claims, "iat"));
  if (!expires) return Refused("the access token has no end (exp)");
  if (now >= *expires + kLeeway) return Refused("the access token has expired");
  if (*expires > now + kLongestLife + kLeeway) return Refused("the access token is good for more than an hour");
  if (not_before && *not_before > now + kLeeway) return Refused("the access token is not good yet (nbf)");
  if (issued && *issued > now + kLeeway) return Refused("the access token is issued in the future (iat)");
  return *expires + kLeeway;
}

absl::StatusOr<std::string> TenantOf(const Issuer& issuer, const json& claims) {
  if (!issuer.tenant.empty()) return issuer.tenant;
  auto tenant = NameOf(claims, issuer.tenant_claim);
  if (!tenant) return Refused("the access token does not name the tenant");
  const auto& tenants = issuer.tenants;
  const bool any = tenants == std::vector<std::string>{"*"};
  if (!any && std::find(tenants.begin(), tenants.end(), *tenant) == tenants.end()) {
    return Refused("the access token's issuer may not speak for this tenant");
  }
  return *std::move(tenant);
}

void ReadScopes(const json& claims, Caller& caller) {
  // RFC 9068 has "scope", one string; some providers have "scp", a string or a list.
  for (const char* name : {"scope", "scp"}) {
    for (const std::string& texts : StringsOf(claims, name)) {
      for (const absl::string_view scope : absl::StrSplit(texts, ' ')) {
        caller.may_read |= scope == "council.read";
        caller.may_write |= scope == "council.write";
      }
    }
  }
}

}  // namespace

absl::StatusOr<Caller> CheckClaims(const Issuer& issuer, const SignedToken& token, absl::Time now) {
  const json& claims = token.claims();
  if (const auto named = claims.find("iss"); named == claims.end() || *named != issuer.issuer) {
    return Refused("the access token is of another issuer");
  }
  if (token.type() != "at+jwt" && !issuer.allow_id_tokens) {
    return Refused("the token does not say that it is an access token (typ at+jwt)");
  }
  Caller caller;
  COUNCIL_ASSIGN_OR_RETURN(caller.expires, CheckTimes(claims, now));
  const std::vector<std::string> named = StringsOf(claims, "aud");
  const bool for_us = std::any_of(named.begin(), named.end(), [&](const std::string& audience) {
    return std::find(issuer.audiences.begin(), issuer.audiences.end(), audience) != issuer.audiences.end();
  });
  if (!for_us) return Refused("the access token is for another audience");
  if (claims.contains("cnf"))
    return Refused("the access token is bound to a key of its sender's, which is not looked at");

  COUNCIL_ASSIGN_OR_RETURN(caller.owner.tenant, TenantOf(issuer, claims));
  auto subject = NameOf(claims, issuer.subject_claim);
  if (!subject) return Refused("the access token does not name a person");
  if (subject->find('@') != std::string::npos) {
    return Refused("the access token names a person by an e-mail address, which another one may have later");
  }
  caller.owner.subject = *std::move(subject);
  for (const char* claim : {"azp", "client_id"}) {
    if (auto client = NameOf(claims, claim)) caller.client = *std::move(client);
  }
  ReadScopes(claims, caller);
  return caller;
}

}  // namespace council::identity
