#ifndef COUNCIL_LIBS_TELEMETRY_PROCESS_METRICS_H_
#define COUNCIL_LIBS_TELEMETRY_PROCESS_METRICS_H_

#include <memory>
#include <string>

#include "libs/telemetry/metrics.h"

namespace council::telemetry {

// council_build_info, and what Prometheus' clients tell of their process: process_cpu_seconds_total,
// process_resident_memory_bytes, process_start_time_seconds.
[[nodiscard]] std::unique_ptr<Metrics::Reading> AddProcessMetrics(Metrics& metrics, const std::string& program,
                                                                  const std::string& version);

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_PROCESS_METRICS_H_
