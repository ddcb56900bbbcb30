#include "services/recommendations/recommendations_service.h"

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/audit/access_log.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "services/recommendations/fake_services.h"
#include "services/recommendations/memory_balance_cache.h"
#include "services/recommendations/sql_recommendations_store.h"
#include "tests/support/temp_dir.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);

class Lines final : public rpc::Writer<v1::ExportOwnerResponse> {
 public:
  bool Write(const v1::ExportOwnerResponse& response) override {
    text += response.chunk();
    return true;
  }

  std::string text;
};

class RecommendationsServiceTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::CouncilBalance> Balance(const v1::GetCouncilBalanceRequest& request = {}) {
    std::promise<absl::StatusOr<v1::CouncilBalance>> promise;
    service_.GetCouncilBalance(std::make_shared<rpc::CallContext>(call_),
                               std::make_shared<v1::GetCouncilBalanceRequest>(request),
                               [&promise](absl::StatusOr<rpc::Serialized> answer) {
                                 if (!answer.ok()) return promise.set_value(answer.status());
                                 v1::GetCouncilBalanceResponse response;
                                 EXPECT_TRUE(response.ParseFromString(**answer));
                                 promise.set_value(response.balance());
                               });
    return promise.get_future().get();
  }

  absl::StatusOr<std::vector<std::string>> HistoryDays(const v1::GetBalanceHistoryRequest& request = {}) {
    const auto response = service_.GetBalanceHistory(call_, request);
    if (!response.ok()) return response.status();
    std::vector<std::string> days;
    for (const v1::BalancePoint& point : response->points()) days.push_back(point.day());
    return days;
  }

  std::vector<std::string> ViolatedFields(const absl::Status& status) {
    std::vector<std::string> fields;
    const auto request = base::BadRequestOf(status);
    for (const auto& violation : request.field_violations()) fields.push_back(violation.field());
    return fields;
  }

  std::unique_ptr<SqlRecommendationsStore> OpenStore() {
    const std::string storage = "sqlite:" + (directory_ / "recommendations.db").string();
    return *SqlRecommendationsStore::Open(storage, seal::DevelopmentSharedKey(), random_);
  }

  test::TempDir directory_;
  base::SeededRandom random_{1};
  telemetry::Metrics metrics_;
  base::ManualClock clock_{absl::FromCivil(absl::CivilHour(2026, 5, 20, 10), absl::UTCTimeZone())};
  const std::unique_ptr<SqlRecommendationsStore> store_ = OpenStore();
  audit::AccessLog accesses_{*store_, clock_};
  const seal::TokenCodec tokens_{seal::DevelopmentSharedKey(), std::string(32, 't')};
  FakeServices services_{tokens_};
  ContactsClient contacts_{services_.contacts_channel()};
  LedgerClient ledger_{services_.ledger_channel()};
  CouncilReader council_{contacts_, ledger_};
  NetworkReader network_{contacts_, ledger_};
  BalanceComputer computer_{contacts_, ledger_, tokens_, clock_, BalanceModels()};
  BalanceHistory history_{computer_, *store_, clock_};
  MemoryBalanceCache memory_{clock_};
  base::Executor executor_{4, 100};
  BalanceCache cache_{{.computer = computer_,
                       .backend = memory_,
                       .sealer = store_->sealer(),
                       .tokens = tokens_,
                       .executor = executor_,
                       .clock = clock_,
                       .random = random_,
                       .metrics = metrics_},
                      [](const rpc::CallContext&, const v1::CouncilBalance&) {}};
  RecommendationsService service_{{.cache = cache_,
                                   .computer = computer_,
                                   .history = history_,
                                   .store = *store_,
                                   .accesses = accesses_,
                                   .lineage = store_->identity().lineage,
                                   .council = council_,
                                   .network = network_,
                                   .contacts = contacts_,
                                   .ledger = ledger_,
                                   .tokens = tokens_,
                                   .executor = executor_,
                                   .clock = clock_}};
  const rpc::CallContext call_ = rpc::CallContext::ForOwner({"dev", "ada"});
};

TEST_F(RecommendationsServiceTest, BalanceNamesTheStatesItCameFrom) {
  services_.Seat("ada", clock_.Now() - kDay);
  services_.Append("ada");
  const auto balance = Balance();
  ASSERT_TRUE(balance.ok()) << balance.status();
  EXPECT_EQ(balance->contacts_revision(), 1);
  EXPECT_EQ(balance->ledger_revision(), 1);
  EXPECT_THAT(balance->tokens(), SizeIs(2));
  EXPECT_EQ(base::FromProto(balance->compute_time()), clock_.Now());
  EXPECT_EQ(balance->seats(), 1);
}

TEST_F(RecommendationsServiceTest, BalanceOfThePastHasTheSeatsOfThatTimeAndIsNotCached) {
  services_.Seat("ada", clock_.Now() - 10 * kDay);
  services_.Seat("ada", clock_.Now() - kDay);
  v1::GetCouncilBalanceRequest request;
  *request.mutable_as_of() = base::ToProto(clock_.Now() - 5 * kDay);
  const auto past = Balance(request);
  ASSERT_TRUE(past.ok()) << past.status();
  EXPECT_EQ(past->seats(), 1);
  EXPECT_EQ(base::FromProto(past->as_of()), clock_.Now() - 5 * kDay);
  EXPECT_EQ(Balance(request)->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_EQ(Balance()->seats(), 2);
}

TEST_F(RecommendationsServiceTest, WrongFieldsOfABalanceAreNamed) {
  v1::GetCouncilBalanceRequest request;
  *request.mutable_as_of() = base::ToProto(clock_.Now() + absl::Seconds(1));
  for (int i = 0; i < 101; ++i) request.add_at_least_as_fresh("x");
  EXPECT_THAT(ViolatedFields(Balance(request).status()), ElementsAre("at_least_as_fresh", "as_of"));
  request.Clear();
  request.mutable_as_of()->set_nanos(-1);
  EXPECT_THAT(ViolatedFields(Balance(request).status()), ElementsAre("as_of"));
}

TEST_F(RecommendationsServiceTest, HistoryFillsInTheDaysSinceTheFirstSeatUpToToday) {
  EXPECT_THAT(*HistoryDays(), IsEmpty());
  services_.Seat("ada", clock_.Now() - 2 * kDay);
  EXPECT_THAT(*HistoryDays(), ElementsAre("2026-05-18", "2026-05-19", "2026-05-20"));
}

TEST_F(RecommendationsServiceTest, FilledInDaysAreKeptAndTodayIsComputedAnew) {
  services_.Seat("ada", clock_.Now() - 2 * kDay);
  ASSERT_TRUE(HistoryDays().ok());
  const int reads = services_.council_reads();
  v1::GetBalanceHistoryRequest request;
  *request.mutable_start_time() = base::ToProto(clock_.Now() - 2 * kDay);
  EXPECT_THAT(*HistoryDays(request), SizeIs(3));
  EXPECT_EQ(services_.council_reads(), reads + 1);
}

TEST_F(RecommendationsServiceTest, DayOnWhichSomebodyAskedKeepsWhatWasSeen) {
  services_.Seat("ada", clock_.Now());
  v1::CouncilBalance seen = *Balance();
  seen.set_score(77);
  history_.Record(call_, seen);
  clock_.Advance(kDay);
  const auto response = service_.GetBalanceHistory(call_, {});
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_THAT(response->points(), SizeIs(2));
  EXPECT_EQ(response->points(0).score(), 77);
  EXPECT_EQ(response->points(0).day(), "2026-05-20");
}

TEST_F(RecommendationsServiceTest, HistoryThatTakesLongerThanTheCallerHasIsGoneOnWithAtTheNextRequest) {
  services_.Seat("ada", clock_.Now() - 20 * kDay);
  rpc::Principal principal = call_.principal();
  const rpc::CallContext hasty("GetBalanceHistory", principal, absl::Now() + absl::Milliseconds(400));
  const absl::Status status = service_.GetBalanceHistory(hasty, {}).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(*HistoryDays(), SizeIs(21));
}

TEST_F(RecommendationsServiceTest, WrongPeriodsAreNamed) {
  v1::GetBalanceHistoryRequest request;
  *request.mutable_start_time() = base::ToProto(clock_.Now());
  *request.mutable_end_time() = base::ToProto(clock_.Now() - kDay);
  EXPECT_THAT(ViolatedFields(HistoryDays(request).status()), ElementsAre("start_time"));
  *request.mutable_start_time() = base::ToProto(clock_.Now() - 401 * kDay);
  EXPECT_THAT(ViolatedFields(HistoryDays(request).status()), ElementsAre("start_time"));
  request.mutable_end_time()->set_nanos(2'000'000'000);
  EXPECT_THAT(ViolatedFields(HistoryDays(request).status()), ElementsAre("end_time"));
}

TEST_F(RecommendationsServiceTest, ExportIsOneLineOfJsonADay) {
  services_.Seat("ada", clock_.Now() - 2 * kDay);
  ASSERT_TRUE(HistoryDays().ok());
  Lines lines;
  ASSERT_TRUE(service_.ExportOwner(call_, {}, lines).ok());
  const std::vector<std::string> rows = absl::StrSplit(lines.text, '\n', absl::SkipEmpty());
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0], ::testing::HasSubstr("{\"balancePoint\":{\"day\":\"2026-05-18\""));
  EXPECT_THAT(rows[0], ::testing::HasSubstr("\"modelVersion\":1"));
}

TEST_F(RecommendationsServiceTest, ExportHasWhatWasRecommendedAndAnswered) {
  GivenRecommendation given;
  given.mutable_recommendation()->set_id("one");
  given.mutable_recommendation()->set_response(v1::RECOMMENDATION_RESPONSE_ACCEPT);
  *given.mutable_given_time() = base::ToProto(clock_.Now());
  ASSERT_TRUE(store_->PutGiven(call_.owner(), {&given, 1}, RecommendationsStore::IfKept::kKeepOld).ok());
  Lines lines;
  ASSERT_TRUE(service_.ExportOwner(call_, {}, lines).ok());
  EXPECT_EQ(lines.text,
            "{\"givenRecommendation\":{\"recommendation\":{\"id\":\"one\",\"response\":"
            "\"RECOMMENDATION_RESPONSE_ACCEPT\"},\"givenTime\":\"2026-05-20T10:00:00Z\"}}\n");
}

TEST_F(RecommendationsServiceTest, ErasureNeedsItsConfirmationAndLeavesNothing) {
  services_.Seat("ada", clock_.Now() - 2 * kDay);
  ASSERT_TRUE(HistoryDays().ok());
  ASSERT_TRUE(Balance().ok());
  v1::EraseOwnerRequest request;
  EXPECT_THAT(ViolatedFields(service_.EraseOwner(call_, request).status()), ElementsAre("confirmation"));
  request.set_confirmation("erase all my data");
  ASSERT_TRUE(service_.EraseOwner(call_, request).ok());
  Lines lines;
  ASSERT_TRUE(service_.ExportOwner(call_, {}, lines).ok());
  EXPECT_EQ(lines.text, "");
  EXPECT_EQ(Balance()->answered_from(), v1::ANSWERED_FROM_COMPUTATION);
}

}  // namespace
}  // namespace council::recommendations
