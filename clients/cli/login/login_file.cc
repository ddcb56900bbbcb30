#include "clients/cli/login/login_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace council::cli {
namespace {

using nlohmann::json;

json ReadAll(const std::string& path) {
  std::ifstream file(path);
  json all = json::parse(file, nullptr, /*allow_exceptions=*/false);
  return all.is_object() ? all : json::object();
}

absl::Time TimeOf(const json& object, const char* name, absl::Time otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? absl::FromUnixSeconds(found->get<int64_t>()) : otherwise;
}

}  // namespace

Login LoginFile::Load() const {
  Login login;
  if (path_.empty()) return login;
  const json all = ReadAll(path_);
  const auto found = all.find(suite_);
  if (found == all.end() || !found->is_object()) return login;
  login.settings = {.issuer = TextOf(*found, "issuer"),
                    .client_id = TextOf(*found, "clientId"),
                    .scope = TextOf(*found, "scope"),
                    .resource = TextOf(*found, "resource")};
  login.access_token = TextOf(*found, "accessToken");
  login.refresh_token = TextOf(*found, "refreshToken");
  login.issued = TimeOf(*found, "issued", absl::UnixEpoch());
  login.expires = TimeOf(*found, "expires", absl::InfiniteFuture());
  login.subject = TextOf(*found, "subject");
  login.name = TextOf(*found, "name");
  return login;
}

absl::StatusOr<FileLock> LoginFile::Lock() const {
  if (path_.empty()) return absl::UnavailableError("neither XDG_STATE_HOME nor HOME says where to keep a sign-in");
  return FileLock::Acquire(path_);
}

absl::Status LoginFile::Save(const Login& login) const {
  json kept = {{"issuer", login.settings.issuer},
               {"clientId", login.settings.client_id},
               {"scope", login.settings.scope},
               {"resource", login.settings.resource}};
  if (login.signed_in()) {
    kept.update({{"accessToken", login.access_token},
                 {"refreshToken", login.refresh_token},
                 {"issued", absl::ToUnixSeconds(login.issued)},
                 {"subject", login.subject},
                 {"name", login.name}});
    if (login.expires != absl::InfiniteFuture()) kept["expires"] = absl::ToUnixSeconds(login.expires);
  }
  json all = ReadAll(path_);
  all[suite_] = kept;
  return WritePrivateFile(path_, all.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace council::cli
