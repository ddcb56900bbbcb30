#include "libs/rpc/guard.h"

#include <exception>
#include <string>
#include <typeinfo>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"
#include "libs/telemetry/trace.h"

namespace council::rpc {
namespace {

constexpr absl::string_view kAnswerOf = "council/answer-of";

}  // namespace

absl::Status Guarded(const CallContext& call, absl::FunctionRef<absl::Status()> body) {
  const telemetry::TraceScope scope(call.trace());
  if (absl::Now() >= call.deadline()) return absl::DeadlineExceededError("the deadline passed while the call waited");
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
  try {
    return body();
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("uncaught exception of type ", typeid(e).name()));
  }
}

absl::Status AnswerOf(const std::string& service, absl::Status status) {
  status.SetPayload(kAnswerOf, absl::Cord(service));
  return status;
}

std::string WhoseAnswer(const absl::Status& status) {
  return std::string(status.GetPayload(kAnswerOf).value_or(absl::Cord()));
}

absl::Status ForCaller(const absl::Status& status) {
  const bool own_mistake = status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown;
  if (own_mistake) {
    return base::Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL,
                       "the service made a mistake; its log has more");
  }
  absl::Status sent = status;
  sent.ErasePayload(kAnswerOf);
  return sent;
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
