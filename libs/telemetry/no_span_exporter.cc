// Where the build found no OpenTelemetry.
#include "libs/telemetry/span_exporter.h"

namespace council::telemetry {

absl::StatusOr<std::unique_ptr<SpanExporter>> OpenSpanExporter(const std::string& /*endpoint*/,
                                                               const std::string& /*program*/) {
  return absl::UnimplementedError(
      "this build can't export traces: it was made without OpenTelemetry (opentelemetry-cpp)");
}

}  // namespace council::telemetry
