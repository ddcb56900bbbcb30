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

// UNAUTHENTICATED: the caller's credential was good when the call began.
absl::Status CredentialExpired();

// `status`, or where it is a failure and the caller's credential has expired by now, CredentialExpired().
absl::Status OrExpired(const CallContext& call, absl::Status status);

// RESOURCE_EXHAUSTED (OVERLOADED): there is no thread for the call.
absl::Status Overloaded();

// RESOURCE_EXHAUSTED (RATE_LIMITED): the owner has as many streams open as one may.
absl::Status TooManyStreams();

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_GUARD_H_
