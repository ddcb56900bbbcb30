#ifndef COUNCIL_LIBS_TELEMETRY_TRACE_H_
#define COUNCIL_LIBS_TELEMETRY_TRACE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace council::telemetry {

// A piece of work's place in a trace, which goes from program to program with each call: W3C Trace Context, level 1
// (https://www.w3.org/TR/trace-context-1/). The ids are random and name nobody.
struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};  // The same for all that one request caused; not all zero.
  std::array<std::uint8_t, 8> span_id{};    // This piece of work's own; not all zero.
  bool sampled = false;                     // Who began the trace keeps it.
  std::string state;                        // `tracestate`, as it came; for tracing systems, not for us.
};

// The caller's place from the headers `traceparent` and `tracestate`; nothing where `traceparent` is not valid. A
// `tracestate` that is longer than 512 bytes or is not printable ASCII is dropped.
std::optional<TraceContext> ParseTraceContext(std::string_view traceparent, std::string_view tracestate);

// The header `traceparent` with which work that `context` causes elsewhere is told of it.
std::string Traceparent(const TraceContext& context);

// 32 and 16 lower-case hex digits.
std::string TraceIdOf(const TraceContext& context);
std::string SpanIdOf(const TraceContext& context);

// The first span of a new trace.
TraceContext NewTrace(bool sampled);

// A span within the parent's trace.
TraceContext NewSpan(const TraceContext& parent);

// As long as it lives, lines that this thread logs name `context`, which must outlive it.
class TraceScope {
 public:
  explicit TraceScope(const TraceContext& context);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  const TraceContext* const before_;
};

// What this thread works on; null where nobody said.
const TraceContext* CurrentTrace();

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_TRACE_H_
