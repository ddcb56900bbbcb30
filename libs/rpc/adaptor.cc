#include "libs/rpc/adaptor.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "libs/base/status.h"

namespace council::rpc {

Adaptor::Adaptor(const Authenticator& authenticator, const Options& options)
    : authenticator_(authenticator),
      options_(options),
      executor_(options.threads, options.queue_limit),
      stream_executor_(options.stream_threads, options.stream_queue_limit) {}

absl::StatusOr<std::shared_ptr<CallContext>> Adaptor::MakeContext(const char* method,
                                                                  grpc::CallbackServerContext* context) {
  auto principal = authenticator_.Authenticate(context->client_metadata());
  if (!principal.ok()) return std::move(principal).status();
  const absl::Time now = absl::Now();
  const auto asked = context->deadline();
  const absl::Time deadline = asked == std::chrono::system_clock::time_point::max()
                                  ? now + options_.default_deadline
                                  : std::min(absl::FromChrono(asked), now + options_.longest_deadline);
  return std::make_shared<CallContext>(method, *std::move(principal), deadline,
                                       [context] { return context->IsCancelled(); });
}

absl::StatusOr<std::shared_ptr<CallContext>> Adaptor::Begin(const char* method, grpc::CallbackServerContext* context) {
  ++*running_;
  return MakeContext(method, context);
}

absl::Status Adaptor::Guarded(const CallContext& call, const std::function<absl::Status()>& body) {
  if (absl::Now() >= call.deadline()) return absl::DeadlineExceededError("the deadline passed while the call waited");
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
  try {
    return body();
  } catch (const std::exception& e) {
    spdlog::error("{}: uncaught exception of type {}", call.method(), typeid(e).name());
    return absl::InternalError("");
  }
}

absl::Status Adaptor::ForCaller(const absl::Status& status) {
  const bool own_mistake = status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown;
  if (!own_mistake) return status;
  spdlog::error("internal error: {}", status.ToString(absl::StatusToStringMode::kWithNoExtraData));
  return base::Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL,
                     "the service made a mistake; its log has more");
}

void Adaptor::Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status) {
  reactor->Finish(ToGrpc(ForCaller(status)));
  --*running_;
}

absl::Status Adaptor::Overloaded() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                     "too many calls are waiting; try again shortly"),
                         absl::Seconds(1));
}

bool Adaptor::Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Valid() || !bytes.Dump(&slices).ok()) return false;
  if (slices.size() == 1) return message.ParseFromArray(slices[0].begin(), static_cast<int>(slices[0].size()));
  std::string joined;
  joined.reserve(bytes.Length());
  for (const grpc::Slice& slice : slices) joined.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return message.ParseFromString(joined);
}

grpc::ByteBuffer Adaptor::Share(Serialized answer) {
  auto* keeper = new Serialized(std::move(answer));
  // gRPC takes a pointer to bytes that it will not change as one to bytes that it might.
  auto* data = const_cast<char*>((*keeper)->data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  const grpc::Slice slice(
      data, (*keeper)->size(), [](void* kept) { delete static_cast<Serialized*>(kept); }, keeper);
  return {&slice, 1};
}

std::shared_ptr<void> Adaptor::CountCall() {
  ++*running_;
  return std::shared_ptr<void>(nullptr, [running = running_](void*) { --*running; });
}

}  // namespace council::rpc
