#include "libs/telemetry/log.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "libs/telemetry/trace.h"

namespace council::telemetry {
namespace {

TEST(LogTest, JsonLinesAreParseableWhateverTheMessageHolds) {
  ASSERT_TRUE(SetUpLogging("ledgerd", LogFormat::kJson, "info").ok());
  testing::internal::CaptureStderr();
  spdlog::info("a \"quote\", a\nline and a broken byte {}", "\xff");
  spdlog::debug("below the level");
  const std::string output = testing::internal::GetCapturedStderr();

  ASSERT_EQ(std::count(output.begin(), output.end(), '\n'), 1) << output;
  const auto line = nlohmann::json::parse(output);
  EXPECT_EQ(line["program"], "ledgerd");
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["message"].get<std::string>().substr(0, 9), "a \"quote\"");
}

TEST(LogTest, LinesWithinACallNameItsTraceAndSpan) {
  ASSERT_TRUE(SetUpLogging("ledgerd", LogFormat::kJson, "info").ok());
  const TraceContext outer = NewTrace(true);
  testing::internal::CaptureStderr();
  {
    const TraceScope scope(outer);
    {
      const TraceContext inner = NewSpan(outer);
      const TraceScope inner_scope(inner);
      spdlog::info("within");
    }
    spdlog::info("back");
  }
  spdlog::info("outside");
  const std::vector<std::string> lines =
      absl::StrSplit(testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3u);
  const auto within = nlohmann::json::parse(lines[0]);
  const auto back = nlohmann::json::parse(lines[1]);
  EXPECT_EQ(within["trace_id"], TraceIdOf(outer));
  EXPECT_EQ(back["trace_id"], TraceIdOf(outer));
  EXPECT_EQ(back["span_id"], SpanIdOf(outer));
  EXPECT_NE(within["span_id"], back["span_id"]);
  EXPECT_FALSE(nlohmann::json::parse(lines[2]).contains("trace_id"));
}

TEST(LogTest, UnknownLevelIsRefused) {
  EXPECT_EQ(SetUpLogging("x", LogFormat::kText, "loud").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(SetUpLogging("x", LogFormat::kText, "off").ok());
}

}  // namespace
}  // namespace council::telemetry
