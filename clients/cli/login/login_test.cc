#include "clients/cli/login/login.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/login/access_tokens.h"
#include "clients/cli/login/login_file.h"
#include "libs/base/clock.h"
#include "libs/http/server.h"
#include "tests/support/temp_dir.h"

namespace council::cli {
namespace {

using nlohmann::json;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

LoginSettings Settings() {
  return {.issuer = "https://login.test", .client_id = "council", .scope = "openid", .resource = ""};
}

json GoodClaims() {
  return {{"iss", "https://login.test"},
          {"aud", "council"},
          {"sub", "u-17"},
          {"name", "Ada"},
          {"nonce", "n"},
          {"exp", absl::ToUnixSeconds(kNow + absl::Minutes(5))}};
}

std::string IdToken(const json& claims) {
  return absl::StrCat("e30.", absl::WebSafeBase64Escape(claims.dump()), ".c2ln");
}

Tokens TokensWith(const json& claims) {
  return {.access_token = "access", .refresh_token = "refresh", .id_token = IdToken(claims), .life = absl::Minutes(5)};
}

TEST(LoginTest, TheIdTokenSaysWhoSignedIn) {
  const auto login = MakeLogin(Settings(), TokensWith(GoodClaims()), "n", kNow);
  ASSERT_TRUE(login.ok()) << login.status();
  EXPECT_EQ(login->subject, "u-17");
  EXPECT_EQ(login->name, "Ada");
  EXPECT_EQ(login->access_token, "access");
  EXPECT_EQ(login->expires, kNow + absl::Minutes(5));
}

TEST(LoginTest, AnIdTokenOfAnotherSignInIsRefused) {
  const std::pair<const char*, json> wrong[] = {{"iss", "https://other.test"},
                                                {"aud", "wiki"},
                                                {"aud", json::array({"wiki"})},
                                                {"nonce", "m"},
                                                {"nonce", nullptr},
                                                {"sub", ""},
                                                {"exp", absl::ToUnixSeconds(kNow - absl::Minutes(3))},
                                                {"exp", "soon"}};
  for (const auto& [claim, value] : wrong) {
    json claims = GoodClaims();
    claims[claim] = value;
    EXPECT_EQ(MakeLogin(Settings(), TokensWith(claims), "n", kNow).status().code(),
              absl::StatusCode::kFailedPrecondition)
        << claim << ": " << value;
  }
  for (const char* token : {"", "e30", "a.b.c", "e30.W10.c2ln"}) {
    EXPECT_FALSE(MakeLogin(Settings(), {.access_token = "access", .id_token = token}, "n", kNow).ok()) << token;
  }
}

TEST(LoginTest, ARenewalKeepsTheRefreshTokenWhereNoneComesAndThePersonAlways) {
  const auto login = MakeLogin(Settings(), TokensWith(GoodClaims()), "n", kNow);
  ASSERT_TRUE(login.ok()) << login.status();
  const auto renewed = Renewed(*login, {.access_token = "second"}, kNow + absl::Minutes(4));
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_EQ(renewed->access_token, "second");
  EXPECT_EQ(renewed->refresh_token, "refresh");
  EXPECT_EQ(renewed->subject, "u-17");
  json other = GoodClaims();
  other["sub"] = "u-18";
  EXPECT_FALSE(Renewed(*login, TokensWith(other), kNow).ok());
}

TEST(LoginFileTest, KeepsEachSuitesLoginAndAfterSigningOutHowToSignIn) {
  const test::TempDir directory;
  const LoginFile one((directory / "logins.json").string(), "one:1");
  const LoginFile two((directory / "logins.json").string(), "two:2");
  Login login = *MakeLogin(Settings(), TokensWith(GoodClaims()), "n", kNow);
  ASSERT_TRUE(one.Save(login).ok());
  login.name = "Rosa";
  ASSERT_TRUE(two.Save(login).ok());
  EXPECT_EQ(one.Load().name, "Ada");
  EXPECT_EQ(one.Load().expires, login.expires);
  EXPECT_EQ(one.Load().refresh_token, "refresh");
  ASSERT_TRUE(one.Save({.settings = login.settings}).ok());
  EXPECT_FALSE(one.Load().signed_in());
  EXPECT_EQ(one.Load().settings.client_id, "council");
  EXPECT_EQ(two.Load().name, "Rosa");
}

// A login that is kept in a file, at an identity provider that does not answer.
class AccessTokensTest : public ::testing::Test {
 protected:
  AccessTokensTest() {
    login_ = *MakeLogin(Settings(), TokensWith(GoodClaims()), "n", kNow);
    EXPECT_TRUE(file_.Save(login_).ok());
  }

  static std::string NobodyThere() {
    const auto server = http::Server::Start("127.0.0.1:0", [](const http::Request&) { return http::Answer(); });
    return (*server)->url();
  }

  const test::TempDir directory_;
  base::ManualClock clock_{kNow};
  LoginFile file_{(directory_ / "logins.json").string(), "one:1"};
  Login login_;
};

TEST_F(AccessTokensTest, WhatLastsIsGivenAsItIs) {
  AccessTokens tokens(file_, login_, clock_);
  clock_.Advance(absl::Minutes(4));
  EXPECT_EQ(*tokens.Get(absl::Seconds(30)), "access");
}

TEST_F(AccessTokensTest, WhatAnotherProgramRenewedIsTaken) {
  AccessTokens tokens(file_, login_, clock_);
  clock_.Advance(absl::Minutes(6));
  ASSERT_TRUE(file_.Save(*Renewed(login_, {.access_token = "second", .life = absl::Minutes(5)}, clock_.Now())).ok());
  EXPECT_EQ(*tokens.Get(absl::Seconds(30)), "second");
}

TEST_F(AccessTokensTest, WhereAnotherProgramSignedOutTheSignInHasEnded) {
  AccessTokens tokens(file_, login_, clock_);
  ASSERT_TRUE(file_.Save({.settings = login_.settings}).ok());
  EXPECT_EQ(tokens.Renew().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessTokensTest, WhileTheProviderIsOutOfReachWhatIsStillGoodServes) {
  login_.settings.issuer = NobodyThere();
  ASSERT_TRUE(file_.Save(login_).ok());
  AccessTokens tokens(file_, login_, clock_);
  clock_.Advance(absl::Minutes(4));
  EXPECT_EQ(*tokens.Get(absl::Minutes(10)), "access");
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(tokens.Get(absl::Minutes(10)).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(AccessTokensTest, WithoutARefreshTokenItEndsWithTheAccessToken) {
  login_.refresh_token = "";
  ASSERT_TRUE(file_.Save(login_).ok());
  AccessTokens tokens(file_, login_, clock_);
  clock_.Advance(absl::Minutes(5));
  const auto token = tokens.Get(absl::Seconds(30));
  EXPECT_EQ(token.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_TRUE(absl::StrContains(token.status().message(), "council login")) << token.status();
}

}  // namespace
}  // namespace council::cli
