#ifndef COUNCIL_LIBS_RPC_ADAPTOR_H_
#define COUNCIL_LIBS_RPC_ADAPTOR_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "council/common/v1/scope.pb.h"
#include "libs/base/executor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/call.h"
#include "libs/rpc/call_observer.h"
#include "libs/rpc/call_recorder.h"
#include "libs/rpc/guard.h"
#include "libs/rpc/owner_streams.h"
#include "libs/rpc/rate_limiter.h"
#include "libs/rpc/scope.h"
#include "libs/rpc/service_peers.h"
#include "libs/rpc/stream.h"
#include "libs/rpc/watch_stream.h"
#include "libs/telemetry/metrics.h"
#include "libs/telemetry/span_exporter.h"
#include "libs/telemetry/trace.h"

namespace council::rpc {

// Turns plain handlers into methods of gRPC's callback API. The one place that knows that API, thread hand-over,
// deadlines, the caller's identity and how errors are sent.
//
// Every call is authenticated, counted against its owner's rate, needs the scope that the contract asks for, is
// recorded, and gets a deadline before its handler runs. Handlers that may block run on a bounded executor, streams on
// one of their own, so that long ones cannot starve the rest; a full one answers RESOURCE_EXHAUSTED. Asynchronous
// handlers run on the thread that received the call and must not block. When a client stream gets its thread its caller
// is sent the initial metadata `council-taken: 1`: from then on it is not refused for now any more, and a file that can
// be read once may be sent.
//
//   class LedgerEndpoint final : public v1::LedgerService::CallbackService {
//    public:
//     LedgerEndpoint(rpc::Adaptor& adaptor, LedgerService& service) : adaptor_(adaptor), service_(service) {}
//     COUNCIL_RPC_UNARY(AppendInteraction)
//    private:
//     rpc::Adaptor& adaptor_;
//     LedgerService& service_;
//   };
class Adaptor {
 public:
  struct Options {
    // Threads for unary calls, and how many calls may wait for one.
    size_t threads = 64;
    size_t queue_limit = 1024;
    // Streams that run at once, how many may wait, and how many of one owner's may do either.
    size_t stream_threads = 16;
    size_t stream_queue_limit = 64;
    size_t streams_per_owner = 4;
    // Threads that read what watches send. Any number of watches may wait.
    size_t watch_threads = 4;
    // For calls that bring no deadline, and the longest that is granted.
    absl::Duration default_deadline = absl::Seconds(30);
    absl::Duration longest_deadline = absl::Minutes(15);
    // How long a stream waits for its caller to take a message, or to send one, before it is cancelled: it holds a
    // thread meanwhile.
    absl::Duration longest_stall = absl::Seconds(30);
    // The services that may call in an owner's name.
    ServicePeers peers{};
    // Keeps owners to a rate, and must outlive the adaptor; null: there is none. What another service calls in the
    // course of an owner's call was counted there.
    RateLimiter* rate_limiter = nullptr;
    // Where calls are counted, and where their spans go; both may be null, else must outlive the adaptor's servers.
    telemetry::Metrics* metrics = nullptr;
    telemetry::SpanExporter* spans = nullptr;
  };

  // A method as it is called: its name without the service, who is told of its calls (null: nobody), and what it costs
  // its owner.
  struct Method {
    const char* name;
    CallRecorder* recorder = nullptr;
    Cost cost = Cost::kLight;
  };

  // `authenticator` must outlive the adaptor.
  Adaptor(const Authenticator& authenticator, const Options& options);

  Adaptor(const Adaptor&) = delete;
  Adaptor& operator=(const Adaptor&) = delete;

  // Answers with `handler(const CallContext&, const Request&)`, which returns StatusOr<Response> and may block.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Unary(Method method, grpc::CallbackServerContext* context, const Request* request,
                                  Response* response, Handler handler) {
    auto* reactor = context->DefaultReactor();
    const auto running = Begin<Request>("unary", context);
    auto call = MakeContext(method, context, RequiredScope<Request>(), Shape::kUnary, *running);
    if (!call.ok()) {
      Finish(reactor, *running, call.status());
      return reactor;
    }
    const bool queued =
        executor_.Submit([running, reactor, request, response, call = *std::move(call), handler = std::move(handler)] {
          const absl::Status status = Guarded(*call, [&]() -> absl::Status {
            auto result = handler(*call, *request);
            if (!result.ok()) return std::move(result).status();
            *response = *std::move(result);
            return absl::OkStatus();
          });
          Finish(reactor, *running, status);
        });
    if (!queued) Finish(reactor, *running, Overloaded());
    return reactor;
  }

  // Answers with `handler(std::shared_ptr<const CallContext>, const Request&, Done<Response>)`, which must not block.
  // The request lives until `done` is called.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* UnaryAsync(Method method, grpc::CallbackServerContext* context, const Request* request,
                                       Response* response, Handler handler) {
    auto* reactor = context->DefaultReactor();
    const auto running = Begin<Request>("unary", context);
    auto call = MakeContext(method, context, RequiredScope<Request>(), Shape::kUnary, *running);
    if (!call.ok()) {
      Finish(reactor, *running, call.status());
      return reactor;
    }
    const telemetry::TraceScope scope(running->trace());
    handler(std::shared_ptr<const CallContext>(*std::move(call)), *request,
            Done<Response>([running, reactor, response](absl::StatusOr<Response> result) {
              const absl::Status status = result.status();
              if (status.ok()) *response = *std::move(result);
              Finish(reactor, *running, status);
            }));
    return reactor;
  }

  // Like UnaryAsync, for answers that are kept in serialized form: answers with
  // `handler(std::shared_ptr<const CallContext>, std::shared_ptr<const Request>, Done<Serialized>)`. The bytes are sent
  // from where they lie.
  template <typename Request, typename Handler>
  grpc::ServerUnaryReactor* UnarySerialized(Method method, grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request, grpc::ByteBuffer* response,
                                            Handler handler) {
    auto* reactor = context->DefaultReactor();
    const auto running = Begin<Request>("unary", context);
    auto call = MakeContext(method, context, RequiredScope<Request>(), Shape::kUnary, *running);
    if (!call.ok()) {
      Finish(reactor, *running, call.status());
      return reactor;
    }
    auto message = std::make_shared<Request>();
    if (!Parse(*request, *message)) {
      Finish(reactor, *running, absl::InvalidArgumentError("the request is no such message"));
      return reactor;
    }
    const telemetry::TraceScope scope(running->trace());
    handler(std::shared_ptr<const CallContext>(*std::move(call)), std::shared_ptr<const Request>(std::move(message)),
            Done<Serialized>([running, reactor, response](absl::StatusOr<Serialized> result) {
              const absl::Status status = result.status();
              if (status.ok()) *response = Share(*std::move(result));
              Finish(reactor, *running, status);
            }));
    return reactor;
  }

  // Answers with `handler(const CallContext&, const Request&, Writer<Response>&)`, which returns a Status and may
  // block.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerWriteReactor<Response>* ServerStream(Method method, grpc::CallbackServerContext* context,
                                                   const Request* request, Handler handler) {
    const auto running = Begin<Request>("server_stream", context);
    auto* stream = new ServerStreamReactor<Response>(running);
    RunStream<Request>(stream, running, method, context,
                       [request, stream, handler = std::move(handler)](const CallContext& call) {
                         return handler(call, *request, static_cast<Writer<Response>&>(*stream));
                       });
    return stream;
  }

  // Answers with `handler(const CallContext&, Reader<Request>&)`, which returns StatusOr<Response> and may block.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerReadReactor<Request>* ClientStream(Method method, grpc::CallbackServerContext* context,
                                                 Response* response, Handler handler) {
    const auto running = Begin<Request>("client_stream", context);
    auto* stream = new ClientStreamReactor<Request>(running);
    RunStream<Request>(
        stream, running, method, context,
        [context, response, stream, handler = std::move(handler)](const CallContext& call) -> absl::Status {
          context->AddInitialMetadata("council-taken", "1");
          stream->StartSendInitialMetadata();
          auto result = handler(call, static_cast<Reader<Request>&>(*stream));
          if (!result.ok()) return std::move(result).status();
          // What was read may lack its end.
          if (absl::Now() >= call.deadline()) {
            return absl::DeadlineExceededError("the deadline passed before the stream ended");
          }
          *response = *std::move(result);
          return absl::OkStatus();
        });
    return stream;
  }

  // Answers with what `handler(const CallContext&, const Request&, std::function<void()> wake)` returns, a
  // StatusOr<std::unique_ptr<ChangeSource<Response>>>, until the caller goes, the source fails or EndWatches is called;
  // when the caller's credential expires with UNAUTHENTICATED, and after `longest_deadline` at the latest with
  // DEADLINE_EXCEEDED. Holds a thread only while the source reads.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerWriteReactor<Response>* WatchChanges(Method method, grpc::CallbackServerContext* context,
                                                   const Request* request, Handler handler) {
    const auto running = Begin<Request>("server_stream", context);
    auto stream = std::make_shared<WatchStream<Response>>(watch_executor_, watches_, context, running);
    auto call = MakeContext(method, context, RequiredScope<Request>(), Shape::kWatch, *running);
    if (!call.ok()) {
      stream->Refuse(call.status());
    } else {
      stream->Start(*call, [request, call = *call, handler = std::move(handler)](std::function<void()> wake) {
        return handler(*call, *request, std::move(wake));
      });
    }
    return stream.get();
  }

  // Ends all open watches, and all that come: they would not end by themselves when a server is drained.
  void EndWatches() { watches_->EndAll(); }

  // The executor of unary calls, for asynchronous handlers that find they must block after all.
  base::Executor& executor() { return executor_; }

  // Calls that have begun and are not answered yet.
  int running_calls() const { return observer_->running(); }

 private:
  enum class Shape { kUnary, kStream, kWatch };

  // Authenticates, counts the call, asks whether the caller has the scope, records the call, and grants a deadline; to
  // a stream none behind the end of its caller's credential.
  absl::StatusOr<std::shared_ptr<CallContext>> MakeContext(Method method, grpc::CallbackServerContext* context,
                                                           common::v1::Scope scope, Shape shape,
                                                           RunningCall& running) const;

  template <typename Request>
  std::shared_ptr<RunningCall> Begin(const char* type, grpc::CallbackServerContext* context) {
    return observer_->Begin(*Request::descriptor(), type, context->client_metadata());
  }

  template <typename Request>
  static common::v1::Scope RequiredScope() {
    static const common::v1::Scope scope = ScopeOf(*Request::descriptor());
    return scope;
  }

  static void Finish(grpc::ServerUnaryReactor* reactor, RunningCall& running, const absl::Status& status) {
    reactor->Finish(running.End(status));
    running.Over();
  }

  static bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message);

  // A buffer that refers to the answer's bytes and keeps them.
  static grpc::ByteBuffer Share(Serialized answer);

  template <typename Request, typename Stream, typename Body>
  void RunStream(Stream* stream, const std::shared_ptr<RunningCall>& running, Method method,
                 grpc::CallbackServerContext* context, Body body) {
    auto call = MakeContext(method, context, RequiredScope<Request>(), Shape::kStream, *running);
    if (!call.ok()) {
      stream->Finish(running->End(call.status()));
      return;
    }
    std::shared_ptr<void> place = owner_streams_.Take((*call)->owner());
    if (place == nullptr) {
      stream->Finish(running->End(TooManyStreams()));
      return;
    }
    const bool queued =
        stream_executor_.Submit([stream, running, context, call = *std::move(call), body = std::move(body),
                                 place = std::move(place), stall = options_.longest_stall]() mutable {
          // gRPC ends a call at the deadline that its caller set; this ends one whose caller set none, or too late a
          // one, or whose credential ends before, or who stalls.
          stream->EndAt(call->deadline(), stall, context);
          const absl::Status status = Guarded(*call, [&] { return body(*call); });
          // Free before the caller knows that it is.
          place.reset();
          stream->Finish(running->End(OrExpired(*call, status)));
        });
    if (!queued) stream->Finish(running->End(Overloaded()));
  }

  const Authenticator& authenticator_;
  const Options options_;
  const std::shared_ptr<CallObserver> observer_;
  base::Executor executor_;
  OwnerStreams owner_streams_;
  base::Executor stream_executor_;
  std::shared_ptr<OpenWatches> watches_ = std::make_shared<OpenWatches>();
  base::Executor watch_executor_;
};

}  // namespace council::rpc

// Lines of an endpoint class that has `adaptor_`, `recorder_` and `service_` and sees the generated namespace as v1.

#define COUNCIL_RPC_UNARY(Method) COUNCIL_RPC_UNARY_AT_COST(Method, kLight)
#define COUNCIL_RPC_HEAVY_UNARY(Method) COUNCIL_RPC_UNARY_AT_COST(Method, kHeavy)
#define COUNCIL_RPC_UNARY_AT_COST(Method, cost)                                                                 \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context, const v1::Method##Request* request,    \
                                   v1::Method##Response* response) override {                                   \
    return adaptor_.Unary({#Method, recorder_, ::council::rpc::Cost::cost}, context, request, response,         \
                          [this](const ::council::rpc::CallContext& call, const v1::Method##Request& message) { \
                            return service_.Method(call, message);                                              \
                          });                                                                                   \
  }

#define COUNCIL_RPC_UNARY_ASYNC(Method) COUNCIL_RPC_UNARY_ASYNC_AT_COST(Method, kLight)
#define COUNCIL_RPC_HEAVY_UNARY_ASYNC(Method) COUNCIL_RPC_UNARY_ASYNC_AT_COST(Method, kHeavy)
#define COUNCIL_RPC_UNARY_ASYNC_AT_COST(Method, cost)                                                        \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context, const v1::Method##Request* request, \
                                   v1::Method##Response* response) override {                                \
    return adaptor_.UnaryAsync(                                                                              \
        {#Method, recorder_, ::council::rpc::Cost::cost}, context, request, response,                        \
        [this](std::shared_ptr<const ::council::rpc::CallContext> call, const v1::Method##Request& message,  \
               ::council::rpc::Done<v1::Method##Response> done) {                                            \
          service_.Method(std::move(call), message, std::move(done));                                        \
        });                                                                                                  \
  }

// For a class derived from v1::XService::WithRawCallbackMethod_Method<v1::XService::CallbackService>.
#define COUNCIL_RPC_UNARY_SERIALIZED(Method)                                                              \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request, \
                                   grpc::ByteBuffer* response) override {                                 \
    return adaptor_.UnarySerialized<v1::Method##Request>(                                                 \
        {#Method, recorder_}, context, request, response,                                                 \
        [this](std::shared_ptr<const ::council::rpc::CallContext> call,                                   \
               std::shared_ptr<const v1::Method##Request> message,                                        \
               ::council::rpc::Done<::council::rpc::Serialized> done) {                                   \
          service_.Method(std::move(call), std::move(message), std::move(done));                          \
        });                                                                                               \
  }

#define COUNCIL_RPC_SERVER_STREAM(Method)                                                               \
  grpc::ServerWriteReactor<v1::Method##Response>* Method(grpc::CallbackServerContext* context,          \
                                                         const v1::Method##Request* request) override { \
    return adaptor_.ServerStream<v1::Method##Request, v1::Method##Response>(                            \
        {#Method, recorder_, ::council::rpc::Cost::kHeavy}, context, request,                           \
        [this](const ::council::rpc::CallContext& call, const v1::Method##Request& message,             \
               ::council::rpc::Writer<v1::Method##Response>& writer) {                                  \
          return service_.Method(call, message, writer);                                                \
        });                                                                                             \
  }

// For a handler that makes a ChangeSource (libs/rpc/watch.h).
#define COUNCIL_RPC_WATCH(Method)                                                                        \
  grpc::ServerWriteReactor<v1::Method##Response>* Method(grpc::CallbackServerContext* context,           \
                                                         const v1::Method##Request* request) override {  \
    return adaptor_.WatchChanges<v1::Method##Request, v1::Method##Response>(                             \
        {#Method, recorder_}, context, request,                                                          \
        [this](const ::council::rpc::CallContext& call, const v1::Method##Request& message,              \
               std::function<void()> wake) { return service_.Method(call, message, std::move(wake)); }); \
  }

#define COUNCIL_RPC_CLIENT_STREAM(Method)                                                                      \
  grpc::ServerReadReactor<v1::Method##Request>* Method(grpc::CallbackServerContext* context,                   \
                                                       v1::Method##Response* response) override {              \
    return adaptor_.ClientStream<v1::Method##Request>(                                                         \
        {#Method, recorder_, ::council::rpc::Cost::kHeavy}, context, response,                                 \
        [this](const ::council::rpc::CallContext& call, ::council::rpc::Reader<v1::Method##Request>& reader) { \
          return service_.Method(call, reader);                                                                \
        });                                                                                                    \
  }

#endif  // COUNCIL_LIBS_RPC_ADAPTOR_H_
