#ifndef COUNCIL_LIBS_RPC_CLIENT_H_
#define COUNCIL_LIBS_RPC_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// A channel to a service of the suite at `address` ("HOST:PORT", "dns:///name:port", "ipv4:HOST:PORT,HOST:PORT",
// "unix:/path"), for calls that only read: one that meets UNAVAILABLE, or a server that is about to end, is tried five
// times within its deadline, for longer than it takes to find the copies that came when others went. Copies of the
// service take calls by turns. While calls run a connection that is silent for 30 seconds is asked for a sign of life.
// Connects when used, and again, with at most two seconds between tries, when the connection is lost.
std::shared_ptr<grpc::Channel> MakeChannel(
    const std::string& address,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials = grpc::InsecureChannelCredentials());

// Prepares a call made on behalf of `call`: the same deadline, the same owner, and not counted against their rate
// again, in the same trace.
void PrepareContext(const CallContext& call, grpc::ClientContext& context);

// The outcome of a call to `service` ("ledger") on behalf of `call`, as a handler passes it on. Errors keep code and
// details, as its answer (see AnswerOf), but for a service that can't be reached, which becomes UNAVAILABLE with the
// reason SERVICE_UNAVAILABLE, and a refused identity, which is not the caller's mistake if it was accepted here and has
// not expired since.
absl::Status FromCall(const std::string& service, const CallContext& call, const grpc::Status& status);

// Calls `method` of `stub` on behalf of `call` and answers as FromCall does.
//
//     Ask("ledger", *stub_, &LedgerService::Stub::GetTie, call, request)
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Ask(const std::string& service, Stub& stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                             const CallContext& call, const Request& request) {
  grpc::ClientContext context;
  PrepareContext(call, context);
  Response response;
  absl::Status status = FromCall(service, call, (stub.*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_CLIENT_H_
