#include "libs/rpc/adaptor.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "libs/base/status.h"

namespace council::rpc {

Adaptor::Adaptor(const Authenticator& authenticator, const Options& options)
    : authenticator_(authenticator),
      options_(options),
      observer_(std::make_shared<CallObserver>(options.metrics, options.spans)),
      executor_(options.threads, options.queue_limit),
      owner_streams_(options.streams_per_owner),
      stream_executor_(options.stream_threads, options.stream_queue_limit),
      // A watch has one task at most.
      watch_executor_(options.watch_threads, std::numeric_limits<size_t>::max()) {}

absl::StatusOr<std::shared_ptr<CallContext>> Adaptor::MakeContext(Method method, grpc::CallbackServerContext* context,
                                                                  common::v1::Scope scope, Shape shape,
                                                                  RunningCall& running) const {
  COUNCIL_ASSIGN_OR_RETURN(Principal principal, authenticator_.Authenticate(context->client_metadata()));
  running.LetIn();
  COUNCIL_ASSIGN_OR_RETURN(const auto service, options_.peers.Identify(*context->auth_context(), method.name));
  if (service.has_value()) {
    principal.client = *service;
    principal.through_service = true;
  }
  if (options_.rate_limiter != nullptr && !principal.through_service) {
    COUNCIL_RETURN_IF_ERROR(options_.rate_limiter->Take(principal.owner, method.cost));
  }
  COUNCIL_RETURN_IF_ERROR(CheckScope(principal, scope));
  if (method.recorder != nullptr) method.recorder->Record(principal.owner, method.name, principal.client);
  const absl::Time now = absl::Now();
  const auto asked = context->deadline();
  absl::Time deadline = now + (shape == Shape::kWatch ? options_.longest_deadline : options_.default_deadline);
  if (asked != std::chrono::system_clock::time_point::max()) {
    deadline = std::min(absl::FromChrono(asked), now + options_.longest_deadline);
  }
  if (shape != Shape::kUnary) deadline = std::min(deadline, principal.expires);
  return std::make_shared<CallContext>(
      method.name, std::move(principal), deadline, [context] { return context->IsCancelled(); }, running.trace());
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

}  // namespace council::rpc
