// Where the build found OpenTelemetry. Its SDK's batches and exporter are used, and not its tracer: spans come here
// when they are over, with ids that the calls carry anyway.
#include <opentelemetry/exporters/otlp/otlp_http_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_http_exporter_options.h>
#include <opentelemetry/sdk/common/global_log_handler.h>
#include <opentelemetry/sdk/instrumentationscope/instrumentation_scope.h>
#include <opentelemetry/sdk/resource/resource.h>
#include <opentelemetry/sdk/trace/batch_span_processor_factory.h>
#include <opentelemetry/sdk/trace/batch_span_processor_options.h>
#include <opentelemetry/sdk/trace/processor.h>
#include <opentelemetry/sdk/trace/recordable.h>
#include <opentelemetry/trace/span_context.h>
#include <opentelemetry/trace/trace_state.h>

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/telemetry/span_exporter.h"

namespace council::telemetry {
namespace {

namespace otlp = opentelemetry::exporter::otlp;
namespace sdk = opentelemetry::sdk;
namespace trace = opentelemetry::trace;

// Codes for which the service answers, not its caller: what the semantic conventions for gRPC call an error of the
// server's span.
bool IsServersFault(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

// A collector that does not answer must not hold up the end of the program, when what waits is sent: two batches.
constexpr std::chrono::seconds kSendTimeout{2};
constexpr std::size_t kMostWaiting = 1024;

// What OpenTelemetry has to say goes where all else goes.
class LogOfOpenTelemetry final : public sdk::common::internal_log::LogHandler {
 public:
  void Handle(sdk::common::internal_log::LogLevel level, const char* /*file*/, int /*line*/, const char* message,
              const sdk::common::AttributeMap& /*attributes*/) noexcept override {
    const bool grave = level <= sdk::common::internal_log::LogLevel::Warning;
    spdlog::log(grave ? spdlog::level::warn : spdlog::level::debug, "OpenTelemetry: {}",
                message == nullptr ? "" : message);
  }
};

class OtlpSpanExporter final : public SpanExporter {
 public:
  OtlpSpanExporter(const std::string& endpoint, const std::string& program)
      : resource_(sdk::resource::Resource::Create({{"service.name", program}, {"service.namespace", "council"}})),
        scope_(sdk::instrumentationscope::InstrumentationScope::Create("council")) {
    sdk::common::internal_log::GlobalLogHandler::SetLogHandler(
        opentelemetry::nostd::shared_ptr<sdk::common::internal_log::LogHandler>(new LogOfOpenTelemetry));
    otlp::OtlpHttpExporterOptions options;
    options.url = endpoint;
    options.timeout = kSendTimeout;
    sdk::trace::BatchSpanProcessorOptions batches;
    batches.max_queue_size = kMostWaiting;
    processor_ = sdk::trace::BatchSpanProcessorFactory::Create(otlp::OtlpHttpExporterFactory::Create(options), batches);
  }

  void Export(const CallSpan& span) override {
    const TraceContext& context = span.context;
    const trace::SpanContext identity(trace::TraceId(context.trace_id), trace::SpanId(context.span_id),
                                      trace::TraceFlags(trace::TraceFlags::kIsSampled), false,
                                      trace::TraceState::FromHeader(context.state));
    auto record = processor_->MakeRecordable();
    record->SetIdentity(identity, trace::SpanId(span.parent_span_id));
    record->SetResource(resource_);
    record->SetInstrumentationScope(*scope_);
    record->SetName(absl::StrCat(span.service, "/", span.method));
    record->SetSpanKind(trace::SpanKind::kServer);
    record->SetStartTime(opentelemetry::common::SystemTimestamp(absl::ToChronoTime(span.begin)));
    record->SetDuration(absl::ToChronoNanoseconds(span.end - span.begin));
    record->SetAttribute("rpc.system", "grpc");
    record->SetAttribute("rpc.service", span.service);
    record->SetAttribute("rpc.method", span.method);
    record->SetAttribute("rpc.grpc.status_code", static_cast<int32_t>(span.code));
    if (IsServersFault(span.code)) record->SetStatus(trace::StatusCode::kError, absl::StatusCodeToString(span.code));
    processor_->OnEnd(std::move(record));
  }

 private:
  const sdk::resource::Resource resource_;
  const std::unique_ptr<sdk::instrumentationscope::InstrumentationScope> scope_;
  std::unique_ptr<sdk::trace::SpanProcessor> processor_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SpanExporter>> OpenSpanExporter(const std::string& endpoint,
                                                               const std::string& program) {
  if (!absl::StartsWith(endpoint, "http://") && !absl::StartsWith(endpoint, "https://")) {
    return absl::InvalidArgumentError(
        absl::StrCat("--otlp-endpoint must be a URL such as http://collector:4318/v1/traces, not \"", endpoint, "\""));
  }
  return std::make_unique<OtlpSpanExporter>(endpoint, program);
}

}  // namespace council::telemetry
