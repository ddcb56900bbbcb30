// What stands between a handler and its caller, whatever shape the call has.
#ifndef COUNCIL_LIBS_RPC_GUARD_H_
#define COUNCIL_LIBS_RPC_GUARD_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// Runs `body` unless the call is over (DEADLINE_EXCEEDED, CANCELLED), and turns what it throws into INTERNAL with the
// exception's type: what it says might be of people.
absl::Status Guarded(const CallContext& call, absl::FunctionRef<absl::Status()> body);

// `status` as the answer of another service ("ledger"), which this one passes on. Known within the process alone.
absl::Status AnswerOf(const std::string& service, absl::Status status);

// The service whose answer `status` is; empty where it is this one's own.
std::string WhoseAnswer(const absl::Status& status);

// What is sent for `status`: without what a mistake of the service's was, and whose answer it is, which the log says.
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
