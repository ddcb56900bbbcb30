#include "libs/telemetry/log.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

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

TEST(LogTest, UnknownLevelIsRefused) {
  EXPECT_EQ(SetUpLogging("x", LogFormat::kText, "loud").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(SetUpLogging("x", LogFormat::kText, "off").ok());
}

}  // namespace
}  // namespace council::telemetry
