#include "clients/cli/transport.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/loopback.h"
#include "libs/base/read_file.h"

namespace council::cli {
namespace {

// More than a bundle of all public CAs has.
constexpr size_t kMaxCaBytes = 4 << 20;

}  // namespace

absl::StatusOr<Transport> Transport::Create(bool tls, const std::string& ca_path) {
  if (ca_path.empty()) return Transport(tls, "", "");
  std::optional<std::string> roots = base::ReadFile(ca_path, kMaxCaBytes);
  if (!roots.has_value()) return absl::InvalidArgumentError(absl::StrCat("--ca: ", ca_path, " can't be read"));
  if (!absl::StrContains(*roots, "-----BEGIN CERTIFICATE-----")) {
    return absl::InvalidArgumentError(
        absl::StrCat("--ca: ", ca_path, " holds no certificate (-----BEGIN CERTIFICATE-----)"));
  }
  return Transport(true, ca_path, *std::move(roots));
}

Transport::Transport(bool tls, std::string ca_path, std::string roots)
    : tls_(tls), ca_path_(std::move(ca_path)), roots_(std::move(roots)) {}

bool Transport::UsesTls(const std::string& address) const {
  return !absl::StartsWith(address, "unix:") && (tls_ || !base::IsLoopbackAddress(address));
}

std::shared_ptr<grpc::ChannelCredentials> Transport::CredentialsFor(const std::string& address) const {
  if (!UsesTls(address)) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = roots_;
  return grpc::SslCredentials(options);
}

std::string Transport::WhyUnreachable(const std::string& service, const std::string& address,
                                      const std::string& grpc_message) const {
  const auto says = [&grpc_message](absl::string_view text) { return absl::StrContains(grpc_message, text); };
  const std::string unreachable = absl::StrCat("the ", service, " service can't be reached at ", address);
  if (!UsesTls(address)) {
    return says("Socket closed") || says("reset by peer")
               ? absl::StrCat(unreachable, ": it hangs up; if it speaks TLS, say --tls or --ca FILE")
               : unreachable;
  }
  if (says("certificate verify failed")) {
    return absl::StrCat(
        "the certificate at ", address, " can't be believed: it has expired, or its CA is not ",
        ca_path_.empty() ? "one that this system knows; --ca FILE names another" : absl::StrCat("in ", ca_path_));
  }
  if (says("not in peer certificate")) {
    return absl::StrCat("the certificate at ", address,
                        " is for another name: somebody else answers there, or the service goes by another address");
  }
  if (says("handshake failed") || says("ALPN")) {
    return absl::StrCat(unreachable, ": what answers there does not speak gRPC over TLS");
  }
  return unreachable;
}

}  // namespace council::cli
