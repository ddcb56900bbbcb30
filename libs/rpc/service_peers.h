#ifndef COUNCIL_LIBS_RPC_SERVICE_PEERS_H_
#define COUNCIL_LIBS_RPC_SERVICE_PEERS_H_

#include <grpcpp/security/auth_context.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace council::rpc {

// The services that may call in an owner's name, and which methods. A service is known by the certificate that it
// shows; whose name it calls in, by the owner's credential that it passes on. It needs both.
class ServicePeers {
 public:
  // No service may call.
  ServicePeers() = default;

  // Services whose certificate has one of `names` as a DNS name or URI, to the letter, may call `methods`
  // ("GetCouncil").
  ServicePeers(std::vector<std::string> names, std::vector<std::string> methods)
      : names_(std::move(names)), methods_(std::move(methods)) {}

  // The name of the service that calls; nothing where the caller shows no certificate, which is the owner's own program
  // then. UNAUTHENTICATED where its certificate has none of the names, PERMISSION_DENIED where the method is none of
  // those.
  absl::StatusOr<std::optional<std::string>> Identify(const grpc::AuthContext& context, absl::string_view method) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> methods_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_SERVICE_PEERS_H_
