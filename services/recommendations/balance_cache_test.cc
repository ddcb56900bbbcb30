#include "services/recommendations/balance_cache.h"

#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/cache/revisions.h"
#include "services/recommendations/balance_cache_fixture.h"

namespace council::recommendations {
namespace {

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
  EXPECT_EQ(stats().computations.Value(), 1);
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
  EXPECT_EQ(stats().dropped_revisions.Value(), 1);
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
  EXPECT_EQ(stats().answers_joined.Value(), 20);
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
  EXPECT_EQ(stats().unreadable.Value(), 1);
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

TEST_F(BalanceCacheTest, NoTokenIsEverAnsweredFromAnOlderState) {
  services_.Seat(kAda, clock_.Now());
  const std::string tag = sealer_.CacheTag({"dev", kAda});
  ReadAndWriteAtOnce(
      services_, [this](std::vector<std::string> tokens) { return Get(std::move(tokens)); },
      [&](int64_t revision) { memory_.RaiseRevision(cache::RevisionKey(tag, "ledger", "ledger1"), revision); });
}

TEST_F(BalanceCacheTest, CancellationOfOneCallerIsNotShared) {
  HoldFirstReading({grpc::StatusCode::CANCELLED, "gone"});
  std::future<Result> gone = Start();
  reached_.WaitForNotification();
  std::future<Result> other = Start();
  gate_.Notify();
  EXPECT_FALSE(gone.get().ok());
  EXPECT_TRUE(other.get().ok());
}

TEST_F(BalanceCacheTest, BalanceThatIsSoonTooOldIsComputedAnewByOneWhileAllAreServed) {
  services_.OnCouncil([this](int) {
    clock_.Advance(absl::Seconds(30));
    return grpc::Status::OK;
  });
  const Result first = Get();
  ASSERT_TRUE(first.ok()) << first.status();
  const int64_t computed = absl::ToUnixSeconds(base::FromProto(first->compute_time()));
  services_.OnCouncil(nullptr);
  clock_.Advance(absl::Minutes(50));
  ASSERT_TRUE(Get().ok());  // the revisions are known again
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  EXPECT_EQ(stats().early_computations.Value(), 0);
  clock_.Advance(absl::Minutes(9) + absl::Seconds(25));
  ASSERT_TRUE(Get().ok());
  while (absl::ToUnixSeconds(base::FromProto(Get()->compute_time())) == computed) {
  }
  EXPECT_GE(stats().early_computations.Value(), 1);
  EXPECT_EQ(stats().computations.Value(), 1);
  // It is far from its new end.
  clock_.Advance(absl::Seconds(30));
  EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  EXPECT_EQ(stats().computations.Value(), 1);
}

TEST_F(BalanceCacheTest, FailedEarlyComputationIsNobodysConcern) {
  services_.OnCouncil([this](int) {
    clock_.Advance(absl::Minutes(10));
    return grpc::Status::OK;
  });
  ASSERT_TRUE(Get().ok());
  services_.OnCouncil([](int) { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone"); });
  clock_.Advance(absl::Minutes(49));
  while (services_.council_reads() < 2) EXPECT_EQ(Get()->answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
}

}  // namespace
}  // namespace council::recommendations
