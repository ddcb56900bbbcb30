#include "libs/cache/redis_tracking.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "libs/cache/redis.h"
#include "tests/support/redis_server.h"

namespace council::cache {
namespace {

using ::council::test::RedisServer;

// Remembers what it is told, and lets a test wait for it.
class Listener final : public InvalidationSink {
 public:
  void OnInvalidated(std::string_view key) override {
    absl::MutexLock lock(&mutex_);
    keys_.insert(std::string(key));
  }
  void OnFlushed() override {
    absl::MutexLock lock(&mutex_);
    ++flushed_;
  }
  void OnProof(absl::Time sent) override {
    absl::MutexLock lock(&mutex_);
    ++proofs_;
    last_proof_ = sent;
  }
  void OnLost() override {
    absl::MutexLock lock(&mutex_);
    ++lost_;
  }

  bool WaitForKey(const std::string& key) {
    return Wait([&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return keys_.contains(key); });
  }
  bool WaitForFlush() {
    return Wait([&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return flushed_ > 0; });
  }
  // For another proof than those so far.
  bool WaitForProof(absl::Time after) {
    return Wait([&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return proofs_ > 0 && last_proof_ >= after; });
  }
  bool WaitForLoss(int more_than) {
    return Wait([&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return lost_ > more_than; });
  }
  int proofs() const {
    absl::MutexLock lock(&mutex_);
    return proofs_;
  }
  int lost() const {
    absl::MutexLock lock(&mutex_);
    return lost_;
  }
  bool Has(const std::string& key) const {
    absl::MutexLock lock(&mutex_);
    return keys_.contains(key);
  }

 private:
  template <typename Condition>
  bool Wait(Condition condition) {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&condition), absl::Seconds(20));
  }

  mutable absl::Mutex mutex_;
  std::set<std::string> keys_ ABSL_GUARDED_BY(mutex_);
  int flushed_ ABSL_GUARDED_BY(mutex_) = 0;
  int proofs_ ABSL_GUARDED_BY(mutex_) = 0;
  int lost_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time last_proof_ ABSL_GUARDED_BY(mutex_);
};

class RedisTrackingTest : public ::testing::Test {
 protected:
  static RedisTrackingOptions Options(const RedisServer& server) {
    return {.address = ParseRedisUrl(server.url()).value(),
            .probe_interval = absl::Milliseconds(20),
            .probe_timeout = absl::Milliseconds(600),
            .backoff = absl::Milliseconds(20)};
  }

  RedisServer server_;
  base::MonotonicClock clock_;
  base::SeededRandom random_{1};
  Listener listener_;
  RedisClient redis_{{.address = ParseRedisUrl(server_.url()).value(), .max_backoff = absl::Milliseconds(100)}};
  RedisTracking tracking_{Options(server_), redis_, clock_, random_, listener_};
};

TEST_F(RedisTrackingTest, WritesOfOthersAndOwnOnesAndExpiryAreTold) {
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  server_.Run({"SET", "council:{a}:x", "1"});
  EXPECT_TRUE(listener_.WaitForKey("council:{a}:x"));
  redis_.Send({"SET", "council:{b}:x", "1"}, [](absl::StatusOr<Reply>) {});
  EXPECT_TRUE(listener_.WaitForKey("council:{b}:x"));
  server_.Run({"EVAL", "redis.call('SET', KEYS[1], '1', 'PX', '1000000') return 1", "1", "council:{c}:x"});
  EXPECT_TRUE(listener_.WaitForKey("council:{c}:x"));
  server_.Run({"SET", "another:{d}:x", "1"});
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  EXPECT_FALSE(listener_.Has("another:{d}:x"));
}

TEST_F(RedisTrackingTest, ExpiryIsTold) {
  server_.Run({"SET", "council:{a}:x", "1", "PX", "300"});
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  EXPECT_TRUE(listener_.WaitForKey("council:{a}:x"));
}

TEST_F(RedisTrackingTest, FlushIsTold) {
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  server_.Run({"FLUSHALL"});
  EXPECT_TRUE(listener_.WaitForFlush());
}

TEST_F(RedisTrackingTest, KilledServerIsALossAndAfterItsReturnChangesAreToldAgain) {
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  const int lost = listener_.lost();
  server_.Kill();
  EXPECT_TRUE(listener_.WaitForLoss(lost));
  server_.Restart();
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  server_.Run({"SET", "council:{a}:x", "1"});
  EXPECT_TRUE(listener_.WaitForKey("council:{a}:x"));
}

TEST_F(RedisTrackingTest, FrozenServerIsALossToo) {
  ASSERT_TRUE(listener_.WaitForProof(clock_.Now()));
  const int lost = listener_.lost();
  server_.Freeze();
  EXPECT_TRUE(listener_.WaitForLoss(lost));
  server_.Thaw();
  EXPECT_TRUE(listener_.WaitForProof(clock_.Now()));
}

TEST(RedisTrackingOfAnotherServerTest, NothingIsProvenWhereCommandsGoToAnotherServer) {
  const RedisServer here;
  const RedisServer there;
  base::MonotonicClock clock;
  base::SeededRandom random(1);
  Listener listener;
  RedisClient redis({.address = ParseRedisUrl(there.url()).value()});
  ASSERT_TRUE(redis.WaitUntilConnected(absl::Now() + absl::Seconds(20)));
  const RedisTracking tracking({.address = ParseRedisUrl(here.url()).value(),
                                .probe_interval = absl::Milliseconds(20),
                                .probe_timeout = absl::Milliseconds(200)},
                               redis, clock, random, listener);
  here.Run({"SET", "council:{a}:x", "1"});
  EXPECT_TRUE(listener.WaitForLoss(2));
  EXPECT_EQ(listener.proofs(), 0);
}

TEST(RedisTrackingWithAPasswordTest, ItEntersWithThePassword) {
  const RedisServer server({"--requirepass", "secret"});
  base::MonotonicClock clock;
  base::SeededRandom random(1);
  Listener listener;
  const RedisAddress address = ParseRedisUrl(absl::StrCat("redis://:secret@127.0.0.1:", server.port())).value();
  RedisClient redis({.address = address});
  const RedisTracking tracking({.address = address}, redis, clock, random, listener);
  EXPECT_TRUE(listener.WaitForProof(clock.Now()));
}

}  // namespace
}  // namespace council::cache
