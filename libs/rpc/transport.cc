#include "libs/rpc/transport.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/loopback.h"
#include "libs/base/status.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server_tls.h"
#include "libs/rpc/tls_files.h"

namespace council::rpc {
namespace {

absl::Status CheckTogether(const TlsFlags& flags) {
  if (flags.certificate.empty() != flags.key.empty()) {
    return absl::InvalidArgumentError("--tls-cert and --tls-key belong together: give both");
  }
  if (flags.client_ca.empty() != flags.peers.empty()) {
    return absl::InvalidArgumentError(
        "--tls-client-ca and --tls-peers belong together: the CAs by which other services are known, and the names in "
        "the certificates of those that may call");
  }
  if (!flags.client_ca.empty() && flags.certificate.empty()) {
    return absl::InvalidArgumentError("--tls-client-ca needs --tls-cert and --tls-key: other services call over TLS");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTransport(const TlsFlags& flags,
                                                                         const std::string& listen,
                                                                         const base::Clock& clock) {
  COUNCIL_RETURN_IF_ERROR(CheckTogether(flags));
  if (!flags.certificate.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(auto files, TlsFiles::Open({.certificate = flags.certificate,
                                                         .key = flags.key,
                                                         .roots = flags.client_ca,
                                                         .roots_flag = "--tls-client-ca"},
                                                        clock));
    return TlsServerCredentials(std::move(files));
  }
  if (base::IsLoopbackAddress(listen)) return grpc::InsecureServerCredentials();
  return absl::InvalidArgumentError(
      absl::StrCat("--listen=", listen,
                   " is reached from other machines, so it needs TLS: give --tls-cert and "
                   "--tls-key, or listen on loopback alone (127.0.0.1:PORT, [::1]:PORT, localhost:PORT or unix:PATH)"));
}

absl::StatusOr<ChannelSource> ChannelTo(const std::string& flag, const std::string& address, const std::string& ca,
                                        const TlsFlags& flags, const base::Clock& clock) {
  if (ca.empty()) {
    if (StaysOnThisMachine(address)) return ChannelSource(MakeChannel(address));
    return absl::InvalidArgumentError(
        absl::StrCat(flag, "=", address,
                     " is on another machine, so it needs TLS: give --tls-ca, the CAs by which the "
                     "service is known"));
  }
  if (flags.certificate.empty()) {
    return absl::InvalidArgumentError(
        "--tls-ca needs --tls-cert and --tls-key: the services that are called want to know who calls");
  }
  COUNCIL_ASSIGN_OR_RETURN(auto files, TlsFiles::Open({.certificate = flags.certificate,
                                                       .key = flags.key,
                                                       .roots = ca,
                                                       .roots_flag = "--tls-ca",
                                                       .use = TlsFiles::Options::Use::kCall},
                                                      clock));
  return ChannelSource(address, std::move(files));
}

}  // namespace council::rpc
