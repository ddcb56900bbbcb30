// What stands between a handler and its caller, whatever shape the call has.
#ifndef COUNCIL_LIBS_RPC_GUARD_H_
#define COUNCIL_LIBS_RPC_GUARD_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// Runs `body` unless the call is over (DEADLINE_EXCEEDED, CANCELLED), and turns what it throws into INTERNAL.
absl::Status Guarded(const CallContext& call, absl::FunctionRef<absl::Status()> body);

// What is sent for `status`: without details of the service's own mistakes, which go to its log.
absl::Status ForCaller(const absl::Status& status);

// RESOURCE_EXHAUSTED (OVERLOADED): there is no thread for the call.
absl::Status Overloaded();

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_GUARD_H_
