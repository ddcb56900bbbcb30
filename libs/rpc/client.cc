#include "libs/rpc/client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/grpc_status.h"
#include "libs/rpc/guard.h"
#include "libs/rpc/service_config.h"
#include "libs/telemetry/trace.h"

namespace council::rpc {
namespace {

// A council of people about whom much is noted is larger than what gRPC takes by default.
constexpr int kMaxAnswerBytes = 64 << 20;

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address,
                                           const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // In spite of its name this is how long one attempt to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // Copies that came when others went are found soon: while a service is rolled out all of its addresses change.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1000);
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  arguments.SetServiceConfigJSON(kServiceConfig);
  // A connection whose other end is gone without a word, as of a machine that lost its power, is found out. The server
  // allows one sign of life each 20 seconds.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A proxy set for the web is none for the suite.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

void PrepareContext(const CallContext& call, grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(call.deadline()));
  const auto& [name, value] = call.principal().credential;
  if (!name.empty()) context.AddMetadata(name, value);
  context.AddMetadata(kThroughServiceHeader, "1");
  context.AddMetadata("traceparent", telemetry::Traceparent(call.trace()));
  if (!call.trace().state.empty()) context.AddMetadata("tracestate", call.trace().state);
}

absl::Status FromCall(const std::string& service, const CallContext& call, const grpc::Status& status) {
  absl::Status result = FromGrpc(status);
  if (result.code() == absl::StatusCode::kUnavailable &&
      base::ReasonOf(result) == common::v1::ERROR_REASON_UNSPECIFIED) {
    return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_SERVICE_UNAVAILABLE,
                                       absl::StrCat("the ", service, " service can't be reached")),
                           absl::Seconds(1));
  }
  if (result.code() == absl::StatusCode::kUnauthenticated) {
    if (call.principal().expires <= absl::Now()) return CredentialExpired();
    return absl::InternalError(absl::StrCat("the ", service, " service refused the caller's identity"));
  }
  return AnswerOf(service, std::move(result));
}

}  // namespace council::rpc
