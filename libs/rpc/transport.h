// How a program is reached and reaches others, as its flags say: in clear on this machine, over TLS beyond it.
#ifndef COUNCIL_LIBS_RPC_TRANSPORT_H_
#define COUNCIL_LIBS_RPC_TRANSPORT_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/rpc/channel.h"

namespace council::rpc {

struct TlsFlags {
  std::string certificate{};         // --tls-cert
  std::string key{};                 // --tls-key
  std::string client_ca{};           // --tls-client-ca
  std::vector<std::string> peers{};  // --tls-peers
};

// The credentials to serve `listen` with. INVALID_ARGUMENT, with a sentence for the operator, where `listen` is not
// loopback and there is no certificate, where flags that need each other are not all there, and as TlsFiles::Open.
// `clock` must outlive the result.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTransport(const TlsFlags& flags,
                                                                         const std::string& listen,
                                                                         const base::Clock& clock);

// Where the service at `address`, which `flag` names ("--contacts"), is called: over TLS with the program's own
// certificate where there are CAs to know it by (`ca`, the path of --tls-ca), else in clear. INVALID_ARGUMENT where
// there are none and the address is not loopback, where there is no certificate to show, and as TlsFiles::Open. `clock`
// must outlive the result.
absl::StatusOr<ChannelSource> ChannelTo(const std::string& flag, const std::string& address, const std::string& ca,
                                        const TlsFlags& flags, const base::Clock& clock);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_TRANSPORT_H_
