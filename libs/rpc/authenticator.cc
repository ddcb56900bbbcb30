#include "libs/rpc/authenticator.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

constexpr char kOwnerHeader[] = "x-council-owner";
constexpr char kTenant[] = "dev";
constexpr size_t kMaxOwner = 200;

absl::Status Unauthenticated(absl::string_view message) {
  return base::Error(absl::StatusCode::kUnauthenticated, common::v1::ERROR_REASON_UNAUTHENTICATED, message);
}

bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

bool IsProxyHeader(const std::string& name) {
  return absl::StartsWith(name, "x-forwarded-") || name == "forwarded" || name == "via" || name == "x-real-ip";
}

}  // namespace

bool IsLoopback(const std::string& listen) {
  if (absl::StartsWith(listen, "unix:")) return true;
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return false;
  std::string host = listen.substr(0, colon);
  if (host == "localhost") return true;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    in6_addr address;
    if (inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) != 1) return false;
    return IN6_IS_ADDR_LOOPBACK(&address);
  }
  in_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

absl::StatusOr<Principal> InsecureDevAuthenticator::Authenticate(const Metadata& metadata) const {
  std::string owner;
  for (const auto& [name_ref, value] : metadata) {
    const std::string name(name_ref.data(), name_ref.size());
    if (IsProxyHeader(name)) {
      return Unauthenticated("--auth=insecure-dev answers no request that came through a proxy");
    }
    if (name != kOwnerHeader) continue;
    if (!owner.empty()) return Unauthenticated("x-council-owner is given more than once");
    owner.assign(value.data(), value.size());
  }
  if (owner.empty()) {
    return Unauthenticated("the call names no owner: send the metadata x-council-owner: NAME");
  }
  if (owner.size() > kMaxOwner || !IsPrintable(owner)) {
    return Unauthenticated("x-council-owner must be 1 to 200 printable ASCII characters without spaces");
  }
  return Principal{.owner = {kTenant, owner}, .client = "owner", .credential = {kOwnerHeader, owner}};
}

absl::Status InsecureDevAuthenticator::CheckListenAddress(const std::string& listen) const {
  if (IsLoopback(listen)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--auth=insecure-dev believes whoever calls, so it may listen on loopback alone (127.0.0.1:PORT, "
                   "[::1]:PORT, localhost:PORT or unix:PATH), not on ",
                   listen));
}

absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const std::string& auth) {
  if (auth == "insecure-dev") return std::make_unique<InsecureDevAuthenticator>();
  return absl::InvalidArgumentError(absl::StrCat("--auth=\"", auth, "\" is not known; this version has insecure-dev"));
}

}  // namespace council::rpc
