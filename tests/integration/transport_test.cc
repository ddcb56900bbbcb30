// The real programs over TLS, and what they refuse without it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "tests/support/certificates.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr char kService[] = "recommendationsd.council.test";

std::vector<std::string> ServeWith(const Certificate& certificate) {
  return {"--tls-cert=" + certificate.certificate, "--tls-key=" + certificate.key};
}

std::shared_ptr<grpc::ChannelCredentials> Trusting(const CertificateAuthority& ca) {
  std::ifstream file(ca.certificate());
  grpc::SslCredentialsOptions options;
  options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  return grpc::SslCredentials(options);
}

// The three services on this machine, each with a certificate for 127.0.0.1. `names` are those in the certificate of
// recommendationsd.
class TlsSuite {
 public:
  explicit TlsSuite(const std::string& names = absl::StrCat("IP:127.0.0.1,DNS:", kService))
      : contactsd_("contactsd", Owned("contacts")),
        ledgerd_("ledgerd", Owned("ledger")),
        recommendationsd_("recommendationsd", Calling(names)),
        contacts(ContactsService::NewStub(contactsd_.Connect(Trusting(ca_)))),
        ledger(LedgerService::NewStub(ledgerd_.Connect(Trusting(ca_)))),
        recommendations(RecommendationsService::NewStub(recommendationsd_.Connect(Trusting(ca_)))) {}

 private:
  std::vector<std::string> Common(const std::string& service, const Certificate& certificate) {
    std::vector<std::string> arguments = ServeWith(certificate);
    arguments.push_back(absl::StrCat("--storage=sqlite:", (directory_ / (service + ".db")).string()));
    arguments.push_back("--cache=" + redis_.url());
    return arguments;
  }
  // Of a service that others call.
  std::vector<std::string> Owned(const std::string& service) {
    std::vector<std::string> arguments = Common(service, ca_.Issue({.usage = "serverAuth"}));
    arguments.push_back("--tls-client-ca=" + ca_.certificate());
    arguments.push_back(absl::StrCat("--tls-peers=", kService, ",spiffe://council.test/other"));
    return arguments;
  }
  std::vector<std::string> Calling(const std::string& names) {
    std::vector<std::string> arguments = Common("recommendations", ca_.Issue({.names = names}));
    arguments.insert(arguments.end(), {"--contacts=" + contactsd_.address(), "--ledger=" + ledgerd_.address(),
                                       "--tls-ca=" + ca_.certificate()});
    return arguments;
  }

  const CertificateAuthority ca_;
  const TempDir directory_;
  RedisServer redis_;
  CouncilProgram contactsd_;
  CouncilProgram ledgerd_;
  CouncilProgram recommendationsd_;

 public:
  const std::unique_ptr<ContactsService::Stub> contacts;
  const std::unique_ptr<LedgerService::Stub> ledger;
  const std::unique_ptr<RecommendationsService::Stub> recommendations;
};

absl::Status SeatAndTalk(TlsSuite& suite) {
  contacts::v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Rosa Lind");
  COUNCIL_ASSIGN_OR_RETURN(const auto created, Call(*suite.contacts, &ContactsService::Stub::CreateContact, create));
  contacts::v1::SeatContactRequest seat;
  seat.set_contact_id(created.contact().id());
  seat.mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  COUNCIL_RETURN_IF_ERROR(Call(*suite.contacts, &ContactsService::Stub::SeatContact, seat).status());
  ledger::v1::AppendInteractionRequest append;
  append.mutable_interaction()->add_contact_ids(created.contact().id());
  append.mutable_interaction()->set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
  return Call(*suite.ledger, &LedgerService::Stub::AppendInteraction, append).status();
}

TEST(TlsSuiteTest, ABalanceIsComputedOverMutualTlsAndTheOwnerSeesWhichServiceReadForIt) {
  TlsSuite suite;
  const absl::Status prepared = SeatAndTalk(suite);
  ASSERT_TRUE(prepared.ok()) << prepared;
  const auto balance = Call(*suite.recommendations, &RecommendationsService::Stub::GetCouncilBalance,
                            recommendations::v1::GetCouncilBalanceRequest());
  ASSERT_TRUE(balance.ok()) << balance.status();
  EXPECT_GT(balance->balance().score(), 0);

  const auto accesses_to = [](auto& stub, auto method, const auto& request) {
    std::vector<std::pair<std::string, std::string>> accesses;
    const auto answer = Call(stub, method, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    for (const auto& record : answer->records()) accesses.emplace_back(record.method(), record.client());
    return accesses;
  };
  EXPECT_THAT(accesses_to(*suite.contacts, &ContactsService::Stub::ListAccess, contacts::v1::ListAccessRequest()),
              AllOf(Contains(Pair("GetCouncil", kService)), Contains(Pair("SeatContact", "owner"))));
  EXPECT_THAT(accesses_to(*suite.ledger, &LedgerService::Stub::ListAccess, ledger::v1::ListAccessRequest()),
              AllOf(Contains(Pair("ListTies", kService)), Contains(Pair("AppendInteraction", "owner"))));
  EXPECT_THAT(accesses_to(*suite.recommendations, &RecommendationsService::Stub::ListAccess,
                          recommendations::v1::ListAccessRequest()),
              Contains(Pair("GetCouncilBalance", "owner")));
}

TEST(TlsSuiteTest, RecommendationsMayCallEveryMethodThatTheyNeed) {
  TlsSuite suite;
  const absl::Status prepared = SeatAndTalk(suite);
  ASSERT_TRUE(prepared.ok()) << prepared;
  using Stub = RecommendationsService::Stub;
  const auto status_of = [&suite](auto method, const auto& request) {
    return Call(*suite.recommendations, method, request).status();
  };
  recommendations::v1::ExplainBalanceRequest explain;
  explain.set_component("depth");
  recommendations::v1::SimulateCouncilRequest simulate;
  simulate.add_changes()->set_remove_interaction(1);
  for (const absl::Status& status :
       {status_of(&Stub::ExplainBalance, explain), status_of(&Stub::SimulateCouncil, simulate),
        status_of(&Stub::ListRecommendations, recommendations::v1::ListRecommendationsRequest()),
        status_of(&Stub::ListCheckIns, recommendations::v1::ListCheckInsRequest()),
        status_of(&Stub::ProposeCouncil, recommendations::v1::ProposeCouncilRequest()),
        status_of(&Stub::SuggestIntroductions, recommendations::v1::SuggestIntroductionsRequest())}) {
    EXPECT_TRUE(status.ok()) << status;
  }
}

TEST(TlsSuiteTest, AServiceThatIsNotOnTheListReadsNothing) {
  TlsSuite suite("IP:127.0.0.1,DNS:gossipd.council.test");
  const absl::Status prepared = SeatAndTalk(suite);
  ASSERT_TRUE(prepared.ok()) << prepared;
  const absl::Status refused = Call(*suite.recommendations, &RecommendationsService::Stub::GetCouncilBalance,
                                    recommendations::v1::GetCouncilBalanceRequest())
                                   .status();
  // The owner has done nothing wrong.
  EXPECT_TRUE(absl::IsInternal(refused)) << refused;
}

TEST(TlsTest, AWatchGoesOnWhileTheCertificateIsReplacedAndNewCallersSeeTheNewOne) {
  const CertificateAuthority before;
  const CertificateAuthority after;
  const Certificate shown = before.Issue();
  const TempDir directory;
  std::vector<std::string> arguments = ServeWith(shown);
  arguments.push_back(absl::StrCat("--storage=sqlite:", (directory / "ledger.db").string()));
  const CouncilProgram ledgerd("ledgerd", arguments);

  const auto old_stub = LedgerService::NewStub(ledgerd.Connect(Trusting(before)));
  grpc::ClientContext context;
  Prepare({.timeout = absl::Minutes(2)}, context);
  const auto watch = old_stub->WatchLedger(&context, ledger::v1::WatchLedgerRequest());
  ledger::v1::WatchLedgerResponse told;
  ASSERT_TRUE(watch->Read(&told));

  const Certificate next = after.Issue();
  ReplaceFile(shown.key, next.key);
  ReplaceFile(shown.certificate, next.certificate);
  ledger::v1::AppendInteractionRequest append;
  append.mutable_interaction()->add_contact_ids("0190a000-0000-7000-8000-000000000001");
  absl::Status appended;
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  do {  // the files are looked at once in a second
    const auto stub = LedgerService::NewStub(ledgerd.Connect(Trusting(after)));
    appended = Call(*stub, &LedgerService::Stub::AppendInteraction, append).status();
  } while (!appended.ok() && absl::Now() < deadline);
  ASSERT_TRUE(appended.ok()) << appended;
  ASSERT_TRUE(watch->Read(&told));
  EXPECT_EQ(told.interaction().sequence(), 1);
  context.TryCancel();
}

// How a program ends that is not to start, and what it says.
std::pair<int, std::string> Refused(const std::string& program, std::vector<std::string> arguments) {
  const TempDir directory;
  std::vector<std::string> command = {ProgramPath(program), "--auth=insecure-dev",
                                      absl::StrCat("--storage=sqlite:", (directory / "refused.db").string())};
  if (program == "recommendationsd") {
    command.insert(command.end(), {"--contacts=127.0.0.1:1", "--cache=redis://127.0.0.1:1"});
  }
  command.insert(command.end(), arguments.begin(), arguments.end());
  int exit_code = 0;
  const auto output = RunToEnd({.command = command}, exit_code);
  EXPECT_TRUE(output.ok()) << output.status();
  return {exit_code, output.value_or("")};
}

TEST(TlsTest, NoProgramStartsBeyondLoopbackWithoutTls) {
  for (const char* program : {"contactsd", "ledgerd", "recommendationsd", "councild"}) {
    for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:50051"}) {
      std::vector<std::string> arguments = {absl::StrCat("--listen=", address)};
      if (program == std::string("recommendationsd")) arguments.emplace_back("--ledger=127.0.0.1:1");
      EXPECT_THAT(Refused(program, arguments), Pair(2, AllOf(HasSubstr(address), HasSubstr("--tls-cert"))));
    }
  }
}

TEST(TlsTest, NoServiceOnAnotherMachineIsCalledWithoutTls) {
  EXPECT_THAT(Refused("recommendationsd", {"--ledger=ledger.council.test:7422"}),
              Pair(1, AllOf(HasSubstr("--ledger=ledger.council.test:7422"), HasSubstr("--tls-ca"))));
}

TEST(TlsTest, AProgramWhoseCertificateIsOfNoUseSaysWhyAndEnds) {
  const CertificateAuthority ca;
  Certificate mixed = ca.Issue();
  mixed.key = ca.Issue().key;
  EXPECT_THAT(Refused("ledgerd", ServeWith(mixed)), Pair(2, AllOf(HasSubstr("--tls-key"), HasSubstr(mixed.key))));
}

TEST(TlsTest, RedisOverTlsIsRefusedWithAWayOut) {
  EXPECT_THAT(Refused("ledgerd", {"--cache=rediss://:hush@cache.council.test:6380"}),
              Pair(1, AllOf(HasSubstr("stunnel"), Not(HasSubstr("hush")))));
}

}  // namespace
}  // namespace council::test
