#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_FIXTURE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_FIXTURE_H_

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "gtest/gtest.h"
#include "libs/base/executor.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_computer.h"
#include "services/recommendations/fake_services.h"
#include "services/recommendations/memory_balance_cache.h"

namespace council::recommendations {

using Result = absl::StatusOr<v1::CouncilBalance>;

inline constexpr char kAda[] = "ada";

// A cache over services that the test moves, with a backend in memory.
class BalanceCacheTest : public ::testing::Test {
 protected:
  BalanceCacheTest() : services_(tokens_) { Use(memory_); }
  ~BalanceCacheTest() override { services_.OnCouncil(nullptr); }

  void Use(BalanceCacheBackend& backend, NearBalances* near = nullptr) {
    cache_.reset();
    metrics_ = std::make_unique<telemetry::Metrics>();
    cache_ =
        std::make_unique<BalanceCache>(BalanceCache::Parts{.computer = computer_,
                                                           .backend = backend,
                                                           .near = near,
                                                           .sealer = sealer_,
                                                           .tokens = tokens_,
                                                           .executor = executor_,
                                                           .clock = clock_,
                                                           .random = random_,
                                                           .metrics = *metrics_},
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

  // What the cache has counted so far.
  BalanceCacheMetrics stats() const { return BalanceCacheMetrics(*metrics_); }

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
  base::SeededRandom random_{1};
  std::unique_ptr<telemetry::Metrics> metrics_;
  std::unique_ptr<BalanceCache> cache_;
};

// Writers and readers at once, with a relay that raises revisions at its leisure: no answer is older than its token.
inline void ReadAndWriteAtOnce(FakeServices& services, const std::function<Result(std::vector<std::string>)>& get,
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

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_FIXTURE_H_
