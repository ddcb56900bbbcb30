#ifndef COUNCIL_LIBS_RPC_AUTHENTICATOR_H_
#define COUNCIL_LIBS_RPC_AUTHENTICATOR_H_

#include <grpcpp/support/string_ref.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// A call's metadata as the client sent it; names are lower-case.
using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// Finds out who calls. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // UNAUTHENTICATED where the metadata names no caller or its proof does not hold, UNAVAILABLE while what is needed to
  // look at it is fetched. Never blocks. The message never quotes the proof.
  virtual absl::StatusOr<Principal> Authenticate(const Metadata& metadata) const = 0;

  // Fails with a sentence for the operator where this way of authentication must not be offered on `listen`, though it
  // be over TLS.
  virtual absl::Status CheckListenAddress(const std::string& /*listen*/) const { return absl::OkStatus(); }
};

// The header with which a service says that it calls in the course of an owner's call; believed by insecure-dev alone.
inline constexpr char kThroughServiceHeader[] = "x-council-through-service";

// Believes the header `x-council-owner: NAME`; every owner is of the tenant "dev". For trying Council out on one
// machine: refuses any address but loopback and Unix sockets, and any request that came through a proxy (x-forwarded-*,
// forwarded, via), since such a proxy may serve others.
class InsecureDevAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<Principal> Authenticate(const Metadata& metadata) const override;
  absl::Status CheckListenAddress(const std::string& listen) const override;
};

struct AuthOptions {
  // The value of --auth: "insecure-dev" or "jwt".
  std::string auth;
  // For jwt, the path of a file of issuers (identity::ReadIssuers).
  std::string issuers = {};
};

// The authenticator for these options; INVALID_ARGUMENT, with a sentence for the operator, where they don't fit. For
// jwt it fetches the issuers' keys, and starts a thread that goes on to. `clock` must outlive it.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const AuthOptions& options, const base::Clock& clock);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_AUTHENTICATOR_H_
