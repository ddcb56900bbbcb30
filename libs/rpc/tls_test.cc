// Real handshakes over real sockets, with certificates made for each test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/clock.h"
#include "libs/base/status.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/grpc_status.h"
#include "libs/rpc/server.h"
#include "libs/rpc/server_tls.h"
#include "libs/rpc/tls_files.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;
using test::Certificate;
using test::CertificateAuthority;
using test::ReplaceFile;
using ::testing::HasSubstr;

constexpr char kService[] = "recommendationsd.test";
constexpr char kServiceUri[] = "spiffe://council.test/recommendations";

// Answers with who called, as it would be recorded.
class Handlers {
 public:
  absl::StatusOr<v1::GetTieResponse> GetTie(const CallContext& call, const v1::GetTieRequest&) {
    return Answer<v1::GetTieResponse>(call);
  }
  absl::StatusOr<v1::AppendInteractionResponse> AppendInteraction(const CallContext& call,
                                                                  const v1::AppendInteractionRequest&) {
    return Answer<v1::AppendInteractionResponse>(call);
  }
  absl::StatusOr<v1::ImportInteractionsResponse> ImportInteractions(const CallContext&,
                                                                    Reader<v1::ImportInteractionsRequest>& reader) {
    v1::ImportInteractionsResponse response;
    while (reader.Read()) response.set_created(response.created() + 1);
    return response;
  }

 private:
  template <typename Response>
  static Response Answer(const CallContext& call) {
    Response response;
    response.set_token(absl::StrCat(call.owner().subject, " by ", call.principal().client));
    return response;
  }
};

class Endpoint final : public v1::LedgerService::CallbackService {
 public:
  Endpoint(Adaptor& adaptor, Handlers& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_UNARY(GetTie)
  COUNCIL_RPC_UNARY(AppendInteraction)
  COUNCIL_RPC_CLIENT_STREAM(ImportInteractions)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Handlers& service_;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest() : adaptor_(authenticator_, Options()), endpoint_(adaptor_, handlers_) { Serve(ca_.Issue()); }

  static Adaptor::Options Options() {
    Adaptor::Options options;
    options.peers = ServicePeers({kService, kServiceUri}, {"GetTie"});
    return options;
  }

  void Serve(const Certificate& certificate, bool ask_callers = true) {
    server_.reset();
    served_ = certificate;
    auto files = TlsFiles::Open({.certificate = certificate.certificate,
                                 .key = certificate.key,
                                 .roots = ask_callers ? ca_.certificate() : "",
                                 .roots_flag = "--tls-client-ca"},
                                clock_);
    ASSERT_TRUE(files.ok()) << files.status();
    auto server = Server::Start({.listen = "127.0.0.1:0", .credentials = TlsServerCredentials(*std::move(files))},
                                adaptor_, {&endpoint_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // What an owner's own program has: the CAs it believes.
  std::shared_ptr<grpc::Channel> AsOwner(const CertificateAuthority& trusted) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = Contents(trusted.certificate());
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
    return grpc::CreateCustomChannel(server_->address(), grpc::SslCredentials(options), arguments);
  }

  // What another service has: a certificate too.
  ChannelSource AsService(const Certificate& certificate, const CertificateAuthority& trusted) {
    auto files = TlsFiles::Open({.certificate = certificate.certificate,
                                 .key = certificate.key,
                                 .roots = trusted.certificate(),
                                 .roots_flag = "--tls-ca",
                                 .use = TlsFiles::Options::Use::kCall},
                                clock_);
    EXPECT_TRUE(files.ok()) << files.status();
    return {server_->address(), *std::move(files)};
  }

  static std::string Contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Who the server says has called; the status of the call where it fails.
  static std::string Call(const std::shared_ptr<grpc::Channel>& channel, bool with_owner = true) {
    return Text(Ask<v1::GetTieResponse>(*v1::LedgerService::NewStub(channel), &v1::LedgerService::Stub::GetTie,
                                        v1::GetTieRequest(), with_owner));
  }
  static std::string CallToWrite(const std::shared_ptr<grpc::Channel>& channel) {
    return Text(Ask<v1::AppendInteractionResponse>(*v1::LedgerService::NewStub(channel),
                                                   &v1::LedgerService::Stub::AppendInteraction,
                                                   v1::AppendInteractionRequest(), true));
  }

  const CertificateAuthority ca_;
  const CertificateAuthority other_ca_;
  base::ManualClock clock_{absl::Now() + absl::Hours(1)};  // behind the moment at which any certificate is made
  InsecureDevAuthenticator authenticator_;
  Handlers handlers_;
  Adaptor adaptor_;
  Endpoint endpoint_;
  Certificate served_;
  std::unique_ptr<Server> server_;

 private:
  template <typename Response, typename Request, typename Method>
  static absl::StatusOr<Response> Ask(v1::LedgerService::Stub& stub, Method method, const Request& request,
                                      bool with_owner) {
    grpc::ClientContext context;
    if (with_owner) context.AddMetadata("x-council-owner", "ines");
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response;
  }
  template <typename Response>
  static std::string Text(const absl::StatusOr<Response>& response) {
    return response.ok() ? response->token() : response.status().ToString();
  }
};

TEST_F(TlsTest, OwnersCallOverTlsWithoutACertificate) {
  EXPECT_EQ(Call(AsOwner(ca_)), "ines by owner");
}

TEST_F(TlsTest, WhereNoServicesCallNobodyIsAskedForACertificate) {
  Serve(ca_.Issue(), /*ask_callers=*/false);
  EXPECT_EQ(Call(AsOwner(ca_)), "ines by owner");
  // It is not even looked at.
  EXPECT_EQ(Call(AsService(other_ca_.Issue({.names = std::string("DNS:") + kService}), ca_).Get()), "ines by owner");
}

TEST_F(TlsTest, ACallInClearFailsAndTheServerLivesOn) {
  EXPECT_THAT(Call(grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials())),
              HasSubstr("UNAVAILABLE"));
  EXPECT_EQ(Call(AsOwner(ca_)), "ines by owner");
}

TEST_F(TlsTest, AServerThatTheCallersCaDoesNotKnowIsNotBelieved) {
  EXPECT_THAT(Call(AsOwner(other_ca_)), HasSubstr("UNAVAILABLE"));
  EXPECT_THAT(Call(AsService(ca_.Issue({.names = std::string("DNS:") + kService}), other_ca_).Get()),
              HasSubstr("UNAVAILABLE"));
}

TEST_F(TlsTest, AServerUnderAnotherNameIsNotBelieved) {
  Serve(ca_.Issue({.names = "DNS:elsewhere.test,IP:127.0.0.2"}));
  EXPECT_THAT(Call(AsOwner(ca_)), HasSubstr("UNAVAILABLE"));
  EXPECT_THAT(Call(AsService(ca_.Issue({.names = std::string("DNS:") + kService}), ca_).Get()),
              HasSubstr("UNAVAILABLE"));
}

TEST_F(TlsTest, AServiceOnTheListReadsInTheOwnersNameAndIsRecorded) {
  EXPECT_EQ(Call(AsService(ca_.Issue({.names = "DNS:recommendationsd.test,DNS:localhost"}), ca_).Get()),
            "ines by recommendationsd.test");
  EXPECT_EQ(Call(AsService(ca_.Issue({.names = "URI:spiffe://council.test/recommendations"}), ca_).Get()),
            "ines by spiffe://council.test/recommendations");
}

TEST_F(TlsTest, AServiceNeedsTheOwnersCredentialToo) {
  const auto channel = AsService(ca_.Issue({.names = std::string("DNS:") + kService}), ca_).Get();
  EXPECT_THAT(Call(channel, /*with_owner=*/false), HasSubstr("UNAUTHENTICATED"));
}

TEST_F(TlsTest, AServiceMayCallNothingButWhatIsOnTheList) {
  const auto channel = AsService(ca_.Issue({.names = std::string("DNS:") + kService}), ca_).Get();
  EXPECT_EQ(Call(channel), absl::StrCat("ines by ", kService));
  EXPECT_THAT(CallToWrite(channel), HasSubstr("PERMISSION_DENIED"));
  EXPECT_EQ(CallToWrite(AsOwner(ca_)), "ines by owner");
}

TEST_F(TlsTest, ACertificateThatIsNotOnTheListIsRefusedEvenForReading) {
  for (const char* names :
       {"DNS:gossipd.test", "DNS:recommendationsd.test.evil.test", "DNS:*.test",
        "URI:spiffe://council.test/recommendations/evil", "email:recommendationsd.test@evil.test"}) {
    EXPECT_THAT(Call(AsService(ca_.Issue({.names = names}), ca_).Get()), HasSubstr("UNAUTHENTICATED")) << names;
  }
}

TEST_F(TlsTest, ACertificateOfAnotherCaDoesNotGetIn) {
  EXPECT_THAT(Call(AsService(other_ca_.Issue({.names = std::string("DNS:") + kService}), ca_).Get()),
              HasSubstr("UNAVAILABLE"));
}

TEST_F(TlsTest, ANewCertificateIsShownWithoutARestartAndOpenStreamsGoOn) {
  const auto before = AsOwner(ca_);
  const auto stub = v1::LedgerService::NewStub(before);
  grpc::ClientContext context;
  context.AddMetadata("x-council-owner", "ines");
  v1::ImportInteractionsResponse response;
  const auto stream = stub->ImportInteractions(&context, &response);
  ASSERT_TRUE(stream->Write({}));
  EXPECT_THAT(Call(AsOwner(other_ca_)), HasSubstr("UNAVAILABLE"));

  const Certificate next = other_ca_.Issue();
  ReplaceFile(served_.certificate, next.certificate);
  ReplaceFile(served_.key, next.key);
  clock_.Advance(TlsFiles::kInterval);
  EXPECT_EQ(Call(AsOwner(other_ca_)), "ines by owner");
  EXPECT_THAT(Call(AsOwner(ca_)), HasSubstr("UNAVAILABLE"));

  ASSERT_TRUE(stream->Write({}));
  ASSERT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(response.created(), 2);
}

TEST_F(TlsTest, FilesThatFitNoLongerLeaveTheCertificateOfBefore) {
  const Certificate next = other_ca_.Issue();
  const std::string empty = next.certificate + ".empty";
  std::ofstream(empty).close();
  ReplaceFile(served_.certificate, next.certificate);  // the key is still the old one
  clock_.Advance(TlsFiles::kInterval);
  EXPECT_EQ(Call(AsOwner(ca_)), "ines by owner");
  ReplaceFile(served_.certificate, empty);
  clock_.Advance(TlsFiles::kInterval);
  EXPECT_EQ(Call(AsOwner(ca_)), "ines by owner");
  std::filesystem::remove(served_.key);
  clock_.Advance(TlsFiles::kInterval);
  EXPECT_EQ(Call(AsOwner(ca_)), "ines by owner");
  ReplaceFile(served_.certificate, next.certificate);
  ReplaceFile(served_.key, next.key);
  clock_.Advance(TlsFiles::kInterval);
  EXPECT_EQ(Call(AsOwner(other_ca_)), "ines by owner");
}

TEST_F(TlsTest, AServiceCallsWithItsNewCertificateWithoutARestart) {
  const Certificate shown = ca_.Issue({.names = "DNS:gossipd.test"});
  CurrentStub<v1::LedgerService> stub(AsService(shown, ca_));
  const auto call = [&stub] {
    grpc::ClientContext context;
    context.AddMetadata("x-council-owner", "ines");
    v1::GetTieResponse response;
    return stub.Get()->GetTie(&context, {}, &response).error_code();
  };
  const auto first = stub.Get();
  EXPECT_EQ(call(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(stub.Get(), first);
  const Certificate next = ca_.Issue({.names = std::string("DNS:") + kService});
  ReplaceFile(shown.certificate, next.certificate);
  ReplaceFile(shown.key, next.key);
  clock_.Advance(TlsFiles::kInterval);
  EXPECT_EQ(call(), grpc::StatusCode::OK);
}

TEST_F(TlsTest, NothingOlderThanTls12IsSpoken) {
  const auto exit_code_of = [this](const char* version) {
    int exit_code = 0;
    // Old versions are off in the client too unless it is told so.
    const auto output = test::RunToEnd(
        {.command = {"openssl", "s_client", "-connect", server_->address(), version, "-cipher", "DEFAULT@SECLEVEL=0",
                     "-alpn", "h2", "-CAfile", ca_.certificate(), "-verify_return_error", "-no_ign_eof"}},
        exit_code);
    EXPECT_TRUE(output.ok()) << output.status();
    return exit_code;
  };
  EXPECT_EQ(exit_code_of("-tls1_3"), 0);
  EXPECT_EQ(exit_code_of("-tls1_2"), 0);
  EXPECT_NE(exit_code_of("-tls1_1"), 0);
  EXPECT_NE(exit_code_of("-tls1"), 0);
}

}  // namespace
}  // namespace council::rpc
