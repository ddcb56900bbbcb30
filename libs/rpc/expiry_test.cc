// What becomes of calls whose access token expires while they run.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/status.h"
#include "libs/identity/keys_for_test.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/client.h"
#include "libs/rpc/grpc_status.h"
#include "libs/rpc/jwt_authenticator.h"
#include "libs/rpc/server.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;

// How long a token of these tests is good.
constexpr absl::Duration kLife = absl::Seconds(1);

// Streams that never end by themselves, and a unary call that ends when its caller's token has.
class Handlers {
 public:
  absl::StatusOr<v1::AppendInteractionResponse> AppendInteraction(const CallContext& call,
                                                                  const v1::AppendInteractionRequest&) {
    absl::SleepFor(call.principal().expires - absl::Now());
    if (call.IsCancelled()) return absl::CancelledError("gone");
    return v1::AppendInteractionResponse();
  }

  absl::Status ExportLedger(const CallContext&, const v1::ExportLedgerRequest&,
                            Writer<v1::ExportLedgerResponse>& writer) {
    v1::ExportLedgerResponse response;
    response.add_entries()->mutable_interaction()->set_note(std::string(10'000, 'x'));
    while (writer.Write(response)) {
    }
    return absl::CancelledError("gone");
  }

  absl::StatusOr<v1::ImportInteractionsResponse> ImportInteractions(const CallContext& call,
                                                                    Reader<v1::ImportInteractionsRequest>& reader) {
    while (reader.Read()) {
    }
    if (call.IsCancelled()) return absl::CancelledError("gone");
    return v1::ImportInteractionsResponse();
  }

  absl::StatusOr<std::unique_ptr<ChangeSource<v1::WatchLedgerResponse>>> WatchLedger(const CallContext&,
                                                                                     const v1::WatchLedgerRequest&,
                                                                                     const std::function<void()>&) {
    class NoChanges final : public ChangeSource<v1::WatchLedgerResponse> {
      absl::StatusOr<std::vector<v1::WatchLedgerResponse>> Next() override {
        return std::vector<v1::WatchLedgerResponse>();
      }
    };
    return std::make_unique<NoChanges>();
  }
};

class Endpoint final : public v1::LedgerService::CallbackService {
 public:
  Endpoint(Adaptor& adaptor, Handlers& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_UNARY(AppendInteraction)
  COUNCIL_RPC_SERVER_STREAM(ExportLedger)
  COUNCIL_RPC_CLIENT_STREAM(ImportInteractions)
  COUNCIL_RPC_WATCH(WatchLedger)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Handlers& service_;
};

class ExpiryTest : public ::testing::Test {
 protected:
  ExpiryTest() {
    auto tokens = identity::TokenVerifier::Create(
        {{.issuer = "https://login.test", .audiences = {"council"}, .jwks = "keys", .tenant = "acme"}}, clock_,
        [this](const std::string&, const auto&) { return identity::JwksOf({&key_}); });
    EXPECT_TRUE(tokens.ok()) << tokens.status();
    authenticator_ = std::make_unique<JwtAuthenticator>(*std::move(tokens));
    adaptor_ = std::make_unique<Adaptor>(*authenticator_, Adaptor::Options());
    endpoint_ = std::make_unique<Endpoint>(*adaptor_, handlers_);
    auto server = Server::Start({.listen = "127.0.0.1:0"}, *adaptor_, {endpoint_.get()});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::LedgerService::NewStub(MakeChannel(server_->address()));
    stub_->GetTie(&warm_up_, {}, &ignored_);
  }

  // With a token that is good for kLife from now on, in a call that has much longer.
  std::unique_ptr<grpc::ClientContext> Context() const {
    auto context = std::make_unique<grpc::ClientContext>();
    nlohmann::json claims = identity::GoodClaims(clock_.Now() - absl::Minutes(1));
    claims["exp"] = absl::ToDoubleSeconds(clock_.Now() + kLife - identity::kLeeway - absl::UnixEpoch());
    context->AddMetadata("authorization", absl::StrCat("Bearer ", key_.Sign(claims)));
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(1)));
    return context;
  }

  static void ExpectUnauthenticated(const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << status.error_message();
    EXPECT_EQ(base::ReasonOf(FromGrpc(status)), common::v1::ERROR_REASON_UNAUTHENTICATED);
  }

  const base::SystemClock clock_;
  const identity::KeyForTest key_{"ed-1", identity::Algorithm::kEdDsa};
  std::unique_ptr<JwtAuthenticator> authenticator_;
  Handlers handlers_;
  std::unique_ptr<Adaptor> adaptor_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
  grpc::ClientContext warm_up_;
  v1::GetTieResponse ignored_;
};

TEST_F(ExpiryTest, AnExportEndsUnauthenticated) {
  const auto context = Context();
  const auto reader = stub_->ExportLedger(context.get(), {});
  v1::ExportLedgerResponse response;
  int messages = 0;
  while (reader->Read(&response)) ++messages;
  EXPECT_GT(messages, 0);
  ExpectUnauthenticated(reader->Finish());
}

TEST_F(ExpiryTest, AnExportThatItsCallerDoesNotReadIsCutOff) {
  const auto context = Context();
  const auto reader = stub_->ExportLedger(context.get(), {});
  v1::ExportLedgerResponse response;
  EXPECT_TRUE(reader->Read(&response));
  EXPECT_TRUE(server_->Drain(absl::Seconds(20)));
}

TEST_F(ExpiryTest, AnImportEndsUnauthenticatedAlsoWhereItsCallerFellSilent) {
  const auto context = Context();
  v1::ImportInteractionsResponse response;
  const auto writer = stub_->ImportInteractions(context.get(), &response);
  EXPECT_TRUE(writer->Write({}));
  ExpectUnauthenticated(writer->Finish());
}

TEST_F(ExpiryTest, AWatchEndsUnauthenticated) {
  const auto context = Context();
  const auto reader = stub_->WatchLedger(context.get(), {});
  v1::WatchLedgerResponse response;
  EXPECT_FALSE(reader->Read(&response));
  ExpectUnauthenticated(reader->Finish());
}

TEST_F(ExpiryTest, AUnaryCallThatHasBegunIsAnswered) {
  const auto context = Context();
  v1::AppendInteractionResponse response;
  const grpc::Status status = stub_->AppendInteraction(context.get(), {}, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ExpiryTest, AServiceThatRefusesATokenWhichExpiredMeanwhileIsNotAMistakeOfTheService) {
  const grpc::Status refused(grpc::StatusCode::UNAUTHENTICATED, "the access token has expired");
  const auto call = [](absl::Time expires) {
    return CallContext("GetCouncilBalance", {.owner = {"acme", "ada"}, .expires = expires}, absl::InfiniteFuture());
  };
  EXPECT_EQ(FromCall("ledger", call(absl::Now()), refused).code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(FromCall("ledger", call(absl::InfiniteFuture()), refused).code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace council::rpc
