#include "libs/rpc/jwt_authenticator.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/identity/keys_for_test.h"

namespace council::rpc {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class JwtAuthenticatorTest : public ::testing::Test {
 protected:
  JwtAuthenticatorTest() {
    auto tokens = identity::TokenVerifier::Create(
        {{.issuer = "https://login.test", .audiences = {"council"}, .jwks = "keys", .tenant = "acme"}}, clock_,
        [this](const std::string&, const auto&) { return identity::JwksOf({&key_}); });
    EXPECT_TRUE(tokens.ok()) << tokens.status();
    authenticator_ = std::make_unique<JwtAuthenticator>(*std::move(tokens));
  }

  absl::StatusOr<Principal> Authenticate(const std::vector<std::pair<std::string, std::string>>& headers) const {
    Metadata metadata;
    for (const auto& [name, value] : headers) metadata.emplace(name, value);
    return authenticator_->Authenticate(metadata);
  }

  base::ManualClock clock_{kNow};
  const identity::KeyForTest key_{"ed-1", identity::Algorithm::kEdDsa};
  std::unique_ptr<JwtAuthenticator> authenticator_;
};

TEST_F(JwtAuthenticatorTest, ATokenTellsOwnerClientScopesAndEnd) {
  nlohmann::json claims = identity::GoodClaims(kNow);
  claims["scope"] = "openid council.read";
  const std::string header = absl::StrCat("Bearer ", key_.Sign(claims));
  const auto principal = Authenticate({{"authorization", header}, {"x-council-owner", "rosa"}});
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_EQ(principal->owner, (base::Owner{"acme", "ada"}));
  EXPECT_EQ(principal->client, "cli");
  EXPECT_TRUE(principal->may_read);
  EXPECT_FALSE(principal->may_write);
  EXPECT_EQ(principal->expires, kNow + absl::Minutes(5) + identity::kLeeway);
  EXPECT_EQ(principal->credential, std::pair(std::string("authorization"), header));
}

TEST_F(JwtAuthenticatorTest, TheSchemesNameMayBeWrittenEitherWay) {
  EXPECT_TRUE(Authenticate({{"authorization", "bearer " + key_.Sign(identity::GoodClaims(kNow))}}).ok());
}

TEST_F(JwtAuthenticatorTest, WithoutExactlyOneTokenThereIsNoCaller) {
  const std::string good = "Bearer " + key_.Sign(identity::GoodClaims(kNow));
  const std::vector<std::vector<std::pair<std::string, std::string>>> calls = {
      {},
      {{"x-council-owner", "ada"}},
      {{"authorization", ""}},
      {{"authorization", "Bearer "}},
      {{"authorization", "Basic YWRhOmFkYQ=="}},
      {{"authorization", good.substr(7)}},
      {{"authorization", good}, {"authorization", good}},
  };
  for (const auto& headers : calls) {
    const auto principal = Authenticate(headers);
    EXPECT_EQ(principal.status().code(), absl::StatusCode::kUnauthenticated) << principal.status();
    EXPECT_EQ(base::ReasonOf(principal.status()), common::v1::ERROR_REASON_UNAUTHENTICATED);
  }
}

TEST_F(JwtAuthenticatorTest, WhatIsRefusedIsNotQuoted) {
  nlohmann::json claims = identity::GoodClaims(kNow - absl::Hours(1));
  for (const std::string& token : {key_.Sign(claims), std::string("not-a-token"), std::string("a.b.c")}) {
    const auto principal = Authenticate({{"authorization", "Bearer " + token}});
    EXPECT_EQ(principal.status().code(), absl::StatusCode::kUnauthenticated);
    EXPECT_FALSE(absl::StrContains(principal.status().ToString(), token)) << principal.status();
  }
}

TEST(MakeAuthenticatorTest, SaysWhichFlagIsWrong) {
  const base::SystemClock clock;
  const std::string path = absl::StrCat(::testing::TempDir(), "/issuers.json");
  std::ofstream(path) << R"({"issuers": [{"issuer": "https://login.test", "audiences": ["council"]}]})";
  const std::pair<AuthOptions, std::string> wrong[] = {
      {{.auth = "none"}, "--auth=\"none\" must be jwt or insecure-dev"},
      {{.auth = "jwt"}, "--auth=jwt needs --auth-issuers=FILE"},
      {{.auth = "insecure-dev", .issuers = path}, "--auth-issuers is for --auth=jwt"},
      {{.auth = "jwt", .issuers = "/nowhere/issuers.json"}, "--auth-issuers=/nowhere/issuers.json: the file can't be"},
      {{.auth = "jwt", .issuers = path}, "needs its keys"},
  };
  for (const auto& [options, message] : wrong) {
    const auto made = MakeAuthenticator(options, clock);
    EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument) << message;
    EXPECT_TRUE(absl::StrContains(made.status().message(), message)) << made.status();
  }
  std::remove(path.c_str());
}

TEST(MakeAuthenticatorTest, TrustsTheIssuersOfAFile) {
  const base::SystemClock clock;
  const identity::KeyForTest key("ec-1", identity::Algorithm::kEs256);
  const std::string jwks = absl::StrCat(::testing::TempDir(), "/keys.json");
  const std::string issuers = absl::StrCat(::testing::TempDir(), "/issuers.json");
  std::ofstream(jwks) << identity::JwksOf({&key});
  const nlohmann::json acme = {
      {"issuer", "https://login.test"}, {"audiences", {"council"}}, {"jwks", jwks}, {"tenant", "acme"}};
  std::ofstream(issuers) << nlohmann::json({{"issuers", {acme}}});
  const auto made = MakeAuthenticator({.auth = "jwt", .issuers = issuers}, clock);
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string header = "Bearer " + key.Sign(identity::GoodClaims(clock.Now()));
  const auto principal = (*made)->Authenticate({{"authorization", header}});
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_EQ(principal->owner, (base::Owner{"acme", "ada"}));
  std::remove(jwks.c_str());
  std::remove(issuers.c_str());
}

}  // namespace
}  // namespace council::rpc
