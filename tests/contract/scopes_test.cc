// What a token allows, method by method, of real programs that know callers by tokens.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "council/common/v1/scope.pb.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/identity/keys_for_test.h"
#include "tests/support/council.h"
#include "tests/support/method_call.h"
#include "tests/support/temp_dir.h"

namespace council {
namespace {

using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> MethodsOf(const google::protobuf::FileDescriptor& file) {
  std::vector<const MethodDescriptor*> methods;
  for (int i = 0; i < file.service(0)->method_count(); ++i) methods.push_back(file.service(0)->method(i));
  return methods;
}

common::v1::Scope ScopeOf(const MethodDescriptor& method) {
  return method.options().GetExtension(common::v1::scope);
}

TEST(ScopesTest, EveryMethodSaysWhichItTakesAndWhatItIsCalledAgrees) {
  const std::regex reading("(Get|List|Find|Export|Watch|Verify|Explain|Simulate|Propose|Suggest)[A-Z].*");
  for (const auto* file :
       {contacts::v1::GetContactRequest::descriptor()->file(), ledger::v1::GetTieRequest::descriptor()->file(),
        recommendations::v1::GetHindsightRequest::descriptor()->file()}) {
    for (const MethodDescriptor* method : MethodsOf(*file)) {
      const auto expected =
          std::regex_match(method->name(), reading) ? common::v1::SCOPE_READ : common::v1::SCOPE_WRITE;
      EXPECT_EQ(common::v1::Scope_Name(ScopeOf(*method)), common::v1::Scope_Name(expected)) << method->full_name();
    }
  }
}

class TokensTest : public ::testing::Test {
 protected:
  TokensTest() {
    std::ofstream(directory_ / "keys.json") << identity::JwksOf({&key_});
    const nlohmann::json issuer = {{"issuer", "https://login.test"},
                                   {"audiences", {"council"}},
                                   {"jwks", (directory_ / "keys.json").string()},
                                   {"tenant", "acme"}};
    const std::string issuers = (directory_ / "issuers.json").string();
    std::ofstream(issuers) << nlohmann::json({{"issuers", {issuer}}});
    suite_ = std::make_unique<test::CouncilSuite>(
        std::vector<std::string>{"--auth=jwt", absl::StrCat("--auth-issuers=", issuers)});
  }

  std::pair<std::string, std::string> Token(const std::string& scope) const {
    nlohmann::json claims = identity::GoodClaims(absl::Now());
    claims["scope"] = scope;
    return {"authorization", absl::StrCat("Bearer ", key_.Sign(claims))};
  }

  const test::TempDir directory_;
  const identity::KeyForTest key_{"ec-1", identity::Algorithm::kEs256};
  std::unique_ptr<test::CouncilSuite> suite_;
};

TEST_F(TokensTest, ReachTheMethodsOfTheirScopesAndNoOthers) {
  const std::pair<const google::protobuf::FileDescriptor*, std::shared_ptr<grpc::Channel>> services[] = {
      {contacts::v1::GetContactRequest::descriptor()->file(), suite_->contactsd.Connect()},
      {ledger::v1::GetTieRequest::descriptor()->file(), suite_->ledgerd.Connect()},
      {recommendations::v1::GetHindsightRequest::descriptor()->file(), suite_->recommendationsd.Connect()},
  };
  for (const auto& [file, channel] : services) {
    for (const MethodDescriptor* method : MethodsOf(*file)) {
      const bool reads = ScopeOf(*method) == common::v1::SCOPE_READ;
      const auto code = [&channel = channel, method](const std::pair<std::string, std::string>& caller) {
        return test::CallWithEmptyRequest(channel, *method, caller);
      };
      EXPECT_EQ(code(Token("council.read")) == grpc::StatusCode::PERMISSION_DENIED, !reads) << method->full_name();
      EXPECT_EQ(code(Token("council.write")) == grpc::StatusCode::PERMISSION_DENIED, reads) << method->full_name();
      EXPECT_EQ(code(Token("openid")), grpc::StatusCode::PERMISSION_DENIED) << method->full_name();
      EXPECT_EQ(code({"x-council-owner", "ada"}), grpc::StatusCode::UNAUTHENTICATED) << method->full_name();
    }
  }
}

TEST_F(TokensTest, AServiceAsksOthersWithItsCallersOwn) {
  grpc::ClientContext context;
  const auto [name, value] = Token("council.read");
  context.AddMetadata(name, value);
  recommendations::v1::GetCouncilBalanceResponse response;
  const grpc::Status answered = suite_->recommendations->GetCouncilBalance(&context, {}, &response);
  EXPECT_TRUE(answered.ok()) << answered.error_message();
}

}  // namespace
}  // namespace council
