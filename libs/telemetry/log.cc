#include "libs/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/telemetry/trace.h"

namespace council::telemetry {
namespace {

std::string FormatTime(const spdlog::details::log_msg& message) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromChrono(message.time), absl::UTCTimeZone());
}

void Append(const std::string& line, spdlog::memory_buf_t& out) {
  out.append(line.data(), line.data() + line.size());
}

std::string ToString(spdlog::string_view_t view) {
  return {view.data(), view.size()};
}

class TextFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const TraceContext* trace = CurrentTrace();
    Append(absl::StrCat(FormatTime(message), " ", ToString(spdlog::level::to_string_view(message.level)), " ",
                        ToString(message.logger_name), ": ", ToString(message.payload),
                        trace == nullptr ? "" : absl::StrCat(" [trace ", TraceIdOf(*trace), "]"), "\n"),
           out);
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<TextFormatter>(); }
};

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    nlohmann::ordered_json line = {{"time", FormatTime(message)},
                                   {"level", ToString(spdlog::level::to_string_view(message.level))},
                                   {"program", ToString(message.logger_name)},
                                   {"message", ToString(message.payload)}};
    if (const TraceContext* trace = CurrentTrace(); trace != nullptr) {
      line["trace_id"] = TraceIdOf(*trace);
      line["span_id"] = SpanIdOf(*trace);
    }
    Append(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n", out);
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

}  // namespace

absl::Status SetUpLogging(const std::string& program, LogFormat format, const std::string& level) {
  const spdlog::level::level_enum parsed = spdlog::level::from_str(level);
  if (parsed == spdlog::level::off && level != "off") {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", level, "\" is no log level; it is one of trace, debug, info, warn, error, off"));
  }
  auto logger = std::make_shared<spdlog::logger>(program, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (format == LogFormat::kJson) {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_formatter(std::make_unique<TextFormatter>());
  }
  logger->set_level(parsed);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  return absl::OkStatus();
}

}  // namespace council::telemetry
