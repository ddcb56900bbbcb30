// The rate of owners, as their calls over a socket meet it.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/status.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/client.h"
#include "libs/rpc/grpc_status.h"
#include "libs/rpc/rate_limiter.h"
#include "libs/rpc/server.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;

class Handlers {
 public:
  absl::StatusOr<v1::GetTieResponse> GetTie(const CallContext&, const v1::GetTieRequest&) {
    return v1::GetTieResponse();
  }
  absl::StatusOr<v1::VerifyLedgerResponse> VerifyLedger(const CallContext&, const v1::VerifyLedgerRequest&) {
    return v1::VerifyLedgerResponse();
  }
  absl::StatusOr<v1::ImportInteractionsResponse> ImportInteractions(const CallContext&,
                                                                    Reader<v1::ImportInteractionsRequest>& reader) {
    v1::ImportInteractionsResponse response;
    while (reader.Read().has_value()) response.set_created(response.created() + 1);
    return response;
  }
};

class Endpoint final : public v1::LedgerService::CallbackService {
 public:
  Endpoint(Adaptor& adaptor, Handlers& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_UNARY(GetTie)
  COUNCIL_RPC_HEAVY_UNARY(VerifyLedger)
  COUNCIL_RPC_CLIENT_STREAM(ImportInteractions)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Handlers& service_;
};

class RateLimitedServerTest : public testing::Test {
 protected:
  RateLimitedServerTest() : adaptor_(authenticator_, Options()), endpoint_(adaptor_, handlers_) {
    server_ = Server::Start({.listen = "127.0.0.1:0"}, adaptor_, {&endpoint_}).value();
    stub_ = v1::LedgerService::NewStub(MakeChannel(server_->address()));
  }

  Adaptor::Options Options() {
    Adaptor::Options options;
    options.rate_limiter = &limiter_;
    return options;
  }

  static void Prepare(const std::string& owner, grpc::ClientContext& context) {
    context.AddMetadata("x-council-owner", owner);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  }

  absl::Status GetTie(const std::string& owner) {
    grpc::ClientContext context;
    Prepare(owner, context);
    v1::GetTieResponse response;
    return FromGrpc(stub_->GetTie(&context, {}, &response));
  }

  absl::Status Verify(const std::string& owner) {
    grpc::ClientContext context;
    Prepare(owner, context);
    v1::VerifyLedgerResponse response;
    return FromGrpc(stub_->VerifyLedger(&context, {}, &response));
  }

  // Uses up what `owner` may call at once.
  void UseUp(const std::string& owner) {
    while (GetTie(owner).ok()) {
    }
  }

  InsecureDevAuthenticator authenticator_;
  base::ManualClock clock_{absl::FromUnixSeconds(1'760'000'000)};
  telemetry::Metrics metrics_;
  RateLimiter limiter_{{.calls_per_second = 10, .burst = 20}, clock_, metrics_};
  Handlers handlers_;
  Adaptor adaptor_;
  Endpoint endpoint_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
};

TEST_F(RateLimitedServerTest, CallOverTheRateIsToldWhenItWillBeTaken) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(GetTie("ada").ok());
  const absl::Status refused = GetTie("ada");
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_RATE_LIMITED);
  EXPECT_EQ(base::RetryDelayOf(refused), absl::Milliseconds(100));
  EXPECT_TRUE(GetTie("bea").ok());
  clock_.Advance(absl::Milliseconds(100));
  EXPECT_TRUE(GetTie("ada").ok());
}

TEST_F(RateLimitedServerTest, HeavyCallsUseUpABurstSooner) {
  EXPECT_TRUE(Verify("ada").ok());
  EXPECT_TRUE(Verify("ada").ok());
  EXPECT_EQ(base::ReasonOf(Verify("ada")), common::v1::ERROR_REASON_RATE_LIMITED);
}

TEST_F(RateLimitedServerTest, CallWithoutAnOwnerUsesUpNobodysRate) {
  grpc::ClientContext context;
  v1::GetTieResponse response;
  EXPECT_EQ(stub_->GetTie(&context, {}, &response).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(limiter_.owners(), 0u);
}

TEST_F(RateLimitedServerTest, WhatAServiceCallsInTheCourseOfAnOwnersCallIsNotCountedAgain) {
  const CallContext call("GetCouncilBalance", {.owner = {"dev", "ada"}, .credential = {"x-council-owner", "ada"}},
                         absl::Now() + absl::Seconds(20));
  UseUp("ada");
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(Ask("ledger", *stub_, &v1::LedgerService::Stub::GetTie, call, v1::GetTieRequest()).ok());
  }
  EXPECT_FALSE(GetTie("ada").ok());
}

TEST_F(RateLimitedServerTest, OneOwnersSlowStreamsLeaveThreadsToOthers) {
  struct Stream {
    grpc::ClientContext context;
    v1::ImportInteractionsResponse response;
    std::unique_ptr<grpc::ClientWriter<v1::ImportInteractionsRequest>> writer;
  };
  const auto open = [this](const std::string& owner) {
    auto stream = std::make_unique<Stream>();
    Prepare(owner, stream->context);
    stream->writer = stub_->ImportInteractions(&stream->context, &stream->response);
    stream->writer->WaitForInitialMetadata();
    clock_.Advance(absl::Minutes(1));
    return stream;
  };
  std::vector<std::unique_ptr<Stream>> slow;
  for (int i = 0; i < 4; ++i) slow.push_back(open("ada"));
  const auto refused = open("ada");
  EXPECT_EQ(base::ReasonOf(FromGrpc(refused->writer->Finish())), common::v1::ERROR_REASON_RATE_LIMITED);
  slow.push_back(open("bea"));
  for (const auto& stream : slow) {
    EXPECT_EQ(stream->context.GetServerInitialMetadata().count("council-taken"), 1u);
    stream->writer->WritesDone();
    EXPECT_TRUE(stream->writer->Finish().ok());
  }
  const auto next = open("ada");
  next->writer->WritesDone();
  EXPECT_TRUE(next->writer->Finish().ok());
}

TEST_F(RateLimitedServerTest, StreamSaysThatItIsTakenBeforeAnyOfAFileIsSent) {
  for (const bool over_the_rate : {false, true}) {
    if (over_the_rate) UseUp("ada");
    grpc::ClientContext context;
    Prepare("ada", context);
    v1::ImportInteractionsResponse response;
    const auto writer = stub_->ImportInteractions(&context, &response);
    writer->WaitForInitialMetadata();
    EXPECT_EQ(context.GetServerInitialMetadata().count("council-taken"), over_the_rate ? 0u : 1u);
    writer->WritesDone();
    const absl::Status status = FromGrpc(writer->Finish());
    EXPECT_EQ(base::ReasonOf(status),
              over_the_rate ? common::v1::ERROR_REASON_RATE_LIMITED : common::v1::ERROR_REASON_UNSPECIFIED);
    EXPECT_EQ(status.ok(), !over_the_rate) << status;
  }
}

}  // namespace
}  // namespace council::rpc
