#include "clients/cli/login/access_tokens.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/cli/login/provider.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

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
