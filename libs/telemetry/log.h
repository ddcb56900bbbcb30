#ifndef COUNCIL_LIBS_TELEMETRY_LOG_H_
#define COUNCIL_LIBS_TELEMETRY_LOG_H_

#include <string>

#include "absl/status/status.h"

namespace council::telemetry {

// How lines of the log look.
enum class LogFormat {
  // 2026-05-01T09:30:00.123Z info ledgerd: message
  // and within a call, behind the message: [trace 4bf92f3577b34da6a3ce929d0e0e4736]
  kText,
  // One JSON object a line: {"time":…,"level":…,"program":…,"message":…}, and within a call "trace_id" and "span_id"
  kJson,
};

// Sets up spdlog's default logger to write to stderr. To be called once, before other threads start.
//
// `level` is one of trace, debug, info, warn, error, off. INVALID_ARGUMENT for another one.
// Log lines never carry what is personal: no names, notes, addresses or tokens.
absl::Status SetUpLogging(const std::string& program, LogFormat format, const std::string& level);

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_LOG_H_
