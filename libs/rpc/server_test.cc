#include "libs/rpc/server.h"
#include "libs/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/status.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/client.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;

// Handlers that behave as the request's request_id says.
class Handlers {
 public:
  absl::StatusOr<v1::AppendInteractionResponse> AppendInteraction(const CallContext& call,
                                                                  const v1::AppendInteractionRequest& request) {
    if (request.request_id() == "violate") {
      return base::InvalidField("interaction.contact_ids", "must name at least one contact");
    }
    if (request.request_id() == "throw") throw std::runtime_error("secret content");
    if (request.request_id() == "wait") {
      entered.Notify();
      release.WaitForNotification();
    }
    v1::AppendInteractionResponse response;
    response.set_token(call.owner().tenant + "/" + call.owner().subject);
    response.mutable_interaction()->set_sequence(absl::ToInt64Seconds(call.deadline() - absl::Now()));
    return response;
  }

  void GetTie(const std::shared_ptr<const CallContext>& call, const v1::GetTieRequest& request,
              const Done<v1::GetTieResponse>& done) {
    v1::GetTieResponse response;
    response.mutable_tie()->set_contact_id(request.contact().contact_id());
    response.set_token(call->method());
    done(response);
  }

  void GetRevision(const std::shared_ptr<const CallContext>& call,
                   const std::shared_ptr<const v1::GetRevisionRequest>& request, const Done<Serialized>& done) {
    if (request->at_least_as_fresh_size() > 1) return done(base::InvalidField("at_least_as_fresh", "one is enough"));
    v1::GetRevisionResponse response;
    response.set_token(absl::StrCat(call->owner().subject, request->at_least_as_fresh_size()));
    response.set_lineage(std::string(50'000, 'l'));
    done(std::make_shared<const std::string>(response.SerializeAsString()));
  }

  absl::Status ExportLedger(const CallContext&, const v1::ExportLedgerRequest& request,
                            Writer<v1::ExportLedgerResponse>& writer) {
    for (int64_t i = 0; i < request.start_sequence(); ++i) {
      v1::ExportLedgerResponse response;
      response.add_entries()->mutable_interaction()->set_sequence(i);
      if (!writer.Write(response)) return absl::CancelledError("gone");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<v1::ImportInteractionsResponse> ImportInteractions(const CallContext&,
                                                                    Reader<v1::ImportInteractionsRequest>& reader) {
    v1::ImportInteractionsResponse response;
    while (const auto request = reader.Read()) {
      response.set_created(response.created() + static_cast<int>(request->chunk().size()));
    }
    return response;
  }

  absl::Notification entered;
  absl::Notification release;
};

class Endpoint final : public v1::LedgerService::WithRawCallbackMethod_GetRevision<v1::LedgerService::CallbackService> {
 public:
  Endpoint(Adaptor& adaptor, Handlers& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_UNARY(AppendInteraction)
  COUNCIL_RPC_UNARY_ASYNC(GetTie)
  COUNCIL_RPC_UNARY_SERIALIZED(GetRevision)
  COUNCIL_RPC_SERVER_STREAM(ExportLedger)
  COUNCIL_RPC_CLIENT_STREAM(ImportInteractions)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Handlers& service_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() : adaptor_(authenticator_, Options()), endpoint_(adaptor_, handlers_) {
    auto server = Server::Start({.listen = "127.0.0.1:0", .max_message_bytes = 100'000}, adaptor_, {&endpoint_});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::LedgerService::NewStub(MakeChannel(server_->address()));
  }

  static Adaptor::Options Options() {
    Adaptor::Options options;
    options.threads = 1;
    options.queue_limit = 1;
    return options;
  }

  static void AsOwner(grpc::ClientContext& context, absl::Duration timeout = absl::Seconds(20)) {
    context.AddMetadata("x-council-owner", "ines");
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }

  absl::Status Append(const std::string& request_id, v1::AppendInteractionResponse* response = nullptr,
                      absl::Duration timeout = absl::Seconds(20)) {
    grpc::ClientContext context;
    AsOwner(context, timeout);
    v1::AppendInteractionRequest request;
    request.set_request_id(request_id);
    v1::AppendInteractionResponse ignored;
    return FromGrpc(stub_->AppendInteraction(&context, request, response == nullptr ? &ignored : response));
  }

  absl::Status GetTie() {
    grpc::ClientContext context;
    AsOwner(context);
    v1::GetTieResponse response;
    return FromGrpc(stub_->GetTie(&context, {}, &response));
  }

  InsecureDevAuthenticator authenticator_;
  Handlers handlers_;
  Adaptor adaptor_;
  Endpoint endpoint_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
};

TEST_F(ServerTest, HandlersKnowOwnerAndDeadline) {
  v1::AppendInteractionResponse response;
  ASSERT_TRUE(Append("", &response, absl::Seconds(100)).ok());
  EXPECT_EQ(response.token(), "dev/ines");
  EXPECT_GT(response.interaction().sequence(), 80);
  EXPECT_LE(response.interaction().sequence(), 100);
}

TEST_F(ServerTest, FieldViolationsReachTheCaller) {
  const absl::Status status = Append("violate");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_INVALID_FIELD);
  ASSERT_EQ(base::BadRequestOf(status).field_violations_size(), 1);
  EXPECT_EQ(base::BadRequestOf(status).field_violations(0).field(), "interaction.contact_ids");
}

TEST_F(ServerTest, ExceptionsBecomeInternalErrorsWithoutTheirText) {
  const absl::Status status = Append("throw");
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_INTERNAL);
  EXPECT_FALSE(absl::StrContains(status.ToString(), "secret"));
}

TEST_F(ServerTest, CallWithoutOwnerIsUnauthenticated) {
  grpc::ClientContext context;
  v1::AppendInteractionResponse response;
  const absl::Status status = FromGrpc(stub_->AppendInteraction(&context, {}, &response));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_UNAUTHENTICATED);
}

TEST_F(ServerTest, CallThroughAProxyIsRefused) {
  grpc::ClientContext context;
  AsOwner(context);
  context.AddMetadata("x-forwarded-for", "10.0.0.1");
  v1::AppendInteractionResponse response;
  EXPECT_EQ(stub_->AppendInteraction(&context, {}, &response).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ServerTest, AsynchronousHandlersAnswer) {
  grpc::ClientContext context;
  AsOwner(context);
  v1::GetTieRequest request;
  request.mutable_contact()->set_contact_id("rosa");
  v1::GetTieResponse response;
  ASSERT_TRUE(stub_->GetTie(&context, request, &response).ok());
  EXPECT_EQ(response.tie().contact_id(), "rosa");
  EXPECT_EQ(response.token(), "GetTie");
}

TEST_F(ServerTest, SerializedAnswersArriveWholeAndTheirErrorsToo) {
  for (int tokens = 0; tokens < 3; ++tokens) {
    grpc::ClientContext context;
    AsOwner(context);
    v1::GetRevisionRequest request;
    for (int i = 0; i < tokens; ++i) request.add_at_least_as_fresh(std::string(20'000, 't'));
    v1::GetRevisionResponse response;
    const absl::Status status = FromGrpc(stub_->GetRevision(&context, request, &response));
    if (tokens > 1) {
      EXPECT_EQ(base::BadRequestOf(status).field_violations(0).field(), "at_least_as_fresh");
    } else {
      ASSERT_TRUE(status.ok()) << status;
      EXPECT_EQ(response.token(), absl::StrCat("ines", tokens));
      EXPECT_EQ(response.lineage(), std::string(50'000, 'l'));
    }
  }
}

TEST_F(ServerTest, StreamsCarryMessagesInOrder) {
  grpc::ClientContext context;
  AsOwner(context);
  v1::ExportLedgerRequest request;
  request.set_start_sequence(1000);
  auto reader = stub_->ExportLedger(&context, request);
  v1::ExportLedgerResponse response;
  int64_t expected = 0;
  while (reader->Read(&response)) EXPECT_EQ(response.entries(0).interaction().sequence(), expected++);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(expected, 1000);
}

TEST_F(ServerTest, ClientStreamIsReadToItsEnd) {
  grpc::ClientContext context;
  AsOwner(context);
  v1::ImportInteractionsResponse response;
  auto writer = stub_->ImportInteractions(&context, &response);
  v1::ImportInteractionsRequest request;
  request.set_chunk(std::string(1000, 'x'));
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(writer->Write(request));
  writer->WritesDone();
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response.created(), 50'000);
}

TEST_F(ServerTest, StreamWhoseCallerFallsSilentEndsAtItsDeadline) {
  grpc::ClientContext context;
  AsOwner(context, absl::Milliseconds(200));
  v1::ImportInteractionsResponse response;
  auto writer = stub_->ImportInteractions(&context, &response);
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(server_->Drain(absl::Seconds(20)));
}

TEST_F(ServerTest, MessageOverTheLimitIsRefused) {
  const absl::Status status = Append(std::string(200'000, 'x'));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(ServerTest, FullQueueAnswersOverloadedAndTheRestGoesOn) {
  std::thread running([this] { EXPECT_TRUE(Append("wait").ok()); });
  handlers_.entered.WaitForNotification();
  std::vector<std::thread> callers;
  absl::Mutex mutex;
  std::vector<absl::Status> refused;
  // One of them finds the single place in the queue.
  for (int i = 0; i < 5; ++i) {
    callers.emplace_back([&] {
      const absl::Status status = Append("");
      absl::MutexLock lock(&mutex);
      if (!status.ok()) refused.push_back(status);
    });
  }
  {
    absl::MutexLock lock(&mutex);
    const auto four = [&refused] { return refused.size() == 4; };
    mutex.Await(absl::Condition(&four));
  }
  handlers_.release.Notify();
  for (auto& caller : callers) caller.join();
  running.join();
  ASSERT_EQ(refused.size(), 4u);
  EXPECT_EQ(refused[0].code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(base::ReasonOf(refused[0]), common::v1::ERROR_REASON_OVERLOADED);
}

TEST_F(ServerTest, DrainLetsRunningCallsFinish) {
  absl::Status outcome = absl::UnknownError("not answered");
  std::thread running([this, &outcome] { outcome = Append("wait"); });
  handlers_.entered.WaitForNotification();
  bool drained = false;
  std::thread draining([this, &drained] { drained = server_->Drain(absl::Seconds(20)); });
  // Once new calls are refused the drain is under way, and the running call is still running.
  while (GetTie().ok()) {
  }
  handlers_.release.Notify();
  draining.join();
  running.join();
  EXPECT_TRUE(outcome.ok()) << outcome;
  EXPECT_TRUE(drained);
}

TEST_F(ServerTest, DrainCutsOffWhatTakesTooLong) {
  absl::Status outcome;
  std::thread running([this, &outcome] { outcome = Append("wait"); });
  handlers_.entered.WaitForNotification();
  // The handler still waits when its call is cut off; gRPC lets go of the call when it has returned.
  std::thread draining([this] { EXPECT_FALSE(server_->Drain(absl::Milliseconds(50))); });
  running.join();
  EXPECT_FALSE(outcome.ok());
  handlers_.release.Notify();
  draining.join();
}

TEST_F(ServerTest, SecondServerOnThePortIsRefused) {
  const auto second = Server::Start({.listen = server_->address()}, adaptor_, {&endpoint_});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace council::rpc
