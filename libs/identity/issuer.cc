#include "libs/identity/issuer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/read_file.h"
#include "libs/base/status.h"
#include "libs/http/http.h"

namespace council::identity {
namespace {

using nlohmann::json;

constexpr size_t kMaxFileBytes = 1 << 20;

// What providers put there changes hands: an address is given to the next person of that name.
constexpr const char* kReassignedClaims[] = {"email",    "mail", "preferred_username", "unique_name", "upn",
                                             "username", "name", "nickname",           "phone_number"};

absl::Status CheckIssuer(const Issuer& issuer, bool only_one) {
  const auto wrong = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("the issuer \"", issuer.issuer, "\" ", what));
  };
  if (issuer.issuer.empty()) return absl::InvalidArgumentError("an issuer must be named, as the claim iss names it");
  if (issuer.audiences.empty() || std::count(issuer.audiences.begin(), issuer.audiences.end(), "") > 0) {
    return wrong("needs an audience: what the claim aud names this suite by");
  }
  if (issuer.jwks.empty()) return wrong("needs its keys: the path or the URL of a JWKS");
  if (absl::StrContains(issuer.jwks, "://")) {
    if (const absl::Status url = http::CheckUrl(issuer.jwks); !url.ok()) {
      return wrong(absl::StrCat("has keys that can't be fetched safely: ", url.message()));
    }
  }
  if (issuer.subject_claim.empty()) return wrong("needs a claim that names the person");
  for (const char* claim : kReassignedClaims) {
    if (issuer.subject_claim != claim) continue;
    return wrong(absl::StrCat("must not name persons by \"", claim,
                              "\": it is given to another person in time, who would then read the first one's ledger"));
  }
  if (issuer.tenant.empty() == issuer.tenant_claim.empty()) {
    return wrong("needs either one tenant, or a claim that names the tenant");
  }
  if (issuer.tenant_claim.empty() != issuer.tenants.empty()) {
    return wrong("needs the list of tenants it may speak for together with the claim that names them");
  }
  const bool any = std::count(issuer.tenants.begin(), issuer.tenants.end(), "*") > 0;
  if (any && (issuer.tenants.size() > 1 || !only_one)) {
    return wrong("may speak for any tenant (*) only where it is the only issuer, with no other tenant beside the *");
  }
  return absl::OkStatus();
}

absl::Status ReadStrings(const json& value, std::vector<std::string>& texts) {
  if (!value.is_array()) return absl::InvalidArgumentError("must be a list of strings");
  for (const json& text : value) {
    if (!text.is_string()) return absl::InvalidArgumentError("must be a list of strings");
    texts.push_back(text.get<std::string>());
  }
  return absl::OkStatus();
}

absl::Status ReadMember(const std::string& name, const json& value, Issuer& issuer) {
  if (name == "audiences") return ReadStrings(value, issuer.audiences);
  if (name == "tenants") return ReadStrings(value, issuer.tenants);
  if (name == "allow_id_tokens") {
    if (!value.is_boolean()) return absl::InvalidArgumentError("must be true or false");
    issuer.allow_id_tokens = value.get<bool>();
    return absl::OkStatus();
  }
  std::string* text = name == "issuer"          ? &issuer.issuer
                      : name == "jwks"          ? &issuer.jwks
                      : name == "subject_claim" ? &issuer.subject_claim
                      : name == "tenant"        ? &issuer.tenant
                      : name == "tenant_claim"  ? &issuer.tenant_claim
                                                : nullptr;
  if (text == nullptr) return absl::InvalidArgumentError("is not known");
  if (!value.is_string()) return absl::InvalidArgumentError("must be a string");
  *text = value.get<std::string>();
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckIssuers(const std::vector<Issuer>& issuers) {
  if (issuers.empty()) return absl::InvalidArgumentError("there must be one issuer at least");
  std::set<std::string> names;
  std::set<std::string> tenants;
  for (const Issuer& issuer : issuers) {
    COUNCIL_RETURN_IF_ERROR(CheckIssuer(issuer, issuers.size() == 1));
    if (!names.insert(issuer.issuer).second) {
      return absl::InvalidArgumentError(absl::StrCat("the issuer \"", issuer.issuer, "\" is named twice"));
    }
    std::vector<std::string> own = issuer.tenants;
    if (!issuer.tenant.empty()) own.push_back(issuer.tenant);
    for (const std::string& tenant : own) {
      if (tenants.insert(tenant).second) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("the tenant \"", tenant, "\" is named twice; only one issuer may speak for a tenant, since two ",
                       "may give the same subject to different persons"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Issuer>> ParseIssuers(const std::string& text) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || document.size() != 1 || !document.contains("issuers") ||
      !document["issuers"].is_array()) {
    return absl::InvalidArgumentError("the file of issuers must be JSON: {\"issuers\": [{\"issuer\": …}, …]}");
  }
  std::vector<Issuer> issuers;
  for (const json& entry : document["issuers"]) {
    if (!entry.is_object()) return absl::InvalidArgumentError("each issuer must be a JSON object");
    Issuer issuer;
    for (const auto& [name, value] : entry.items()) {
      if (const absl::Status status = ReadMember(name, value, issuer); !status.ok()) {
        return absl::InvalidArgumentError(absl::StrCat("issuers[", issuers.size(), "].", name, " ", status.message()));
      }
    }
    issuers.push_back(std::move(issuer));
  }
  COUNCIL_RETURN_IF_ERROR(CheckIssuers(issuers));
  return issuers;
}

absl::StatusOr<std::vector<Issuer>> ReadIssuers(const std::string& path) {
  const auto text = base::ReadFile(path, kMaxFileBytes + 1);
  if (!text.has_value()) return absl::NotFoundError("the file can't be read");
  if (text->size() > kMaxFileBytes) return absl::InvalidArgumentError("the file is too long for a list of issuers");
  return ParseIssuers(*text);
}

}  // namespace council::identity
