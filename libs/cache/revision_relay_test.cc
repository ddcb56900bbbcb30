#include "libs/cache/revision_relay.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/cache/redis.h"
#include "libs/cache/revisions.h"
#include "tests/support/redis_server.h"

namespace council::cache {
namespace {

constexpr absl::Duration kSoon = absl::Seconds(20);

// An outbox in memory, with its emptiness to wait for.
class MemoryOutbox final : public base::Outbox {
 public:
  void Put(const base::OutboxRow& row) {
    absl::MutexLock lock(&mutex_);
    rows_[row.owner] = row;
  }

  absl::StatusOr<std::vector<base::OutboxRow>> Read(size_t limit) override {
    absl::MutexLock lock(&mutex_);
    std::vector<base::OutboxRow> rows;
    for (const auto& [owner, row] : rows_) {
      if (rows.size() < limit) rows.push_back(row);
    }
    return rows;
  }

  absl::Status Remove(std::span<const base::OutboxRow> rows) override {
    absl::MutexLock lock(&mutex_);
    for (const auto& row : rows) {
      const auto found = rows_.find(row.owner);
      if (found != rows_.end() && found->second.revision == row.revision) rows_.erase(found);
    }
    return absl::OkStatus();
  }

  bool WaitUntilEmpty() {
    absl::MutexLock lock(&mutex_);
    const auto empty = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return rows_.empty(); };
    return mutex_.AwaitWithTimeout(absl::Condition(&empty), kSoon);
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, base::OutboxRow> rows_ ABSL_GUARDED_BY(mutex_);
};

class RevisionRelayTest : public testing::Test {
 protected:
  RevisionRelayTest() : redis_(RedisOptions{.address = *ParseRedisUrl(server_.url())}), revisions_(redis_) {
    EXPECT_TRUE(redis_.WaitUntilConnected(absl::Now() + kSoon));
  }

  std::string Get(const std::string& key) {
    const std::string_view command[] = {"GET", key};
    auto reply = redis_.Call(command, absl::Now() + kSoon);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? std::string(reply->text()) : "";
  }

  test::RedisServer server_;
  RedisClient redis_;
  RedisRevisions revisions_;
  MemoryOutbox outbox_;
  telemetry::Metrics metrics_;
};

TEST_F(RevisionRelayTest, NewsReachRedisAndLeaveTheOutbox) {
  outbox_.Put({"owner-1", "tag-1", 7});
  outbox_.Put({"owner-2", "tag-2", 9});
  RevisionRelay relay("ledger", "lineage", outbox_, revisions_, metrics_);
  ASSERT_TRUE(outbox_.WaitUntilEmpty());
  EXPECT_EQ(Get(RevisionKey("tag-1", "ledger", "lineage")), "7");
  EXPECT_EQ(Get(RevisionKey("tag-2", "ledger", "lineage")), "9");
}

TEST_F(RevisionRelayTest, RevisionIsNeverLowered) {
  const std::vector<base::OutboxRow> newer = {{"o", "tag", 100}};
  const std::vector<base::OutboxRow> older = {{"o", "tag", 99}};
  ASSERT_TRUE(revisions_.Raise("ledger", "lineage", newer, absl::Now() + kSoon).ok());
  ASSERT_TRUE(revisions_.Raise("ledger", "lineage", older, absl::Now() + kSoon).ok());
  EXPECT_EQ(Get(RevisionKey("tag", "ledger", "lineage")), "100");
}

TEST_F(RevisionRelayTest, WhatRedisMissedWhileItWasGoneArrivesLater) {
  RevisionRelay relay("contacts", "lineage", outbox_, revisions_, metrics_);
  server_.Kill();
  outbox_.Put({"owner", "tag", 3});
  relay.Nudge();
  server_.Restart();
  ASSERT_TRUE(outbox_.WaitUntilEmpty());
  EXPECT_EQ(Get(RevisionKey("tag", "contacts", "lineage")), "3");
}

TEST(RevisionKeyTest, OwnersOfOneKeyPrefixAreOneOwner) {
  EXPECT_NE(KeyPrefix("a"), KeyPrefix("b"));
  EXPECT_EQ(KeyPrefix("\xff\xfe"), "council:{__4}:");
  EXPECT_NE(RevisionKey("t", "ledger", "l"), RevisionKey("t", "contacts", "l"));
}

}  // namespace
}  // namespace council::cache
