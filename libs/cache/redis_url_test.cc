#include "libs/cache/redis_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace council::cache {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RedisUrlTest, HostAndPortAreEnough) {
  const auto address = ParseRedisUrl("redis://localhost:6380");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(*address, (RedisAddress{.host = "localhost", .port = 6380}));
}

TEST(RedisUrlTest, AnotherMachineNeedsAPassword) {
  EXPECT_THAT(std::string(ParseRedisUrl("redis://cache.example:6380").status().message()), HasSubstr("password"));
  const auto address = ParseRedisUrl("redis://:hush@cache.example:6380");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(*address, (RedisAddress{.host = "cache.example", .port = 6380, .password = "hush"}));
}

TEST(RedisUrlTest, ASocketIsNamedByItsPath) {
  const auto address = ParseRedisUrl("unix:/run/redis/redis.sock");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(*address, (RedisAddress{.socket = "/run/redis/redis.sock"}));
}

TEST(RedisUrlTest, TlsIsRefusedWithAWayOut) {
  const std::string message(ParseRedisUrl("rediss://:hush@cache.example:6380").status().message());
  EXPECT_THAT(message, HasSubstr("TLS"));
  EXPECT_THAT(message, HasSubstr("stunnel"));
  EXPECT_THAT(message, Not(HasSubstr("hush")));
}

TEST(RedisUrlTest, ReadsPasswordIpv6AndDatabase) {
  const auto address = ParseRedisUrl("redis://:s%40cr:it@[::1]:6379/12");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(*address, (RedisAddress{.host = "::1", .port = 6379, .password = "s@cr:it", .database = 12}));
}

TEST(RedisUrlTest, RefusesWhatItCannotHonour) {
  for (const char* url : {"",
                          "redis",
                          "http://h:1",
                          "rediss://h:1",
                          "redis://h:1",
                          "unix:",
                          "unix:redis.sock",
                          "redis://",
                          "redis://localhost",
                          "redis://localhost:",
                          "redis://:1",
                          "redis://localhost:0",
                          "redis://localhost:65536",
                          "redis://localhost:1x",
                          "redis://localhost:1/",
                          "redis://localhost:1/x",
                          "redis://localhost:1/-1",
                          "redis://localhost:1/65536",
                          "redis://user:p@h:1",
                          "redis://:@h:1",
                          "redis://:%4@h:1",
                          "redis://:%zz@h:1",
                          "redis://::1:6379",
                          "redis://[::1:6379",
                          "redis://[]:6379",
                          "redis://localhost:1/0/0",
                          "redis://localhost:1?db=1"}) {
    EXPECT_EQ(ParseRedisUrl(url).status().code(), absl::StatusCode::kInvalidArgument) << url;
  }
}

TEST(RedisUrlTest, TheMessageNeverShowsThePassword) {
  EXPECT_THAT(std::string(ParseRedisUrl("redis://:hush@host").status().message()), Not(HasSubstr("hush")));
}

RC_GTEST_PROP(RedisUrlProperty, AnyPasswordSurvivesPercentEncoding, (const std::string& password)) {
  RC_PRE(!password.empty());
  constexpr char kHex[] = "0123456789abcdef";
  std::string url = "redis://:";
  for (const char c : password) {
    const auto byte = static_cast<unsigned char>(c);
    url += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  const auto address = ParseRedisUrl(url + "@localhost:6379");
  RC_ASSERT(address.ok());
  RC_ASSERT(address->password == password);
}

RC_GTEST_PROP(RedisUrlProperty, NoTextCrashesIt, (const std::string& text)) {
  (void)ParseRedisUrl(text);
  (void)ParseRedisUrl("redis://" + text);
}

}  // namespace
}  // namespace council::cache
