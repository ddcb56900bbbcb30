#include "services/recommendations/balance_cache.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/status.h"
#include "libs/cache/redis.h"
#include "libs/cache/redis_url.h"
#include "services/recommendations/fake_services.h"
#include "services/recommendations/memory_balance_cache.h"
#include "services/recommendations/redis_balance_cache.h"
#include "tests/support/redis_server.h"

namespace council::recommendations {
namespace {

using Result = absl::StatusOr<v1::CouncilBalance>;

constexpr char kAda[] = "ada";

// A cache over services that the test moves, with a backend in memory.
class BalanceCacheTest : public ::testing::Test {
 protected:
  BalanceCacheTest() : services_(tokens_) { Use(memory_); }
  ~BalanceCacheTest() override { services_.OnCouncil(nullptr); }

  void Use(BalanceCacheBackend& backend) {
    cache_.reset();
    cache_ =
        std::make_unique<BalanceCache>(BalanceCache::Parts{.computer = computer_,
                                                           .backend = backend,
                                                           .sealer = sealer_,
                                                           .tokens = tokens_,
                                                           .executor = executor_,
                                                           .clock = clock_},
                                       [this](const rpc::CallContext&, const v1::CouncilBalance&) { ++observed_; });
  }

  static std::shared_ptr<const rpc::CallContext> CallBy(const std::string& owner,
                                                        absl::Duration time = absl::Seconds(20)) {
    rpc::Principal principal{.owner = {"dev", owner}, .client = "owner", .credential = {"x-council-owner", owner}};
    return std::make_shared<rpc::CallContext>("GetCouncilBalance", std::move(principal), absl::Now() + time);
  }

  std::future<Result> Start(std::vector<std::string> tokens = {}, const std::string& owner = kAda,
                            absl::Duration time = absl::Seconds(20)) {
    auto promise = std::make_shared<std::promise<Result>>();
    cache_->Get(CallBy(owner, time), std::move(tokens), [promise](absl::StatusOr<rpc::Serialized> answer) {
      if (!answer.ok()) return promise->set_value(answer.status());
      v1::GetCouncilBalanceResponse response;
      EXPECT_TRUE(response.ParseFromString(**answer));
      promise->set_value(response.balance());
    });
    return promise->get_future();
  }

  Result Get(std::vector<std::string> tokens = {}, const std::string& owner = kAda) {
    return Start(std::move(tokens), owner).get();
  }

  // Holds the first reading of a council, after its snapshot was taken, until `gate_` is notified.
  void HoldFirstReading(grpc::Status outcome = grpc::Status::OK) { HoldReading(1, std::move(outcome)); }

  void HoldReading(int number, grpc::Status outcome) {
    services_.OnCouncil([this, number, outcome = std::move(outcome)](int call) {
      if (call != number) return grpc::Status::OK;
      reached_.Notify();
      gate_.WaitForNotification();
      return outcome;
    });
  }

  const BalanceCache::Stats& stats() const { return cache_->stats(); }

  base::ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  const seal::TokenCodec tokens_{seal::DevelopmentSharedKey(), std::string(32, 't')};
  const seal::Sealer sealer_{std::string(32, 'o'), seal::DevelopmentSharedKey()};
  // Outlive the services' threads, which may still be waiting when a test's body ends.
  absl::Notification reached_;
  absl::Notification gate_;
  FakeServices services_;
  ContactsClient contacts_{services_.contacts_channel()};
  LedgerClient ledger_{services_.ledger_channel()};
  BalanceComputer computer_{contacts_, ledger_, tokens_, clock_, BalanceModels()};
  MemoryBalanceCache memory_{clock_};
  std::atomic<int> observed_ = 0;
  base::Executor executor_{8, 1000};
  std::unique_ptr<BalanceCache> cache_;
};

TEST_F(BalanceCacheTest, SecondCallerIsAnsweredFromTheCacheWithTheSameFigures) {
  services_.Seat(kAda, clock_.Now());
  const Result first = Get();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_GT(first->structure(), 0);
  Result second = Get();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  second->set_answered_from(first->answered_from());
  EXPECT_EQ(second->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(stats().computations, 1);
}

TEST_F(BalanceCacheTest, OwnersDoNotShareBalances) {
  services_.Seat(kAda, clock_.Now());
  EXPECT_EQ(Get()->seats(), 1);
  EXPECT_EQ(Get({}, "bob")->seats(), 0);
}

TEST_F(BalanceCacheTest, TokenAsksForANewComputationAndItsTokensAreServedFromTheCache) {
  services_.Seat(kAda, clock_.Now());
  ASSERT_TRUE(Get().ok());
  const Result after = Get({services_.Append(kAda)});
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_EQ(after->ledger_revision(), 1);
  const Result again = Get({after->tokens().begin(), after->tokens().end()});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
}

TEST_F(BalanceCacheTest, RevisionThatTheCacheKnowsAsksForANewComputation) {
  ASSERT_TRUE(Get().ok());
  services_.Append(kAda);
  const base::OutboxRow row = {.owner = "", .cache_tag = sealer_.CacheTag({"dev", kAda}), .revision = 1};
  ASSERT_TRUE(memory_.Raise("ledger", "ledger1", {&row, 1}, absl::InfiniteFuture()).ok());
  EXPECT_EQ(Get()->ledger_revision(), 1);
}

TEST_F(BalanceCacheTest, RevisionThatItsServiceNeverReachedIsDropped) {
  ASSERT_TRUE(Get().ok());
  const base::OutboxRow row = {.owner = "", .cache_tag = sealer_.CacheTag({"dev", kAda}), .revision = 1000};
  ASSERT_TRUE(memory_.Raise("contacts", "contacts1", {&row, 1}, absl::InfiniteFuture()).ok());
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_EQ(stats().dropped_revisions, 1);
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
}

TEST_F(BalanceCacheTest, MissingRevisionIsAskedOfItsServiceBeforeACachedBalanceIsBelieved) {
  ASSERT_TRUE(Get().ok());
  clock_.Advance(absl::Seconds(61));
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  const int asked = services_.revision_reads();
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  EXPECT_EQ(services_.revision_reads(), asked);
  clock_.Advance(absl::Seconds(61));
  services_.Append(kAda);
  const Result after = Get();
  EXPECT_EQ(after->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_EQ(after->ledger_revision(), 1);
}

TEST_F(BalanceCacheTest, NoBalanceLivesLongerThanAnHour) {
  ASSERT_TRUE(Get().ok());
  clock_.Advance(absl::Minutes(59));
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
}

TEST_F(BalanceCacheTest, CallersOfOneOwnerShareOneComputation) {
  ASSERT_TRUE(Get().ok());  // so that the lineages are known, and every caller comes straight to the flight
  HoldReading(2, grpc::Status::OK);
  const std::string token = services_.Append(kAda);
  std::vector<std::future<Result>> callers;
  callers.push_back(Start({token}));
  reached_.WaitForNotification();
  for (int i = 0; i < 20; ++i) callers.push_back(Start({token}));
  gate_.Notify();
  for (auto& caller : callers) {
    const Result result = caller.get();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->ledger_revision(), 1);
  }
  EXPECT_EQ(services_.council_reads(), 2);
  EXPECT_EQ(stats().joined, 20);
}

TEST_F(BalanceCacheTest, CallerWhomTheRunningComputationDoesNotServeStartsTheNext) {
  HoldFirstReading();
  std::future<Result> early = Start();
  reached_.WaitForNotification();
  std::future<Result> late = Start({services_.Seat(kAda, clock_.Now())});
  gate_.Notify();
  EXPECT_EQ(early.get()->contacts_revision(), 0);
  EXPECT_EQ(late.get()->contacts_revision(), 1);
  EXPECT_EQ(services_.council_reads(), 2);
}

TEST_F(BalanceCacheTest, TimeLimitOfOneCallerIsNotShared) {
  HoldFirstReading();
  std::future<Result> hasty = Start({}, kAda, absl::Milliseconds(300));
  reached_.WaitForNotification();
  std::future<Result> patient = Start();
  EXPECT_TRUE(absl::IsDeadlineExceeded(hasty.get().status()));
  EXPECT_TRUE(patient.get().ok());
  gate_.Notify();
}

TEST_F(BalanceCacheTest, RefusedIdentityOfOneCallerIsNotShared) {
  HoldFirstReading({grpc::StatusCode::UNAUTHENTICATED, "expired"});
  std::future<Result> refused = Start();
  reached_.WaitForNotification();
  std::future<Result> other = Start();
  gate_.Notify();
  EXPECT_FALSE(refused.get().ok());
  EXPECT_TRUE(other.get().ok());
}

TEST_F(BalanceCacheTest, ServiceThatCannotBeReachedIsEveryonesFailure) {
  HoldFirstReading({grpc::StatusCode::UNAVAILABLE, "gone"});
  std::future<Result> one = Start();
  reached_.WaitForNotification();
  std::future<Result> other = Start();
  gate_.Notify();
  EXPECT_TRUE(absl::IsUnavailable(one.get().status()));
  EXPECT_TRUE(absl::IsUnavailable(other.get().status()));
  EXPECT_EQ(services_.council_reads(), 1);
}

TEST_F(BalanceCacheTest, AfterARestoreOldTokensAreRefusedAndNewOnesServed) {
  const std::string old_token = services_.Append(kAda);
  ASSERT_TRUE(Get({old_token}).ok());
  services_.Restore();
  const std::string new_token = services_.Append(kAda);
  const Result result = Get({new_token});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ledger_revision(), 2);
  EXPECT_EQ(base::ReasonOf(Get({old_token}).status()), common::v1::ERROR_REASON_LINEAGE_CHANGED);
}

TEST_F(BalanceCacheTest, RestoreIsNoticedWithoutATokenWithinAMinute) {
  ASSERT_TRUE(Get().ok());
  services_.Restore();
  services_.Append(kAda);
  clock_.Advance(absl::Seconds(61));
  const Result result = Get();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ledger_revision(), 1);
}

TEST_F(BalanceCacheTest, TokensOfOthersAndOfTheFutureAreRefused) {
  EXPECT_EQ(base::ReasonOf(Get({"garbage"}).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
  EXPECT_EQ(base::ReasonOf(Get({services_.Append("bob")}).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
  const std::string future = tokens_.MakeConsistencyToken({"dev", kAda}, {"ledger", "ledger1", 77});
  EXPECT_EQ(base::ReasonOf(Get({future}).status()), common::v1::ERROR_REASON_TOKEN_FROM_FUTURE);
}

TEST_F(BalanceCacheTest, BalanceThatCannotBeOpenedIsComputedAnew) {
  const seal::Sealer other_sealer(std::string(32, 'o'), seal::DevelopmentSharedKey());
  const Result first = Get();
  ASSERT_TRUE(first.ok());
  const std::string key = absl::StrCat(cache::KeyPrefix(sealer_.CacheTag({"dev", kAda})), "balance:contacts1:ledger1");
  memory_.Keep(key,
               {.revisions = {0, 0},
                .compute_time = clock_.Now(),
                .model_version = kBalanceModelVersion,
                .model_digest = Digest(BalanceModel())},
               "\xff garbage");
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_EQ(stats().unreadable, 1);
}

TEST_F(BalanceCacheTest, ComputedBalancesAreToldOf) {
  ASSERT_TRUE(Get().ok());
  ASSERT_TRUE(Get().ok());
  cache_.reset();
  EXPECT_EQ(observed_, 1);
}

TEST_F(BalanceCacheTest, ForgottenBalanceIsComputedAnew) {
  ASSERT_TRUE(Get().ok());
  ASSERT_TRUE(cache_->Forget(*CallBy(kAda)).ok());
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
}

TEST_F(BalanceCacheTest, TiesAreReadAgainWhereTheLedgerChangedBetweenPages) {
  for (int i = 0; i < 10; ++i) services_.Seat(kAda, clock_.Now());
  services_.BreakPages(3);
  EXPECT_EQ(Get()->seats(), 10);
  services_.BreakPages(100);
  EXPECT_TRUE(absl::IsAborted(Get({services_.Append(kAda)}).status()));
}

// Writers and readers at once, with a relay that raises revisions at its leisure: no answer is older than its token.
void ReadAndWriteAtOnce(FakeServices& services, const std::function<Result(std::vector<std::string>)>& get,
                        const std::function<void(int64_t)>& relay) {
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 60; ++i) {
        const std::string token = services.Append(kAda);
        const Result mine = get({token});
        // The state of an answer is a token in turn: nobody may see less afterwards.
        if (!mine.ok() || mine->ledger_revision() < i + 1) {
          ++failures;
          continue;
        }
        if (i % 3 == t % 3) relay(mine->ledger_revision());
        const Result again = get({mine->tokens().begin(), mine->tokens().end()});
        if (!again.ok() || again->ledger_revision() < mine->ledger_revision()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

TEST_F(BalanceCacheTest, NoTokenIsEverAnsweredFromAnOlderState) {
  services_.Seat(kAda, clock_.Now());
  const std::string tag = sealer_.CacheTag({"dev", kAda});
  ReadAndWriteAtOnce(
      services_, [this](std::vector<std::string> tokens) { return Get(std::move(tokens)); },
      [&](int64_t revision) { memory_.RaiseRevision(cache::RevisionKey(tag, "ledger", "ledger1"), revision); });
}

class RedisTest : public BalanceCacheTest {
 protected:
  RedisTest() {
    cache::RedisOptions options;
    options.address = *cache::ParseRedisUrl(server_.url());
    redis_ = std::make_unique<cache::RedisClient>(std::move(options));
    EXPECT_TRUE(redis_->WaitUntilConnected(absl::Now() + absl::Seconds(20)));
    backend_ = std::make_unique<RedisBalanceCache>(*redis_);
    Use(*backend_);
  }
  ~RedisTest() override { cache_.reset(); }

  test::RedisServer server_;
  std::unique_ptr<cache::RedisClient> redis_;
  std::unique_ptr<RedisBalanceCache> backend_;
};

TEST_F(RedisTest, HitIsMarkedAsComingFromRedis) {
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_REDIS);
}

TEST_F(RedisTest, NoTokenIsEverAnsweredFromAnOlderState) {
  services_.Seat(kAda, clock_.Now());
  const std::string tag = sealer_.CacheTag({"dev", kAda});
  ReadAndWriteAtOnce(
      services_, [this](std::vector<std::string> tokens) { return Get(std::move(tokens)); },
      [&](int64_t revision) { backend_->RaiseRevision(cache::RevisionKey(tag, "ledger", "ledger1"), revision); });
  EXPECT_GT(stats().hits, 0);
}

TEST_F(RedisTest, EverythingStillAnswersWhenRedisIsKilledMidRun) {
  services_.Seat(kAda, clock_.Now());
  std::atomic<int> answers = 0;
  std::atomic<int> failures = 0;
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      while (!stop) {
        const Result mine = Get({services_.Append(kAda)});
        if (!mine.ok()) ++failures;
        ++answers;
      }
    });
  }
  const auto wait_for_more = [&answers] {
    const int enough = answers + 50;
    while (answers < enough) std::this_thread::yield();
  };
  wait_for_more();
  server_.Kill();
  wait_for_more();
  server_.Restart();
  EXPECT_TRUE(redis_->WaitUntilConnected(absl::Now() + absl::Seconds(20)));
  wait_for_more();
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(failures, 0);
  EXPECT_GT(stats().unreachable, 0);
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_REDIS);
}

}  // namespace
}  // namespace council::recommendations
