#ifndef COUNCIL_TESTS_SUPPORT_CALL_H_
#define COUNCIL_TESTS_SUPPORT_CALL_H_

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/rpc/grpc_status.h"

namespace council::test {

// Whose call it is, and how long it may take.
struct Caller {
  std::string owner = "ada";
  absl::Duration timeout = absl::Minutes(1);
  // Waits for a connection instead of failing while there is none.
  bool wait_for_ready = false;
};

// Prepares a call by `caller`.
inline void Prepare(const Caller& caller, grpc::ClientContext& context) {
  context.AddMetadata("x-council-owner", caller.owner);
  context.set_deadline(absl::ToChronoTime(absl::Now() + caller.timeout));
  context.set_wait_for_ready(caller.wait_for_ready);
}

// Makes a unary call and returns its answer, or its status with the error details as payloads.
//
//   const auto answer = Call(*suite.ledger, &LedgerService::Stub::AppendInteraction, request);
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              const Request& request, const Caller& caller = {}) {
  grpc::ClientContext context;
  Prepare(caller, context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  return response;
}

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_CALL_H_
