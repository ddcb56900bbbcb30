// How every program of the suite starts, says that it is well, and ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/base/status.h"
#include "libs/rpc/grpc_status.h"
#include "tests/support/certificates.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;
using ::testing::HasSubstr;

std::string Sqlite(const TempDir& directory, const std::string& name) {
  return absl::StrCat("--storage=sqlite:", (directory / name).string());
}

absl::StatusOr<HealthCheckResponse::ServingStatus> HealthOf(const CouncilProgram& program, const std::string& service) {
  const auto stub = Health::NewStub(program.Connect());
  HealthCheckRequest request;
  request.set_service(service);
  const auto answer = Call(*stub, &Health::Stub::Check, request);
  if (!answer.ok()) return answer.status();
  return answer->status();
}

TEST(HealthTest, EachServiceIsServingUnderItsOwnNameAndUnderNone) {
  CouncilSuite suite;
  const std::pair<CouncilProgram*, std::string> programs[] = {
      {&suite.contactsd, "council.contacts.v1.ContactsService"},
      {&suite.ledgerd, "council.ledger.v1.LedgerService"},
      {&suite.recommendationsd, "council.recommendations.v1.RecommendationsService"}};
  for (const auto& [program, service] : programs) {
    EXPECT_EQ(HealthOf(*program, service).value(), HealthCheckResponse::SERVING) << service;
    EXPECT_EQ(HealthOf(*program, "").value(), HealthCheckResponse::SERVING) << service;
    EXPECT_TRUE(absl::IsNotFound(HealthOf(*program, "no.such.Service").status()));
  }
}

TEST(HealthTest, TheSuiteInOneProcessServesAllThree) {
  const TempDir directory;
  const CouncilProgram councild("councild", {Sqlite(directory, "council.db")});
  for (const char* service : {"council.contacts.v1.ContactsService", "council.ledger.v1.LedgerService",
                              "council.recommendations.v1.RecommendationsService"}) {
    EXPECT_EQ(HealthOf(councild, service).value(), HealthCheckResponse::SERVING) << service;
  }
}

// A contact import that is open: a call that runs for as long as the test wants.
class OpenImport {
 public:
  explicit OpenImport(const std::shared_ptr<grpc::Channel>& channel) : stub_(ContactsService::NewStub(channel)) {
    Prepare({}, context_);
    stream_ = stub_->ImportContacts(&context_, &response_);
    contacts::v1::ImportContactsRequest options;
    options.mutable_options()->set_format(contacts::v1::CONTACT_FORMAT_VCARD);
    EXPECT_TRUE(stream_->Write(options));
    // Far more than the transport holds without a reader: when it is written, the service is reading.
    for (int i = 0; i < 16; ++i) EXPECT_TRUE(stream_->Write(Chunk(std::string(256 << 10, '\n'))));
  }

  absl::StatusOr<contacts::v1::ImportContactsResponse> Finish() {
    stream_->Write(Chunk("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rosa Lind\r\nN:Lind;Rosa;;;\r\nEND:VCARD\r\n"));
    stream_->WritesDone();
    const grpc::Status status = stream_->Finish();
    if (!status.ok()) return rpc::FromGrpc(status);
    return response_;
  }

 private:
  static contacts::v1::ImportContactsRequest Chunk(std::string bytes) {
    contacts::v1::ImportContactsRequest request;
    request.set_chunk(std::move(bytes));
    return request;
  }

  std::unique_ptr<ContactsService::Stub> stub_;
  grpc::ClientContext context_;
  contacts::v1::ImportContactsResponse response_;
  std::unique_ptr<grpc::ClientWriter<contacts::v1::ImportContactsRequest>> stream_;
};

TEST(DrainTest, OnSigtermHealthGoesNotServingNewCallsAreRefusedAndRunningOnesFinish) {
  const TempDir directory;
  CouncilProgram contactsd("contactsd", {Sqlite(directory, "contacts.db")});
  const auto watcher = Health::NewStub(contactsd.Connect());
  grpc::ClientContext watch_context;
  const auto watch = watcher->Watch(&watch_context, HealthCheckRequest());
  HealthCheckResponse health;
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::SERVING);

  OpenImport running(contactsd.Connect());
  contactsd.process().Signal(SIGTERM);
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::NOT_SERVING);
  const auto newcomer = ContactsService::NewStub(contactsd.Connect());
  absl::Status refused;
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  do {  // the listening socket closes soon after health has changed
    refused = Call(*newcomer, &ContactsService::Stub::GetCouncil, contacts::v1::GetCouncilRequest()).status();
  } while (refused.ok() && absl::Now() < deadline);
  // gRPC cancels a call that arrives in the very moment in which it stops taking calls.
  EXPECT_TRUE(absl::IsUnavailable(refused) || absl::IsCancelled(refused)) << refused;

  const auto finished = running.Finish();
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_EQ(finished->created(), 1);
  EXPECT_EQ(contactsd.process().WaitForExit().value(), 0);
}

TEST(DrainTest, ACallThatDoesNotFinishIsCutOffInBoundedTime) {
  const TempDir directory;
  CouncilProgram contactsd("contactsd", {Sqlite(directory, "contacts.db"), "--drain-seconds=0.2"});
  OpenImport running(contactsd.Connect());
  EXPECT_EQ(contactsd.process().Terminate(absl::Seconds(10)).value(), 1);
  EXPECT_FALSE(running.Finish().ok());
}

TEST(DrainTest, EveryProgramEndsWithZeroWhenIdle) {
  CouncilSuite suite;
  for (CouncilProgram* program : {&suite.recommendationsd, &suite.ledgerd, &suite.contactsd}) {
    EXPECT_EQ(program->process().Terminate().value(), 0);
  }
}

TEST(DrainTest, NoAnswerIsLostToCallersWhoKeepCallingWhileItEnds) {
  const TempDir directory;
  CouncilProgram ledgerd("ledgerd", {Sqlite(directory, "ledger.db")});
  const auto stub = LedgerService::NewStub(ledgerd.Connect());
  std::vector<std::thread> callers;
  std::atomic<int64_t> answered = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      ledger::v1::AppendInteractionRequest request;
      request.mutable_interaction()->add_contact_ids("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
      while (true) {
        const auto answer = Call(*stub, &LedgerService::Stub::AppendInteraction, request);
        if (!answer.ok()) {
          // CANCELLED is what gRPC answers to calls that cross its notice on the way.
          EXPECT_TRUE(absl::IsUnavailable(answer.status()) || absl::IsCancelled(answer.status())) << answer.status();
          return;
        }
        ++answered;
      }
    });
  }
  while (answered < 500) std::this_thread::yield();
  EXPECT_EQ(ledgerd.process().Terminate().value(), 0);
  for (std::thread& caller : callers) caller.join();

  ledgerd.Restart();
  const auto revision = Call(*LedgerService::NewStub(ledgerd.Connect()), &LedgerService::Stub::GetRevision,
                             ledger::v1::GetRevisionRequest());
  // A refused call was not begun, so what is stored is what was answered.
  EXPECT_EQ(revision.value().revision(), answered);
}

TEST(DeadlineTest, ACallEndsByItsDeadlineThoughTheServiceBehindItHangs) {
  CouncilSuite suite;
  suite.contactsd.process().Signal(SIGSTOP);
  const absl::Time start = absl::Now();
  const absl::Status status =
      Call(*suite.recommendations, &RecommendationsService::Stub::GetCouncilBalance,
           recommendations::v1::GetCouncilBalanceRequest(), {.timeout = absl::Milliseconds(500)})
          .status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status) || absl::IsUnavailable(status)) << status;
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  suite.contactsd.process().Signal(SIGCONT);
  EXPECT_TRUE(Call(*suite.recommendations, &RecommendationsService::Stub::GetCouncilBalance,
                   recommendations::v1::GetCouncilBalanceRequest())
                  .ok());
}

TEST(DeadlineTest, AServiceThatIsGoneIsUnavailableAtOnceAndWellAgainWhenItIsBack) {
  CouncilSuite suite;
  suite.ledgerd.process().Kill();
  const auto balance = [&] {
    return Call(*suite.recommendations, &RecommendationsService::Stub::GetCouncilBalance,
                recommendations::v1::GetCouncilBalanceRequest())
        .status();
  };
  const absl::Status gone = balance();
  EXPECT_TRUE(absl::IsUnavailable(gone)) << gone;
  EXPECT_EQ(base::ReasonOf(gone), common::v1::ERROR_REASON_SERVICE_UNAVAILABLE);
  suite.ledgerd.Restart();
  absl::Status status;
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  do {
    status = balance();
  } while (!status.ok() && absl::Now() < deadline);
  EXPECT_TRUE(status.ok()) << status;
}

TEST(InsecureDevTest, EveryProgramRefusesToListenBeyondLoopbackThoughItHasTls) {
  const TempDir directory;
  const CertificateAuthority ca;
  const Certificate certificate = ca.Issue();
  for (const char* name : {"contactsd", "ledgerd", "recommendationsd", "councild"}) {
    for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:50051"}) {
      std::vector<std::string> command = {absl::StrCat(std::getenv("COUNCIL_BIN_DIR"), "/", name),
                                          "--auth=insecure-dev",
                                          absl::StrCat("--listen=", address),
                                          "--tls-cert=" + certificate.certificate,
                                          "--tls-key=" + certificate.key,
                                          Sqlite(directory, "refused.db")};
      if (name == std::string("recommendationsd")) {
        command.insert(command.end(),
                       {"--contacts=127.0.0.1:1", "--ledger=127.0.0.1:1", "--cache=redis://127.0.0.1:1"});
      }
      int exit_code = 0;
      const auto output = RunToEnd({.command = command}, exit_code);
      ASSERT_TRUE(output.ok()) << output.status();
      EXPECT_EQ(exit_code, 2) << name << " " << address;
      EXPECT_THAT(*output, HasSubstr("--auth=insecure-dev believes whoever calls"));
    }
  }
}

TEST(InsecureDevTest, ACallWithoutAnOwnerOrThroughAProxyIsRefused) {
  const TempDir directory;
  const CouncilProgram ledgerd("ledgerd", {Sqlite(directory, "ledger.db")});
  const auto stub = LedgerService::NewStub(ledgerd.Connect());
  const auto call_with = [&](const std::vector<std::pair<std::string, std::string>>& metadata) {
    grpc::ClientContext context;
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    ledger::v1::GetRevisionResponse response;
    return stub->GetRevision(&context, ledger::v1::GetRevisionRequest(), &response).error_code();
  };
  EXPECT_EQ(call_with({{"x-council-owner", "ada"}}), grpc::StatusCode::OK);
  EXPECT_EQ(call_with({}), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(call_with({{"x-council-owner", ""}}), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(call_with({{"x-council-owner", "ada"}, {"x-council-owner", "bob"}}), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(call_with({{"x-council-owner", "ada"}, {"x-forwarded-for", "192.0.2.1"}}),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST(LimitsTest, AMessageThatIsTooLargeIsRefusedAndTheServiceLivesOn) {
  const TempDir directory;
  const CouncilProgram ledgerd("ledgerd", {Sqlite(directory, "ledger.db")});
  const auto stub = LedgerService::NewStub(ledgerd.Connect());
  ledger::v1::AppendInteractionRequest request;
  request.mutable_interaction()->set_note(std::string(8 << 20, 'x'));
  EXPECT_TRUE(absl::IsResourceExhausted(Call(*stub, &LedgerService::Stub::AppendInteraction, request).status()));
  EXPECT_TRUE(Call(*stub, &LedgerService::Stub::GetRevision, ledger::v1::GetRevisionRequest()).ok());
}

}  // namespace
}  // namespace council::test
