#ifndef COUNCIL_LIBS_RPC_GRPC_STATUS_H_
#define COUNCIL_LIBS_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace council::rpc {

// `status` as gRPC sends it: the same code and message, payloads as details of a `google.rpc.Status`.
grpc::Status ToGrpc(const absl::Status& status);

// The reverse, for answers of other services.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_GRPC_STATUS_H_
