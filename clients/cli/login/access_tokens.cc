#include "clients/cli/login/access_tokens.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/login/provider.h"
#include "libs/base/read_file.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr size_t kMaxTokenFileBytes = 64 << 10;

// What ends a sign-in, so that it is no use to try again with the same refresh token.
bool HasEnded(const absl::Status& status) {
  const std::string error = OAuthErrorOf(status);
  return error == "invalid_grant" || error == "invalid_client" || error == "unauthorized_client";
}

absl::Status Ended(absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("your sign-in has ended: ", why, "; council login signs you in anew"));
}

absl::StatusOr<Tokens> AskToRenew(const Login& login) {
  COUNCIL_ASSIGN_OR_RETURN(const Provider provider, Discover(login.settings.issuer));
  http::Fields form = RequestFields(login.settings);
  form.insert(form.end(), {{"grant_type", "refresh_token"}, {"refresh_token", login.refresh_token}});
  return AskForTokens(provider, form);
}

}  // namespace

absl::StatusOr<std::string> AccessTokenFile::Get(absl::Duration /*time*/) {
  const auto text = base::ReadFile(path_, kMaxTokenFileBytes + 1);
  if (!text.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("--access-token-file: ", path_, " can't be read"));
  }
  last_ = std::string(absl::StripAsciiWhitespace(*text));
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  if (last_.empty() || text->size() > kMaxTokenFileBytes || !std::all_of(last_.begin(), last_.end(), printable)) {
    return absl::InvalidArgumentError(absl::StrCat("--access-token-file: ", path_, " holds no access token"));
  }
  return last_;
}

absl::StatusOr<std::string> AccessTokenFile::Whose() {
  COUNCIL_ASSIGN_OR_RETURN(const std::string token, Get(absl::ZeroDuration()));
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  std::string text;
  if (parts.size() == 3 && absl::WebSafeBase64Unescape(parts[1], &text)) {
    const auto claims = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    const auto claim = [&claims](const char* name) {
      return claims.is_object() && claims.contains(name) && claims[name].is_string() ? claims[name].get<std::string>()
                                                                                     : "";
    };
    if (!claim("sub").empty()) return absl::StrCat(claim("sub"), " of ", claim("iss"));
  }
  return absl::StrCat("the token in ", path_);
}

absl::Status AccessTokenFile::Renew() {
  const std::string refused = last_;
  COUNCIL_RETURN_IF_ERROR(Get(absl::ZeroDuration()).status());
  if (last_ != refused) return absl::OkStatus();
  return absl::UnauthenticatedError(absl::StrCat("the suite refuses the access token in ", path_,
                                                 ": it has expired, or is not for this suite; put a new one there"));
}

bool AccessTokens::Lasts(const Login& login, absl::Duration time) const {
  return clock_.Now() + std::min(time, (login.expires - login.issued) / 2) < login.expires;
}

absl::StatusOr<std::string> AccessTokens::Get(absl::Duration time) {
  if (!Lasts(login_, time)) {
    const absl::Status renewed = RenewFor(time);
    // What is still good serves, though not for as long as it should.
    if (!renewed.ok() && (!absl::IsUnavailable(renewed) || !Lasts(login_, absl::ZeroDuration()))) return renewed;
  }
  return login_.access_token;
}

absl::Status AccessTokens::Renew() {
  return RenewFor(absl::ZeroDuration());
}

absl::Status AccessTokens::RenewFor(absl::Duration time) {
  COUNCIL_ASSIGN_OR_RETURN(const FileLock lock, file_.Lock());
  const Login kept = file_.Load();
  if (!kept.signed_in() || kept.subject != login_.subject || kept.settings.issuer != login_.settings.issuer) {
    return Ended("another council has signed you out, or somebody else in, meanwhile");
  }
  if (kept.access_token != login_.access_token && Lasts(kept, time)) {
    login_ = kept;
    return absl::OkStatus();
  }
  if (kept.refresh_token.empty()) {
    return Ended(absl::StrCat(kept.settings.issuer,
                              " gave nothing to renew it with (the scope offline_access often asks for that)"));
  }
  const absl::StatusOr<Tokens> tokens = AskToRenew(kept);
  if (HasEnded(tokens.status())) {
    COUNCIL_RETURN_IF_ERROR(file_.Save({.settings = kept.settings}));
    return Ended(tokens.status().message());
  }
  if (!tokens.ok()) {
    return absl::Status(tokens.status().code(),
                        absl::StrCat("your sign-in can't be renewed: ", tokens.status().message()));
  }
  COUNCIL_ASSIGN_OR_RETURN(login_, Renewed(kept, *tokens, clock_.Now()));
  // What can't be kept is worth a failure: the old refresh token may be used up.
  return file_.Save(login_);
}

}  // namespace council::cli
