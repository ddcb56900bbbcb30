#ifndef COUNCIL_LIBS_RPC_CALL_OBSERVER_H_
#define COUNCIL_LIBS_RPC_CALL_OBSERVER_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/rpc/authenticator.h"
#include "libs/telemetry/metrics.h"
#include "libs/telemetry/span_exporter.h"
#include "libs/telemetry/trace.h"

namespace council::rpc {

// A method as figures and spans name it, with its figures, which are named as the gRPC ecosystem does
// (https://github.com/grpc-ecosystem/go-grpc-middleware/tree/main/providers/prometheus): grpc_server_started_total,
// grpc_server_handled_total by grpc_code ("OK", "NotFound"), grpc_server_handling_seconds.
class ObservedMethod {
 public:
  // The method that takes `request`; `type` is unary, client_stream or server_stream. `metrics` may be null.
  ObservedMethod(const google::protobuf::Descriptor& request, const std::string& type, telemetry::Metrics* metrics);

  const std::string& service() const { return service_; }
  const std::string& name() const { return name_; }
  bool is_unary() const { return is_unary_; }

  void CountStarted();
  void CountHandled(absl::StatusCode code, absl::Duration time);

 private:
  telemetry::Counter& HandledWith(absl::StatusCode code);

  const std::string service_;
  const std::string name_;
  const bool is_unary_;
  telemetry::Metrics* const metrics_;
  const telemetry::Labels labels_;
  telemetry::Counter* started_ = nullptr;
  telemetry::Histogram* seconds_ = nullptr;
  // Made when a code first occurs, but for OK and those of our own faults: of what begins with 1 the first is not seen
  // to come.
  std::array<std::atomic<telemetry::Counter*>, 17> handled_{};
};

class CallObserver;

// A call from when it comes. It counts as running until Over is called, at the latest until this is destroyed.
class RunningCall {
 public:
  RunningCall(std::shared_ptr<CallObserver> observer, ObservedMethod& method, const Metadata& metadata);
  ~RunningCall();
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  // Its place in the caller's trace, or in one that begins with it.
  const telemetry::TraceContext& trace() const { return trace_; }

  // The caller is known. What comes from others is not told as a span, since it would cost others' theirs.
  void LetIn() { let_in_ = true; }

  // What is sent to the caller for `status` (see ForCaller), counted, logged in one line and told as a span. To be
  // called once.
  grpc::Status End(const absl::Status& status);

  // It is answered: whoever drains the server need not wait for it.
  void Over();

 private:
  const std::shared_ptr<CallObserver> observer_;
  ObservedMethod& method_;
  const absl::Time begin_;
  const std::chrono::steady_clock::time_point begin_steady_;
  bool let_in_ = false;
  std::atomic<bool> over_ = false;
  telemetry::TraceContext trace_;
  std::array<std::uint8_t, 8> parent_span_id_{};
};

// Sees the calls of an adaptor begin and end; counts those that it answers with the reason OVERLOADED apart
// (council_overloaded_calls_total), but for those where another service was overloaded and counts them itself.
// Thread-safe; lives as long as any of them, which a server that is torn down may leave behind.
class CallObserver : public std::enable_shared_from_this<CallObserver> {
 public:
  // Both may be null, else must outlive all calls.
  CallObserver(telemetry::Metrics* metrics, telemetry::SpanExporter* spans);

  // Begins a call of the method that takes `request`.
  std::shared_ptr<RunningCall> Begin(const google::protobuf::Descriptor& request, const char* type,
                                     const Metadata& metadata) ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls that have begun and are not over.
  int running() const { return running_; }

 private:
  friend class RunningCall;

  telemetry::Metrics* const metrics_;
  telemetry::SpanExporter* const spans_;
  telemetry::Counter* const overloaded_;
  std::atomic<int> running_ = 0;
  absl::Mutex mutex_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<ObservedMethod>> methods_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_CALL_OBSERVER_H_
