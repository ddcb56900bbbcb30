#include "libs/cache/near_cache.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace council::cache {
namespace {

class NearCacheTest : public ::testing::Test {
 protected:
  NearCacheTest() { near_.OnProof(clock_.Now()); }

  void Keep(const std::string& owner, int value, absl::Duration life = absl::Minutes(1)) {
    const auto ticket = near_.Begin(owner);
    ASSERT_TRUE(ticket.has_value());
    near_.Keep(owner, *ticket, std::make_shared<int>(value), ticket->taken + life);
  }

  int Find(const std::string& owner) {
    const auto value = near_.Find(owner);
    return value == nullptr ? -1 : *value;
  }

  // Time goes on, with a probe each second.
  void Pass(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      clock_.Advance(absl::Seconds(1));
      near_.OnProof(clock_.Now());
    }
  }

  const std::string ada_ = KeyPrefix("ada");
  const std::string bob_ = KeyPrefix("bob");
  base::ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  telemetry::Metrics metrics_;
  NearCacheMetrics counters_{metrics_};
  NearCache<int> near_{clock_, counters_, {.most_entries = 3}};
};

TEST_F(NearCacheTest, ChangedKeyOfAnOwnerDropsTheirValueAndNobodyElses) {
  Keep(ada_, 1);
  Keep(bob_, 2);
  near_.OnInvalidated(RevisionKey("ada", "ledger", "lineage"));
  EXPECT_EQ(Find(ada_), -1);
  EXPECT_EQ(Find(bob_), 2);
}

TEST_F(NearCacheTest, ValueIsNotKeptWhereSomethingChangedWhileItWasRead) {
  const auto ticket = near_.Begin(ada_);
  near_.OnInvalidated(absl::StrCat(ada_, "balance:x:y"));
  near_.Keep(ada_, *ticket, std::make_shared<int>(1), absl::InfiniteFuture());
  EXPECT_EQ(Find(ada_), -1);
  EXPECT_EQ(counters_.overtaken.Value(), 1);
}

TEST_F(NearCacheTest, NothingIsBelievedWithoutAProofOfTheLastThreeSeconds) {
  Keep(ada_, 1);
  const auto ticket = near_.Begin(bob_);
  clock_.Advance(absl::Milliseconds(2999));
  EXPECT_EQ(Find(ada_), 1);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Find(ada_), -1);
  EXPECT_FALSE(near_.Begin(ada_).has_value());
  EXPECT_EQ(counters_.emptied_unproven.Value(), 1);
  near_.OnProof(clock_.Now());
  EXPECT_EQ(Find(ada_), -1);
  near_.Keep(bob_, *ticket, std::make_shared<int>(2), absl::InfiniteFuture());
  EXPECT_EQ(Find(bob_), -1);
  Keep(ada_, 3);
  EXPECT_EQ(Find(ada_), 3);
}

TEST_F(NearCacheTest, LapseThatNobodySawEmptiesIt) {
  Keep(ada_, 1);
  clock_.Advance(absl::Seconds(10));
  near_.OnProof(clock_.Now());
  EXPECT_EQ(Find(ada_), -1);
}

TEST_F(NearCacheTest, ProbeThatComesLateProvesNoMoreThanItsTime) {
  const absl::Time sent = clock_.Now();
  clock_.Advance(absl::Seconds(10));
  near_.OnProof(sent);
  EXPECT_FALSE(near_.Begin(ada_).has_value());
}

TEST_F(NearCacheTest, LostConnectionAndFlushEmptyItAndVoidWhatIsBeingRead) {
  Keep(ada_, 1);
  auto ticket = near_.Begin(bob_);
  near_.OnFlushed();
  EXPECT_EQ(Find(ada_), -1);
  near_.Keep(bob_, *ticket, std::make_shared<int>(2), absl::InfiniteFuture());
  EXPECT_EQ(Find(bob_), -1);

  Keep(ada_, 3);
  ticket = near_.Begin(bob_);
  near_.OnLost();
  near_.OnLost();
  EXPECT_EQ(counters_.emptied_lost.Value(), 1);
  EXPECT_EQ(Find(ada_), -1);
  EXPECT_FALSE(near_.Begin(ada_).has_value());
  near_.OnProof(clock_.Now());
  near_.Keep(bob_, *ticket, std::make_shared<int>(4), absl::InfiniteFuture());
  EXPECT_EQ(Find(bob_), -1);
}

TEST_F(NearCacheTest, ValueIsBelievedNoLongerThanItWasGiven) {
  Keep(ada_, 1, absl::Seconds(60));
  Pass(59);
  EXPECT_EQ(Find(ada_), 1);
  Pass(1);
  EXPECT_EQ(Find(ada_), -1);
}

TEST_F(NearCacheTest, OwnersNotAskedForLongestGiveWay) {
  for (int i = 0; i < 3; ++i) Keep(KeyPrefix(absl::StrCat(i)), i);
  EXPECT_EQ(Find(KeyPrefix("0")), 0);
  Keep(KeyPrefix("3"), 3);
  EXPECT_EQ(Find(KeyPrefix("0")), 0);
  EXPECT_EQ(Find(KeyPrefix("1")), -1);
  EXPECT_EQ(counters_.entries.Value(), 3);
}

TEST_F(NearCacheTest, ForgottenValueIsGoneAndWhatIsBeingReadIsNotKept) {
  Keep(ada_, 1);
  const auto ticket = near_.Begin(ada_);
  near_.Forget(ada_);
  EXPECT_EQ(Find(ada_), -1);
  near_.Keep(ada_, *ticket, std::make_shared<int>(2), absl::InfiniteFuture());
  EXPECT_EQ(Find(ada_), -1);
}

TEST_F(NearCacheTest, OwnerIsReadFromKeysOfAnyKind) {
  EXPECT_EQ(OwnerPrefix(RevisionKey("ada", "ledger", "x")), ada_);
  EXPECT_EQ(OwnerPrefix(absl::StrCat(ada_, "balance:a:b")), ada_);
  for (const char* other : {"", "council:probe:1:2", "council:{", "council:{abc}", "elsewhere:{abc}:x"}) {
    EXPECT_EQ(OwnerPrefix(other), "") << other;
  }
}

}  // namespace
}  // namespace council::cache
