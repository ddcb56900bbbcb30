// How the suite is reached: in clear on this machine, over TLS beyond it.
#ifndef COUNCIL_CLIENTS_CLI_TRANSPORT_H_
#define COUNCIL_CLIENTS_CLI_TRANSPORT_H_

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace council::cli {

class Transport {
 public:
  // TLS beyond this machine, with the system's CAs.
  Transport() = default;

  // `tls`: TLS on this machine too. `ca_path`: a PEM file with the CAs to believe instead of the system's, which asks
  // for TLS everywhere; empty: none. INVALID_ARGUMENT, naming --ca, where it can't be read or holds no certificate.
  static absl::StatusOr<Transport> Create(bool tls, const std::string& ca_path);

  // Whether `address` ("HOST:PORT", "unix:PATH") is reached over TLS.
  bool UsesTls(const std::string& address) const;

  std::shared_ptr<grpc::ChannelCredentials> CredentialsFor(const std::string& address) const;

  // Why `service` ("ledger") can't be reached at `address`, in words that help; `grpc_message` is gRPC's own.
  std::string WhyUnreachable(const std::string& service, const std::string& address,
                             const std::string& grpc_message) const;

 private:
  Transport(bool tls, std::string ca_path, std::string roots);

  bool tls_ = false;
  std::string ca_path_;
  std::string roots_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_TRANSPORT_H_
