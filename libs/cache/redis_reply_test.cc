#include "libs/cache/redis_reply.h"

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <string>
#include <string_view>
#include <utility>

namespace council::cache {
namespace {

// What hiredis makes of these bytes.
Reply Parse(std::string_view wire) {
  redisReader* reader = redisReaderCreate();
  void* reply = nullptr;
  EXPECT_EQ(redisReaderFeed(reader, wire.data(), wire.size()), REDIS_OK);
  EXPECT_EQ(redisReaderGetReply(reader, &reply), REDIS_OK);
  EXPECT_NE(reply, nullptr);
  redisReaderFree(reader);
  return Reply(static_cast<redisReply*>(reply));
}

TEST(ReplyTest, ShowsEveryTypeOfResp2) {
  EXPECT_EQ(Parse("+OK\r\n").type(), Reply::Type::kStatus);
  EXPECT_EQ(Parse("+OK\r\n").text(), "OK");
  EXPECT_EQ(Parse(":-42\r\n").integer(), -42);
  EXPECT_TRUE(Parse("$-1\r\n").is_nil());
  EXPECT_TRUE(Parse("*-1\r\n").is_nil());
  EXPECT_EQ(Parse(std::string_view("$4\r\na\0\r\n\r\n", 10)).text(), std::string_view("a\0\r\n", 4));
  EXPECT_EQ(Parse("-ERR no\r\n").type(), Reply::Type::kError);

  const Reply array = Parse("*3\r\n$1\r\nx\r\n:7\r\n*1\r\n$-1\r\n");
  ASSERT_EQ(array.size(), 3u);
  EXPECT_EQ(array[0].text(), "x");
  EXPECT_EQ(array[1].integer(), 7);
  ASSERT_EQ(array[2].size(), 1u);
  EXPECT_TRUE(array[2][0].is_nil());
}

TEST(ReplyTest, AccessorsOfAnotherTypeAreEmpty) {
  const Reply number = Parse(":5\r\n");
  EXPECT_EQ(number.text(), "");
  EXPECT_EQ(number.size(), 0u);
  EXPECT_EQ(Parse("$1\r\n5\r\n").integer(), 0);
}

TEST(ReplyTest, AnErrorBecomesTheStatusThatItsWordMeans) {
  EXPECT_TRUE(Parse("+OK\r\n").ToStatus().ok());
  const std::pair<const char*, absl::StatusCode> cases[] = {
      {"-LOADING Redis is loading the dataset in memory\r\n", absl::StatusCode::kUnavailable},
      {"-READONLY You can't write against a read only replica.\r\n", absl::StatusCode::kUnavailable},
      {"-OOM command not allowed when used memory > 'maxmemory'.\r\n", absl::StatusCode::kResourceExhausted},
      {"-NOAUTH Authentication required.\r\n", absl::StatusCode::kPermissionDenied},
      {"-NOSCRIPT No matching script. Please use EVAL.\r\n", absl::StatusCode::kNotFound},
      {"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", absl::StatusCode::kInternal},
  };
  for (const auto& [wire, code] : cases) EXPECT_EQ(Parse(wire).ToStatus().code(), code) << wire;
}

TEST(ReplyTest, MovesWithoutCopyingTheBytes) {
  Reply first = Parse("$5\r\nhello\r\n");
  const char* bytes = first.text().data();
  Reply second = std::move(first);
  EXPECT_EQ(second.text().data(), bytes);
  second = Parse("+OK\r\n");
  EXPECT_EQ(second.text(), "OK");
}

}  // namespace
}  // namespace council::cache
