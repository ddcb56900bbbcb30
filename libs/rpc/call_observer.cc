#include "libs/rpc/call_observer.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "libs/rpc/grpc_status.h"
#include "libs/rpc/guard.h"
#include "libs/rpc/scope.h"

namespace council::rpc {
namespace {

// In seconds: from a cache hit to what a caller hardly waits for.
const telemetry::Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                         0.1,    0.25,  0.5,    1,     2.5,  5,     10};

// As gRPC's Go library, whose dashboards and alerts are everywhere, writes them.
constexpr std::array<const char*, 17> kCodes = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

std::string ServiceOf(const google::protobuf::Descriptor& request) {
  const auto* method = MethodOf(request);
  return method == nullptr ? "unknown" : method->service()->full_name();
}

std::string NameOf(const google::protobuf::Descriptor& request) {
  const auto* method = MethodOf(request);
  return method == nullptr ? "unknown" : method->name();
}

std::string_view ValueOf(const Metadata& metadata, const char* name) {
  // Of several none is to be believed.
  if (metadata.count(name) != 1) return {};
  const auto found = metadata.find(name);
  return {found->second.data(), found->second.size()};
}

}  // namespace

ObservedMethod::ObservedMethod(const google::protobuf::Descriptor& request, const std::string& type,
                               telemetry::Metrics* metrics)
    : service_(ServiceOf(request)),
      name_(NameOf(request)),
      is_unary_(type == "unary"),
      metrics_(metrics),
      labels_({{"grpc_type", type}, {"grpc_service", service_}, {"grpc_method", name_}}) {
  if (metrics_ == nullptr) return;
  started_ = &metrics_->AddCounter("grpc_server_started_total", "Calls that have begun.", labels_);
  seconds_ = &metrics_->AddHistogram("grpc_server_handling_seconds",
                                     "Time from when a call came until its answer was given to gRPC, in seconds.",
                                     kSeconds, labels_);
  for (const absl::StatusCode code :
       {absl::StatusCode::kOk, absl::StatusCode::kInternal, absl::StatusCode::kUnavailable}) {
    HandledWith(code);
  }
}

void ObservedMethod::CountStarted() {
  if (metrics_ != nullptr) started_->Increment();
}

void ObservedMethod::CountHandled(absl::StatusCode code, absl::Duration time) {
  if (metrics_ == nullptr) return;
  HandledWith(code).Increment();
  seconds_->Observe(absl::ToDoubleSeconds(time));
}

telemetry::Counter& ObservedMethod::HandledWith(absl::StatusCode code) {
  const auto place = static_cast<std::size_t>(code);
  telemetry::Counter* counter = handled_[place].load(std::memory_order_acquire);
  if (counter == nullptr) {
    telemetry::Labels labels = labels_;
    labels["grpc_code"] = kCodes[place];
    // Who asks twice gets the same.
    counter = &metrics_->AddCounter("grpc_server_handled_total", "Calls that are over, by their code.", labels);
    handled_[place].store(counter, std::memory_order_release);
  }
  return *counter;
}

CallObserver::CallObserver(telemetry::Metrics* metrics, telemetry::SpanExporter* spans)
    : metrics_(metrics),
      spans_(spans),
      overloaded_(metrics == nullptr
                      ? nullptr
                      : &metrics->AddCounter("council_overloaded_calls_total",
                                             "Calls that were turned away since too much waited here.")) {}

std::shared_ptr<RunningCall> CallObserver::Begin(const google::protobuf::Descriptor& request, const char* type,
                                                 const Metadata& metadata) {
  ObservedMethod* method = nullptr;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = methods_.find(&request);
    if (found != methods_.end()) method = found->second.get();
  }
  if (method == nullptr) {
    absl::MutexLock lock(&mutex_);
    auto& place = methods_[&request];
    if (place == nullptr) place = std::make_unique<ObservedMethod>(request, type, metrics_);
    method = place.get();
  }
  return std::make_shared<RunningCall>(shared_from_this(), *method, metadata);
}

RunningCall::RunningCall(std::shared_ptr<CallObserver> observer, ObservedMethod& method, const Metadata& metadata)
    : observer_(std::move(observer)),
      method_(method),
      begin_(absl::Now()),
      begin_steady_(std::chrono::steady_clock::now()) {
  ++observer_->running_;
  method_.CountStarted();
  const auto parent = telemetry::ParseTraceContext(ValueOf(metadata, "traceparent"), ValueOf(metadata, "tracestate"));
  if (parent.has_value()) {
    trace_ = telemetry::NewSpan(*parent);
    parent_span_id_ = parent->span_id;
  } else {
    trace_ = telemetry::NewTrace(observer_->spans_ != nullptr);
  }
}

RunningCall::~RunningCall() {
  Over();
}

void RunningCall::Over() {
  if (!over_.exchange(true)) --observer_->running_;
}

grpc::Status RunningCall::End(const absl::Status& status) {
  const telemetry::TraceScope scope(trace_);
  const absl::Status sent = ForCaller(status);
  const absl::Duration time = absl::FromChrono(std::chrono::steady_clock::now() - begin_steady_);
  method_.CountHandled(sent.code(), time);
  const common::v1::ErrorReason reason = base::ReasonOf(sent);
  const std::string service = WhoseAnswer(status);
  if (observer_->overloaded_ != nullptr && reason == common::v1::ERROR_REASON_OVERLOADED && service.empty()) {
    observer_->overloaded_->Increment();
  }
  if (observer_->spans_ != nullptr && trace_.sampled && let_in_) {
    observer_->spans_->Export({.context = trace_,
                               .parent_span_id = parent_span_id_,
                               .service = method_.service(),
                               .method = method_.name(),
                               .begin = begin_,
                               .end = begin_ + time,
                               .code = sent.code()});
  }
  // Those whose callers are told of the trace are found by it. A watch ends so when it has been open long enough, and
  // all of them at the end of the program.
  const bool too_late = absl::IsDeadlineExceeded(sent) && method_.is_unary();
  const bool mistake = absl::IsInternal(sent);
  const bool our_fault = absl::IsUnavailable(sent) || absl::IsDataLoss(sent) || too_late;
  const bool ending = reason == common::v1::ERROR_REASON_SHUTTING_DOWN;
  const auto level = mistake ? spdlog::level::err : our_fault && !ending ? spdlog::level::warn : spdlog::level::debug;
  if (spdlog::should_log(level)) {
    spdlog::log(level, "{}/{}: {} {}{} after {:.1f} ms{}", method_.service(), method_.name(),
                kCodes[static_cast<std::size_t>(sent.code())], common::v1::ErrorReason_Name(reason),
                service.empty() ? "" : absl::StrCat(" from ", service), absl::ToDoubleMilliseconds(time),
                mistake ? absl::StrCat(": ", status.message()) : "");
  }
  return ToGrpc(sent);
}

}  // namespace council::rpc
