// Whoever watches a ledger misses nothing and sees nothing twice, whichever copy of the service it is connected to and
// however often these end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "tests/support/council.h"
#include "tests/support/postgres_server.h"

namespace council::test {
namespace {

using ledger::v1::LedgerService;

class WatchLedgerTest : public ::testing::Test {
 protected:
  WatchLedgerTest() {
    int exit_code = 0;
    const auto output =
        RunToEnd({.command = {ProgramPath("ledgerd"), "migrate", "--storage=" + postgres_.AdminUrl(database_),
                              "--service-role=council_service"}},
                 exit_code);
    EXPECT_EQ(exit_code, 0) << output.value_or("");
    const std::string storage = "--storage=" + postgres_.ServiceUrl(database_);
    for (int i = 0; i < 2; ++i) {
      copies_.push_back(std::make_unique<CouncilProgram>("ledgerd", std::vector{storage}));
    }
  }

  void Append(std::size_t copy) {
    const auto stub = LedgerService::NewStub(copies_[copy]->Connect());
    ledger::v1::AppendInteractionRequest request;
    request.mutable_interaction()->add_contact_ids("0190a000-0000-7000-8000-000000000001");
    const auto answer = Call(*stub, &LedgerService::Stub::AppendInteraction, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
  }

  // One watch, at one copy.
  struct Watch {
    Watch(const CouncilProgram& copy, const std::string& token) : stub(LedgerService::NewStub(copy.Connect())) {
      Prepare({.timeout = absl::Minutes(1)}, context);
      ledger::v1::WatchLedgerRequest request;
      request.set_watch_token(token);
      reader = stub->WatchLedger(&context, request);
    }
    std::unique_ptr<LedgerService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<ledger::v1::WatchLedgerResponse>> reader;
  };

  PostgresServer postgres_;
  const std::string database_ = postgres_.CreateDatabase();
  std::vector<std::unique_ptr<CouncilProgram>> copies_;
};

TEST_F(WatchLedgerTest, AWatchGoesOnAtAnotherCopyWhereItsOwnEnded) {
  std::string token;
  std::int64_t told = 0;
  ledger::v1::WatchLedgerResponse response;
  {
    Watch watch(*copies_[0], token);
    ASSERT_TRUE(watch.reader->Read(&response));  // The place.
    EXPECT_FALSE(response.has_interaction());
    // One through each copy: the other's shows within the poll.
    Append(0);
    Append(1);
    while (told < 2 && watch.reader->Read(&response)) EXPECT_EQ(response.interaction().sequence(), ++told);
    token = response.watch_token();
    // An open watch holds up no shutdown, and is told of it.
    EXPECT_EQ(copies_[0]->process().Terminate().value(), 0);
    EXPECT_FALSE(watch.reader->Read(&response));
    EXPECT_EQ(watch.reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  Append(1);
  Watch watch(*copies_[1], token);
  Append(1);
  copies_[0]->Restart();
  Append(0);
  while (told < 5 && watch.reader->Read(&response)) EXPECT_EQ(response.interaction().sequence(), ++told);
  EXPECT_EQ(told, 5);
}

TEST_F(WatchLedgerTest, EachEntryIsToldOnceHoweverOftenAWatchIsCutOff) {
  constexpr int kEntries = 120;
  std::string token;
  {
    Watch place(*copies_[0], token);
    ledger::v1::WatchLedgerResponse response;
    ASSERT_TRUE(place.reader->Read(&response));
    token = response.watch_token();
    place.context.TryCancel();
  }
  std::vector<std::thread> writers;
  for (std::size_t copy = 0; copy < 2; ++copy) {
    writers.emplace_back([this, copy] {
      for (int i = 0; i < kEntries / 2; ++i) Append(copy);
    });
  }
  std::int64_t told = 0;
  for (std::size_t turn = 0; told < kEntries; ++turn) {
    Watch watch(*copies_[turn % 2], token);
    ledger::v1::WatchLedgerResponse response;
    for (std::size_t i = 0; i <= turn % 7 && told < kEntries && watch.reader->Read(&response); ++i) {
      ASSERT_EQ(response.interaction().sequence(), ++told);
      token = response.watch_token();
    }
    watch.context.TryCancel();
  }
  for (std::thread& writer : writers) writer.join();
}

}  // namespace
}  // namespace council::test
