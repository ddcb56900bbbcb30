#include "libs/telemetry/trace.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace council::telemetry {
namespace {

// VERSION-TRACEID-PARENTID-FLAGS; later versions may say more behind a further dash.
constexpr std::size_t kLength = 2 + 1 + 32 + 1 + 16 + 1 + 2;
constexpr std::size_t kTraceIdAt = 3;
constexpr std::size_t kSpanIdAt = 36;
constexpr std::size_t kFlagsAt = 53;
constexpr std::size_t kMaxStateBytes = 512;

thread_local const TraceContext* current = nullptr;

int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Reads two digits a byte; false where they are none, or all bytes are zero.
template <std::size_t N>
bool ReadHex(std::string_view digits, std::array<std::uint8_t, N>& bytes) {
  bool any = false;
  for (std::size_t i = 0; i < N; ++i) {
    const int high = Digit(digits[2 * i]);
    const int low = Digit(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    any = any || bytes[i] != 0;
  }
  return any;
}

template <std::size_t N>
std::string Hex(const std::array<std::uint8_t, N>& bytes) {
  return absl::BytesToHexString({reinterpret_cast<const char*>(bytes.data()), N});
}

// With random bytes, a word at a time: each call needs some.
template <std::size_t N>
void Fill(std::array<std::uint8_t, N>& bytes) {
  static_assert(N % sizeof(std::uint64_t) == 0);
  thread_local absl::InsecureBitGen random;
  do {
    for (std::size_t i = 0; i < N; i += sizeof(std::uint64_t)) {
      const auto word = absl::Uniform<std::uint64_t>(random);
      std::memcpy(&bytes[i], &word, sizeof(word));
    }
  } while (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; }));
}

}  // namespace

std::optional<TraceContext> ParseTraceContext(std::string_view traceparent, std::string_view tracestate) {
  if (traceparent.size() < kLength) return std::nullopt;
  const int high = Digit(traceparent[0]);
  const int low = Digit(traceparent[1]);
  if (high < 0 || low < 0) return std::nullopt;
  const int version = high * 16 + low;
  if (version == 0xff || (version == 0 && traceparent.size() != kLength)) return std::nullopt;
  if (traceparent.size() > kLength && traceparent[kLength] != '-') return std::nullopt;
  for (const std::size_t dash : {kTraceIdAt - 1, kSpanIdAt - 1, kFlagsAt - 1}) {
    if (traceparent[dash] != '-') return std::nullopt;
  }
  TraceContext context;
  if (!ReadHex(traceparent.substr(kTraceIdAt), context.trace_id)) return std::nullopt;
  if (!ReadHex(traceparent.substr(kSpanIdAt), context.span_id)) return std::nullopt;
  if (Digit(traceparent[kFlagsAt]) < 0 || Digit(traceparent[kFlagsAt + 1]) < 0) return std::nullopt;
  context.sampled = (Digit(traceparent[kFlagsAt + 1]) & 1) != 0;
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (tracestate.size() <= kMaxStateBytes && std::all_of(tracestate.begin(), tracestate.end(), printable)) {
    context.state = tracestate;
  }
  return context;
}

std::string Traceparent(const TraceContext& context) {
  return absl::StrCat("00-", TraceIdOf(context), "-", SpanIdOf(context), context.sampled ? "-01" : "-00");
}

std::string TraceIdOf(const TraceContext& context) {
  return Hex(context.trace_id);
}

std::string SpanIdOf(const TraceContext& context) {
  return Hex(context.span_id);
}

TraceContext NewTrace(bool sampled) {
  TraceContext context;
  Fill(context.trace_id);
  Fill(context.span_id);
  context.sampled = sampled;
  return context;
}

TraceContext NewSpan(const TraceContext& parent) {
  TraceContext context = parent;
  Fill(context.span_id);
  return context;
}

TraceScope::TraceScope(const TraceContext& context) : before_(std::exchange(current, &context)) {}

TraceScope::~TraceScope() {
  current = before_;
}

const TraceContext* CurrentTrace() {
  return current;
}

}  // namespace council::telemetry
