#include "libs/cache/redis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace council::cache {
namespace {

using ::council::test::RedisServer;

absl::Time Soon() {
  return absl::Now() + absl::Seconds(20);
}

RedisOptions OptionsFor(const RedisServer& server) {
  return {.address = ParseRedisUrl(server.url()).value(), .max_backoff = absl::Milliseconds(100)};
}

// Counts down the callbacks of a test and tells when all have come.
class Countdown {
 public:
  explicit Countdown(int count) : left_(count) {}
  void Arrive() {
    const std::lock_guard lock(mutex_);
    --left_;
    changed_.notify_all();
  }
  bool Wait(absl::Duration timeout = absl::Seconds(20)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, absl::ToChronoNanoseconds(timeout), [this] { return left_ <= 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int left_;
};

TEST(RedisClientTest, AUnixSocketLeadsToTheServerToo) {
  const test::TempDir directory;
  const std::string socket = directory / "redis.sock";
  const RedisServer server({"--unixsocket", socket});
  RedisClient redis({.address = ParseRedisUrl("unix:" + socket).value()});
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  EXPECT_EQ(redis.Call({"SET", "k", "v"}, Soon()).value().text(), "OK");
  EXPECT_EQ(redis.Call({"GET", "k"}, Soon()).value().text(), "v");
}

TEST(RedisClientTest, SetsAndGetsBytesOfEveryKind) {
  const RedisServer server;
  RedisClient redis(OptionsFor(server));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  std::string value("\0\r\n$5\r\n\xff", 8);
  value += std::string(3 << 20, 'x');  // larger than any socket buffer
  EXPECT_EQ(redis.Call({"SET", "k", value}, Soon()).value().text(), "OK");
  EXPECT_EQ(redis.Call({"GET", "k"}, Soon()).value().text(), value);
  EXPECT_TRUE(redis.Call({"GET", "missing"}, Soon()).value().is_nil());
  EXPECT_EQ(redis.Call({"MGET", "missing", "missing"}, Soon()).value().size(), 2u);
}

TEST(RedisClientTest, AnErrorReplyIsAReplyAndHarmsNoOther) {
  const RedisServer server;
  RedisClient redis(OptionsFor(server));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  EXPECT_EQ(redis.Call({"SET", "k", "text"}, Soon()).value().text(), "OK");
  const Reply refused = redis.Call({"INCR", "k"}, Soon()).value();
  EXPECT_EQ(refused.type(), Reply::Type::kError);
  EXPECT_EQ(refused.ToStatus().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(redis.Call({"GET", "k"}, Soon()).value().text(), "text");
}

TEST(RedisClientTest, EachCallerGetsItsOwnReplyInItsOwnOrder) {
  constexpr int kThreads = 8;
  constexpr int kCommands = 5000;
  const RedisServer server;
  RedisOptions options = OptionsFor(server);
  options.max_queued_commands = size_t{kThreads} * kCommands;
  options.command_timeout = absl::Seconds(20);
  RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  Countdown countdown(kThreads * kCommands);
  std::vector<std::vector<std::string>> replies(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCommands; ++i) {
        redis.Send({"ECHO", absl::StrCat(t, "/", i)}, [&, t](absl::StatusOr<Reply> reply) {
          replies[t].push_back(reply.ok() ? std::string(reply->text()) : reply.status().ToString());
          countdown.Arrive();
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(countdown.Wait());
  for (int t = 0; t < kThreads; ++t) {
    ASSERT_EQ(replies[t].size(), static_cast<size_t>(kCommands));
    for (int i = 0; i < kCommands; ++i) ASSERT_EQ(replies[t][i], absl::StrCat(t, "/", i));
  }
}

TEST(RedisClientTest, ACallbackMaySendTheNextCommand) {
  const RedisServer server;
  RedisClient redis(OptionsFor(server));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  Countdown countdown(1);
  int64_t last = 0;
  std::function<void(int)> step = [&](int left) {
    redis.Send({"INCR", "n"}, [&, left](absl::StatusOr<Reply> reply) {
      last = reply.value().integer();
      if (left > 1) {
        step(left - 1);
      } else {
        countdown.Arrive();
      }
    });
  };
  step(1000);
  ASSERT_TRUE(countdown.Wait());
  EXPECT_EQ(last, 1000);
}

TEST(RedisClientTest, PasswordAndDatabaseAreUsed) {
  const RedisServer server({"--requirepass", "s3cret"});
  RedisOptions options = OptionsFor(server);
  options.address.password = "s3cret";
  options.address.database = 3;
  RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  EXPECT_EQ(redis.Call({"SET", "k", "v"}, Soon()).value().text(), "OK");
  EXPECT_EQ(redis.Call({"MOVE", "k", "4"}, Soon()).value().integer(), 1);
  EXPECT_EQ(redis.Call({"MOVE", "k", "4"}, Soon()).value().integer(), 0);
}

TEST(RedisClientTest, AWrongPasswordIsReportedAndCommandsFailAtOnce) {
  const RedisServer server({"--requirepass", "s3cret"});
  Countdown refusals(2);
  std::string reason;
  RedisOptions options = OptionsFor(server);
  options.address.password = "guess";
  options.on_connection_change = [&](const absl::Status& status) {
    if (reason.empty()) reason = status.ToString();
    refusals.Arrive();
  };
  {
    RedisClient redis(std::move(options));
    ASSERT_TRUE(refusals.Wait());
    EXPECT_EQ(redis.Call({"PING"}, Soon()).status().code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_THAT(reason, ::testing::HasSubstr("WRONGPASS"));
  EXPECT_THAT(reason, ::testing::Not(::testing::HasSubstr("guess")));
}

TEST(RedisClientTest, WithoutAServerCommandsFailAtOnceAndTheClientCloses) {
  RedisClient redis({.address = {.port = test::FreePort()}});
  const absl::Time start = absl::Now();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(redis.Call({"PING"}, Soon()).status().code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST(RedisClientTest, WhatTheQueueCannotHoldIsRefused) {
  RedisServer server;
  RedisOptions options = OptionsFor(server);
  options.command_timeout = absl::Seconds(20);
  options.max_queued_commands = 10;
  RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  server.Freeze();
  constexpr int kCommands = 100;
  Countdown countdown(kCommands);
  std::atomic<int> refused = 0;
  std::atomic<int> answered = 0;
  for (int i = 0; i < kCommands; ++i) {
    redis.Send({"PING"}, [&](absl::StatusOr<Reply> reply) {
      if (reply.ok()) ++answered;
      if (reply.status().code() == absl::StatusCode::kResourceExhausted) ++refused;
      countdown.Arrive();
    });
  }
  EXPECT_GE(refused, kCommands - 20);  // at most one pipeline under way and one queue
  server.Thaw();
  ASSERT_TRUE(countdown.Wait());
  EXPECT_EQ(answered + refused, kCommands);
}

// Sends from several threads for as long as it lives, and counts what comes back.
class Traffic {
 public:
  explicit Traffic(RedisClient& redis) : redis_(redis) {
    for (int t = 0; t < 4; ++t) threads_.emplace_back([this] { Loop(); });
  }
  ~Traffic() { Stop(); }

  void Stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  bool WaitForMore(const std::atomic<int64_t>& counter, int64_t more = 100) {
    const int64_t target = counter + more;
    const absl::Time deadline = Soon();
    while (counter < target) {
      if (absl::Now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::atomic<int64_t> sent = 0, called = 0, ok = 0, unavailable = 0, late = 0, other = 0;

 private:
  void Loop() {
    while (!stopping_) {
      if (sent - called > 200) {
        std::this_thread::yield();
        continue;
      }
      ++sent;
      const auto calls = std::make_shared<std::atomic<int>>(0);
      redis_.Send({"ECHO", "x"}, [this, calls](absl::StatusOr<Reply> reply) {
        EXPECT_EQ(++*calls, 1);
        if (reply.ok() && reply->text() == "x") {
          ++ok;
        } else if (absl::IsUnavailable(reply.status())) {
          ++unavailable;
        } else if (absl::IsDeadlineExceeded(reply.status())) {
          ++late;
        } else {
          ++other;
        }
        ++called;
      });
    }
  }

  RedisClient& redis_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

TEST(RedisClientTest, AServerKilledUnderLoadCostsEachCallerOneUnavailableAndComesBack) {
  RedisServer server;
  RedisOptions options = OptionsFor(server);
  options.command_timeout = absl::Seconds(20);  // a busy machine is not a fault
  auto redis = std::make_unique<RedisClient>(std::move(options));
  ASSERT_TRUE(redis->WaitUntilConnected(Soon()));
  Traffic traffic(*redis);
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(traffic.WaitForMore(traffic.ok));
    server.Kill();
    ASSERT_TRUE(traffic.WaitForMore(traffic.unavailable));
    EXPECT_FALSE(redis->connected());
    server.Restart();
    ASSERT_TRUE(redis->WaitUntilConnected(Soon()));
  }
  ASSERT_TRUE(traffic.WaitForMore(traffic.ok));
  traffic.Stop();
  redis.reset();  // whatever was still under way is answered before the client is gone
  EXPECT_EQ(traffic.called, traffic.sent);
  EXPECT_EQ(traffic.late, 0);
  EXPECT_EQ(traffic.other, 0);
}

TEST(RedisClientTest, AFrozenServerCostsBoundedTimeAndComesBack) {
  RedisServer server;
  RedisOptions options = OptionsFor(server);
  options.command_timeout = absl::Milliseconds(200);
  RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  server.Freeze();

  constexpr int kCommands = 50;
  Countdown countdown(kCommands);
  std::map<absl::StatusCode, int> codes;
  const absl::Time start = absl::Now();
  for (int i = 0; i < kCommands; ++i) {
    redis.Send({"PING"}, [&](absl::StatusOr<Reply> reply) {
      ++codes[reply.status().code()];
      countdown.Arrive();
    });
  }
  ASSERT_TRUE(countdown.Wait());
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_GE(codes[absl::StatusCode::kDeadlineExceeded], 1);
  EXPECT_EQ(codes[absl::StatusCode::kDeadlineExceeded] + codes[absl::StatusCode::kUnavailable], kCommands);
  // The kernel still accepts connections for the frozen server, and none of them counts as one.
  EXPECT_EQ(redis.Call({"PING"}, Soon()).status().code(), absl::StatusCode::kUnavailable);

  server.Thaw();
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  EXPECT_EQ(redis.Call({"PING"}, Soon()).value().text(), "PONG");
}

TEST(RedisClientTest, ACallersOwnDeadlineEndsItsWait) {
  RedisServer server;
  RedisOptions options = OptionsFor(server);
  options.command_timeout = absl::Seconds(20);
  RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  server.Freeze();
  EXPECT_EQ(redis.Call({"PING"}, absl::Now() + absl::Milliseconds(50)).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  server.Thaw();
  EXPECT_EQ(redis.Call({"ECHO", "mine"}, Soon()).value().text(), "mine");
}

TEST(RedisClientTest, AClosedIdleConnectionIsNoticedBeforeTheNextCommand) {
  RedisServer server;
  Countdown losses(1);
  RedisOptions options = OptionsFor(server);
  options.on_connection_change = [&](const absl::Status& status) {
    if (!status.ok()) losses.Arrive();
  };
  RedisClient redis(std::move(options));
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  server.Restart();
  ASSERT_TRUE(losses.Wait());
  ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  EXPECT_EQ(redis.Call({"PING"}, Soon()).value().text(), "PONG");
}

TEST(RedisClientTest, ClosingIsNoLoss) {
  const RedisServer server;
  std::atomic<int> losses = 0;
  RedisOptions options = OptionsFor(server);
  options.on_connection_change = [&](const absl::Status& status) {
    if (!status.ok()) ++losses;
  };
  {
    RedisClient redis(std::move(options));
    ASSERT_TRUE(redis.WaitUntilConnected(Soon()));
  }
  EXPECT_EQ(losses, 0);
}

}  // namespace
}  // namespace council::cache
