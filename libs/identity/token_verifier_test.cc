// Every check that a token must pass, each with a token that fails it alone.
#include "libs/identity/token_verifier.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/base/status.h"
#include "libs/identity/keys_for_test.h"

namespace council::identity {
namespace {

using nlohmann::json;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

int64_t At(absl::Duration from_now) {
  return absl::ToUnixSeconds(kNow + from_now);
}

Issuer TestIssuer() {
  return {
      .issuer = "https://login.test", .audiences = {"council"}, .jwks = "https://login.test/keys", .tenant = "acme"};
}

class TokenVerifierTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    rsa = std::make_unique<KeyForTest>("rsa-1", Algorithm::kRs256);
    ec = std::make_unique<KeyForTest>("ec-1", Algorithm::kEs256);
    ed = std::make_unique<KeyForTest>("ed-1", Algorithm::kEdDsa);
  }

  std::unique_ptr<TokenVerifier> Verifier(std::vector<Issuer> issuers) {
    auto verifier = TokenVerifier::Create(std::move(issuers), clock_, [](const std::string&, const auto&) {
      return JwksOf({rsa.get(), ec.get(), ed.get()});
    });
    EXPECT_TRUE(verifier.ok()) << verifier.status();
    return *std::move(verifier);
  }

  json Good() const { return GoodClaims(kNow); }

  // The token of `ec` with these claims is refused, for the reason that contains `why`.
  void ExpectRefused(const json& claims, const std::string& why) { ExpectTokenRefused(ec->Sign(claims), why); }
  void ExpectHeaderRefused(const json& header, const std::string& why) {
    ExpectTokenRefused(ec->Sign(header, Good()), why);
  }
  void ExpectTokenRefused(const std::string& token, const std::string& why) {
    const auto caller = verifier_->Verify(token);
    EXPECT_EQ(caller.status().code(), absl::StatusCode::kUnauthenticated) << why << ": " << caller.status();
    EXPECT_EQ(base::ReasonOf(caller.status()), common::v1::ERROR_REASON_UNAUTHENTICATED);
    EXPECT_TRUE(absl::StrContains(caller.status().message(), why)) << caller.status();
  }

  static std::unique_ptr<KeyForTest> rsa;
  static std::unique_ptr<KeyForTest> ec;
  static std::unique_ptr<KeyForTest> ed;
  base::ManualClock clock_{kNow};
  std::unique_ptr<TokenVerifier> verifier_ = Verifier({TestIssuer()});
};

std::unique_ptr<KeyForTest> TokenVerifierTest::rsa;
std::unique_ptr<KeyForTest> TokenVerifierTest::ec;
std::unique_ptr<KeyForTest> TokenVerifierTest::ed;

TEST_F(TokenVerifierTest, NamesTheCallerWhicheverAlgorithmSigns) {
  for (const KeyForTest* key : {rsa.get(), ec.get(), ed.get()}) {
    const auto caller = verifier_->Verify(key->Sign(Good()));
    ASSERT_TRUE(caller.ok()) << key->id() << ": " << caller.status();
    EXPECT_EQ(caller->owner, (base::Owner{"acme", "ada"}));
    EXPECT_EQ(caller->client, "cli");
    EXPECT_TRUE(caller->may_read);
    EXPECT_TRUE(caller->may_write);
    EXPECT_EQ(caller->expires, kNow + absl::Minutes(5) + kLeeway);
  }
  json header = ed->Header();
  header["alg"] = "Ed25519";
  EXPECT_TRUE(verifier_->Verify(ed->Sign(header, Good())).ok());
}

TEST_F(TokenVerifierTest, RefusesAnotherKeysSignature) {
  for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}) {
    const KeyForTest& known = algorithm == Algorithm::kRs256 ? *rsa : algorithm == Algorithm::kEs256 ? *ec : *ed;
    const KeyForTest forger(known.id(), algorithm);
    ExpectTokenRefused(forger.Sign(Good()), "signature does not hold");
  }
}

TEST_F(TokenVerifierTest, RefusesAnAlgorithmThatIsNotTheKeys) {
  json header = ec->Header();
  header["kid"] = "rsa-1";
  // There is no ES256 key of that name.
  ExpectHeaderRefused(header, "a key that its issuer does not have");
}

TEST_F(TokenVerifierTest, RefusesNoneAndSharedSecrets) {
  // HS256 over the public key as a secret, and none, are the classical forgeries; others are not taken either.
  for (const char* algorithm :
       {"none", "None", "nOnE", "HS256", "HS384", "HS512", "RS384", "PS256", "ES384", "ES256K", ""}) {
    json header = ec->Header();
    header["alg"] = algorithm;
    ExpectHeaderRefused(header, "not signed with RS256, ES256 or EdDSA");
  }
  json header = ec->Header();
  header.erase("alg");
  ExpectHeaderRefused(header, "not signed with");
  header["alg"] = json::array({"ES256"});
  ExpectHeaderRefused(header, "not signed with");
}

TEST_F(TokenVerifierTest, RefusesATokenWithoutSignature) {
  const std::string token = ec->Sign(Good());
  const std::string unsigned_token = token.substr(0, token.rfind('.') + 1);
  ExpectTokenRefused(unsigned_token, "no signed token");
  ExpectTokenRefused(unsigned_token + "AAAA", "signature does not hold");
  ExpectTokenRefused(unsigned_token + std::string(86, 'A'), "signature does not hold");
}

TEST_F(TokenVerifierTest, RefusesHeadersThatBringOrNameKeysOrAskForMore) {
  const KeyForTest own("own", Algorithm::kEs256);
  const std::vector<std::pair<std::string, json>> members = {{"jwk", own.Jwk()},
                                                             {"jku", "https://evil.test/keys"},
                                                             {"x5u", "https://evil.test/cert"},
                                                             {"x5c", json::array({"a"})},
                                                             {"crit", json::array({"exp"})},
                                                             {"b64", false},
                                                             {"zip", "DEF"}};
  for (const auto& [name, value] : members) {
    json header = ec->Header();
    header[name] = value;
    ExpectHeaderRefused(header, absl::StrCat("\"", name, "\""));
  }
}

TEST_F(TokenVerifierTest, RefusesMembersThatStandTwice) {
  const auto sign = [](const std::string& header, const std::string& claims) {
    const std::string bytes = absl::StrCat(absl::WebSafeBase64Escape(header), ".", absl::WebSafeBase64Escape(claims));
    return absl::StrCat(bytes, ".", ec->Signature(bytes));
  };
  const std::string header = ec->Header().dump();
  const std::string claims = Good().dump();
  EXPECT_TRUE(verifier_->Verify(sign(header, claims)).ok());
  ExpectTokenRefused(sign(R"({"alg":"RS256",)" + header.substr(1), claims), "no signed token");
  ExpectTokenRefused(sign(header, R"({"sub":"eve",)" + claims.substr(1)), "no signed token");
}

TEST_F(TokenVerifierTest, RefusesAHeaderWithoutItsKeysName) {
  json header = ec->Header();
  header.erase("kid");
  ExpectHeaderRefused(header, "does not name its key");
  for (const json& kid : {json(""), json(7), json(std::string(300, 'k'))}) {
    header["kid"] = kid;
    ExpectHeaderRefused(header, "does not name its key");
  }
}

TEST_F(TokenVerifierTest, AsksForTheTypeOfAccessTokens) {
  json header = ec->Header();
  for (const char* type : {"at+jwt", "application/at+jwt", "AT+JWT"}) {
    header["typ"] = type;
    EXPECT_TRUE(verifier_->Verify(ec->Sign(header, Good())).ok()) << type;
  }
  // An ID token says JWT, or nothing.
  Issuer lenient = TestIssuer();
  lenient.allow_id_tokens = true;
  const auto exception = Verifier({lenient});
  for (const json& type : {json("JWT"), json(), json(1), json("dpop+jwt")}) {
    header["typ"] = type;
    if (type.is_null()) header.erase("typ");
    ExpectHeaderRefused(header, "typ at+jwt");
    EXPECT_TRUE(exception->Verify(ec->Sign(header, Good())).ok()) << type;
  }
}

TEST_F(TokenVerifierTest, RefusesAnotherIssuer) {
  for (const json& issuer :
       {json("https://login.test/"), json("https://evil.test"), json(7), json::array({"https://login.test"})}) {
    json claims = Good();
    claims["iss"] = issuer;
    ExpectRefused(claims, "issuer is not one that is trusted");
  }
  json claims = Good();
  claims.erase("iss");
  ExpectRefused(claims, "issuer is not one that is trusted");
}

TEST_F(TokenVerifierTest, TakesAnAudienceAloneOrAmongOthers) {
  for (const json& audience : {json("council"), json::array({"mail", "council"})}) {
    json claims = Good();
    claims["aud"] = audience;
    EXPECT_TRUE(verifier_->Verify(ec->Sign(claims)).ok()) << audience;
  }
  for (const json& audience : {json("mail"), json("Council"), json::array({"mail"}), json::array(),
                               json::array({7, "council"}), json(7), json({{"council", true}}), json("council mail")}) {
    json claims = Good();
    claims["aud"] = audience;
    ExpectRefused(claims, "for another audience");
  }
  json claims = Good();
  claims.erase("aud");
  ExpectRefused(claims, "for another audience");
}

TEST_F(TokenVerifierTest, RefusesWhatIsOverOrNotYetOrForTooLong) {
  const auto with = [&](const char* claim, const json& value) {
    json claims = Good();
    claims[claim] = value;
    return claims;
  };
  EXPECT_TRUE(verifier_->Verify(ec->Sign(with("exp", At(-absl::Seconds(29))))).ok());
  ExpectRefused(with("exp", At(-absl::Seconds(30))), "has expired");
  EXPECT_TRUE(verifier_->Verify(ec->Sign(with("exp", At(absl::Hours(1) + absl::Seconds(30))))).ok());
  ExpectRefused(with("exp", At(absl::Hours(1) + absl::Seconds(31))), "more than an hour");
  EXPECT_TRUE(verifier_->Verify(ec->Sign(with("nbf", At(absl::Seconds(30))))).ok());
  ExpectRefused(with("nbf", At(absl::Seconds(31))), "not good yet");
  EXPECT_TRUE(verifier_->Verify(ec->Sign(with("iat", At(absl::Seconds(30))))).ok());
  ExpectRefused(with("iat", At(absl::Seconds(31))), "issued in the future");
  json endless = Good();
  endless.erase("exp");
  ExpectRefused(endless, "has no end");
  for (const char* claim : {"exp", "nbf", "iat"}) {
    for (const json& value : {json("1790000100"), json(-1), json(1e300), json(true), json(nullptr), json::array({1})}) {
      ExpectRefused(with(claim, value), "is no time");
    }
  }
}

TEST_F(TokenVerifierTest, EndsWhenItsTimeIsOver) {
  const std::string token = ec->Sign(Good());
  clock_.Advance(absl::Minutes(5) + kLeeway - absl::Seconds(1));
  EXPECT_TRUE(verifier_->Verify(token).ok());
  clock_.Advance(absl::Seconds(1));
  ExpectTokenRefused(token, "has expired");
}

TEST_F(TokenVerifierTest, RefusesSubjectsThatNameNobodyForGood) {
  json claims = Good();
  claims["sub"] = "ada@acme.example";
  ExpectRefused(claims, "e-mail address");
  for (const json& subject :
       {json(""), json(7), json(std::string(256, 'a')), json("a\nb"), json(std::string("a\0b", 3))}) {
    claims["sub"] = subject;
    ExpectRefused(claims, "does not name a person");
  }
  claims.erase("sub");
  ExpectRefused(claims, "does not name a person");
}

TEST_F(TokenVerifierTest, RefusesTokensBoundToTheirSender) {
  json claims = Good();
  claims["cnf"] = {{"jkt", "abc"}};
  ExpectRefused(claims, "bound to a key");
}

TEST_F(TokenVerifierTest, ReadsScopesAsProvidersGiveThem) {
  const auto scopes = [&](const char* claim, const json& value) {
    json claims = Good();
    claims.erase("scope");
    if (claim != nullptr) claims[claim] = value;
    const auto caller = verifier_->Verify(ec->Sign(claims));
    EXPECT_TRUE(caller.ok()) << caller.status();
    return caller.ok() ? std::pair(caller->may_read, caller->may_write) : std::pair(true, true);
  };
  EXPECT_EQ(scopes("scope", "council.read"), std::pair(true, false));
  EXPECT_EQ(scopes("scope", "openid council.write"), std::pair(false, true));
  EXPECT_EQ(scopes("scp", "council.read council.write"), std::pair(true, true));
  EXPECT_EQ(scopes("scp", json::array({"council.write"})), std::pair(false, true));
  EXPECT_EQ(scopes("scope", "council.readonly council.writer xcouncil.read"), std::pair(false, false));
  EXPECT_EQ(scopes("scope", 7), std::pair(false, false));
  EXPECT_EQ(scopes(nullptr, {}), std::pair(false, false));
}

TEST_F(TokenVerifierTest, TakesTheTenantFromAClaimWithinTheIssuersOwn) {
  Issuer issuer = TestIssuer();
  issuer.tenant.clear();
  issuer.tenant_claim = "tid";
  issuer.tenants = {"acme", "globex"};
  verifier_ = Verifier({issuer});
  json claims = Good();
  claims["tid"] = "globex";
  EXPECT_EQ(verifier_->Verify(ec->Sign(claims))->owner, (base::Owner{"globex", "ada"}));
  claims["tid"] = "initech";
  ExpectRefused(claims, "may not speak for this tenant");
  claims.erase("tid");
  ExpectRefused(claims, "does not name the tenant");
  claims["tid"] = json::array({"acme"});
  ExpectRefused(claims, "does not name the tenant");

  issuer.tenants = {"*"};
  claims["tid"] = "initech";
  EXPECT_EQ(Verifier({issuer})->Verify(ec->Sign(claims))->owner.tenant, "initech");
}

TEST_F(TokenVerifierTest, KeepsTheKeysOfIssuersApart) {
  const KeyForTest theirs("ec-1", Algorithm::kEs256);
  Issuer other{
      .issuer = "https://other.test", .audiences = {"council"}, .jwks = "https://other.test/keys", .tenant = "globex"};
  auto verifier = TokenVerifier::Create({TestIssuer(), other}, clock_, [&](const std::string& jwks, const auto&) {
    return JwksOf({jwks == other.jwks ? &theirs : ec.get()});
  });
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  verifier_ = *std::move(verifier);
  json claims = Good();
  ExpectTokenRefused(theirs.Sign(claims), "signature does not hold");
  claims["iss"] = other.issuer;
  EXPECT_EQ(verifier_->Verify(theirs.Sign(claims))->owner.tenant, "globex");
  ExpectTokenRefused(ec->Sign(claims), "signature does not hold");
}

TEST_F(TokenVerifierTest, RefusesWhatIsNoToken) {
  const std::string good = ec->Sign(Good());
  for (const std::string& token :
       {std::string(), std::string("."), std::string(".."), std::string("..."), std::string("a.b.c"), good + ".",
        good + ".e", "." + good, " " + good, good + " ", good + "=", good + "\n", std::string(8193, 'a'),
        std::string("e30.e30.e30"), std::string("bnVsbA.bnVsbA.bnVsbA")}) {
    ExpectTokenRefused(token, "access token");
  }
}

RC_GTEST_FIXTURE_PROP(TokenVerifierTest, NoChangedByteIsTaken, ()) {
  const KeyForTest* key = *rc::gen::elementOf(std::vector<const KeyForTest*>{rsa.get(), ec.get(), ed.get()});
  std::string token = key->Sign(Good());
  const size_t at = *rc::gen::inRange<size_t>(0, token.size());
  const char byte = *rc::gen::arbitrary<char>();
  RC_PRE(byte != token[at]);
  // The last character of a part can hold bits that no byte uses.
  RC_PRE(at + 1 != token.size() && token[at + 1] != '.');
  token[at] = byte;
  const auto caller = verifier_->Verify(token);
  RC_ASSERT(!caller.ok());
  RC_ASSERT(!absl::StrContains(caller.status().message(), token.substr(0, 20)));
}

RC_GTEST_FIXTURE_PROP(TokenVerifierTest, NoMixtureOfTwoTokensIsTaken, ()) {
  json claims = Good();
  claims["sub"] = "eve";
  const std::vector<std::string> a = absl::StrSplit(ec->Sign(Good()), '.');
  const std::vector<std::string> b = absl::StrSplit(ed->Sign(claims), '.');
  std::string token;
  bool of_a = true;
  bool of_b = true;
  for (size_t i = 0; i < 3; ++i) {
    const bool from_a = *rc::gen::arbitrary<bool>();
    (from_a ? of_b : of_a) = false;
    absl::StrAppend(&token, i == 0 ? "" : ".", from_a ? a[i] : b[i]);
  }
  RC_ASSERT(verifier_->Verify(token).ok() == (of_a || of_b));
}

// Headers and claims with members taken out, swapped for others' values or for odd ones, well signed: whatever is taken
// names an owner that the claims name, within the tenant and its time.
RC_GTEST_FIXTURE_PROP(TokenVerifierTest, WhateverIsTakenSaysAllThatMustBeSaid, ()) {
  json header = ec->Header();
  json claims = Good();
  const std::vector<json> odd = {json(),
                                 json(""),
                                 json(0),
                                 json(-1),
                                 json(1e19),
                                 json(true),
                                 json("council"),
                                 json("ada"),
                                 json::array(),
                                 json::array({"council"}),
                                 json::object(),
                                 json(At(absl::Minutes(1))),
                                 json(std::string(5000, 'x')),
                                 json("at+jwt"),
                                 json("ES256")};
  const std::vector<std::string> names = {"alg", "kid", "typ",   "crit", "iss", "aud",       "sub", "exp",
                                          "nbf", "iat", "scope", "scp",  "cnf", "client_id", "azp"};
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    json& target = *rc::gen::arbitrary<bool>() ? header : claims;
    const std::string name = *rc::gen::elementOf(names);
    if (*rc::gen::inRange(0, 3) == 0) {
      target.erase(name);
    } else {
      target[name] = *rc::gen::elementOf(odd);
    }
  }
  const auto caller = verifier_->Verify(ec->Sign(header, claims));
  if (!caller.ok()) return;
  RC_ASSERT(header["alg"] == "ES256");
  RC_ASSERT(header["typ"] == "at+jwt");
  RC_ASSERT(!header.contains("crit"));
  RC_ASSERT(!claims.contains("cnf"));
  RC_ASSERT(claims["iss"] == "https://login.test");
  RC_ASSERT(claims["aud"].dump().find("\"council\"") != std::string::npos);
  RC_ASSERT(caller->owner.tenant == "acme");
  RC_ASSERT(claims["sub"] == caller->owner.subject);
  RC_ASSERT(!caller->owner.subject.empty());
  RC_ASSERT(caller->expires > kNow);
  RC_ASSERT(caller->expires <= kNow + kLongestLife + 2 * kLeeway);
}

TEST_F(TokenVerifierTest, FailsToStartWithoutTheKeysOfAFile) {
  Issuer issuer = TestIssuer();
  issuer.jwks = "/nowhere/keys.json";
  EXPECT_EQ(TokenVerifier::Create({issuer}, clock_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(TokenVerifierTest, StartsWhileAnIssuerIsOutOfReach) {
  const auto verifier = TokenVerifier::Create(
      {TestIssuer()}, clock_, [](const std::string&, const auto&) { return absl::UnavailableError("no network"); });
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ((*verifier)->Verify(ec->Sign(Good())).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace council::identity
