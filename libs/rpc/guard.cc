#include "libs/rpc/guard.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "libs/base/status.h"
#include "libs/telemetry/trace.h"

namespace council::rpc {

absl::Status Guarded(const CallContext& call, absl::FunctionRef<absl::Status()> body) {
  const telemetry::TraceScope scope(call.trace());
  if (absl::Now() >= call.deadline()) return absl::DeadlineExceededError("the deadline passed while the call waited");
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
  try {
    return body();
  } catch (const std::exception& e) {
    spdlog::error("{}: uncaught exception of type {}", call.method(), typeid(e).name());
    return absl::InternalError("");
  }
}

absl::Status ForCaller(const absl::Status& status) {
  const bool own_mistake = status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown;
  if (!own_mistake) return status;
  spdlog::error("internal error: {}", status.ToString(absl::StatusToStringMode::kWithNoExtraData));
  return base::Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL,
                     "the service made a mistake; its log has more");
}

absl::Status CredentialExpired() {
  return base::Error(absl::StatusCode::kUnauthenticated, common::v1::ERROR_REASON_UNAUTHENTICATED,
                     "the access token has expired meanwhile");
}

absl::Status OrExpired(const CallContext& call, absl::Status status) {
  return !status.ok() && call.principal().expires <= absl::Now() ? CredentialExpired() : std::move(status);
}

absl::Status Overloaded() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                     "too many calls are waiting; try again shortly"),
                         absl::Seconds(1));
}

absl::Status TooManyStreams() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_RATE_LIMITED,
                                     "too many imports and exports of yours are under way; try again shortly"),
                         absl::Seconds(1));
}

}  // namespace council::rpc
