#include "libs/exports/json_tree.h"

#include <gtest/gtest.h>

#include <string>

#include "council/common/v1/errors.pb.h"
#include "gmock/gmock.h"
#include "libs/base/status.h"

namespace council::exports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const JsonLimits kLimits{.depth = 4, .values = 10};

absl::StatusOr<nlohmann::json> Parse(const std::string& text, const JsonLimits& limits = kLimits) {
  return ParseJsonFile(text, limits);
}

// What is wrong with the text, as a caller reads it.
std::string Wrong(const std::string& text) {
  const auto parsed = Parse(text);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
  const google::rpc::BadRequest bad = base::BadRequestOf(parsed.status());
  return bad.field_violations().empty() ? "" : bad.field_violations(0).description();
}

TEST(JsonTreeTest, ValuesOfAllKindsComeBack) {
  const auto parsed = Parse(R"({"a": [1, -2, 2.5, "x\u00e9", true, null], "b": {"c": {}}})");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, nlohmann::json::parse(R"({"a": [1, -2, 2.5, "xé", true, null], "b": {"c": {}}})"));
  EXPECT_EQ(*Parse("\xEF\xBB\xBF[]"), nlohmann::json::array());
}

TEST(JsonTreeTest, MistakesAreNamedByLineAndColumnAndNotQuoted) {
  EXPECT_THAT(Wrong("{\n  \"a\": 1,\n  secret\n}"), HasSubstr("line 3, column 3"));
  EXPECT_THAT(Wrong("{\n  \"a\": 1,\n  secret\n}"), Not(HasSubstr("secret")));
  EXPECT_THAT(Wrong("[1] [2]"), HasSubstr("line 1, column 5"));
  EXPECT_THAT(Wrong("[\"\xFF\"]"), HasSubstr("line 1, column 3"));
  for (const char* cut_off : {"", "{", "[1,", "{\"a\": \"tex"}) EXPECT_THAT(Wrong(cut_off), HasSubstr("cut off"));
}

TEST(JsonTreeTest, WhatIsLeftOutIsReadOverAndNotCounted) {
  const JsonLimits limits{.depth = 4, .values = 3, .left_out = {"photo"}};
  const auto parsed = Parse(R"({"photo": {"a": [1, 2, {"b": 3}], "photo": 4}, "c": {"photo": 5, "d": 6}})", limits);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, nlohmann::json::parse(R"({"c": {"d": 6}})"));
}

TEST(JsonTreeTest, DepthAndNumberHaveLimits) {
  EXPECT_TRUE(Parse("[[[[]]]]").ok());
  EXPECT_THAT(Wrong("[[[[[]]]]]"), HasSubstr("more than 4 deep"));
  // Not even what is left out may be deeper: nothing grows with nesting.
  EXPECT_FALSE(Parse(R"({"photo": [[[[]]]]})", {.depth = 4, .values = 10, .left_out = {"photo"}}).ok());
  constexpr size_t kDeep = 10'000'000;
  std::string deep;
  deep.resize(kDeep, '[');
  EXPECT_FALSE(Parse(deep).ok());
  EXPECT_TRUE(Parse("[1,2,3,4,5,6,7,8,9]").ok());
  EXPECT_EQ(base::ReasonOf(Parse("[1,2,3,4,5,6,7,8,9,10]").status()), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
}

}  // namespace
}  // namespace council::exports
