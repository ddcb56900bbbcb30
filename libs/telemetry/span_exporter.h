#ifndef COUNCIL_LIBS_TELEMETRY_SPAN_EXPORTER_H_
#define COUNCIL_LIBS_TELEMETRY_SPAN_EXPORTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/telemetry/trace.h"

namespace council::telemetry {

// A call that is over. Nothing in it says whose it was, or what it was about.
struct CallSpan {
  TraceContext context;
  std::array<std::uint8_t, 8> parent_span_id{};  // All zero where the trace begins here.
  std::string service;                           // "council.ledger.v1.LedgerService"
  std::string method;                            // "AppendInteraction"
  absl::Time begin;
  absl::Time end;
  absl::StatusCode code = absl::StatusCode::kOk;
};

// Where spans go. Thread-safe.
class SpanExporter {
 public:
  virtual ~SpanExporter() = default;

  // Must not block; what can't be sent is dropped.
  virtual void Export(const CallSpan& span) = 0;
};

// Sends spans in batches to an OpenTelemetry collector at `endpoint` (OTLP over HTTP,
// "http://collector:4318/v1/traces"), as of the service `program`. UNIMPLEMENTED where this build has no OpenTelemetry.
absl::StatusOr<std::unique_ptr<SpanExporter>> OpenSpanExporter(const std::string& endpoint, const std::string& program);

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_SPAN_EXPORTER_H_
