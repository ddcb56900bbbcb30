#include "libs/identity/issuer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"

namespace council::identity {
namespace {

using nlohmann::json;

json Acme() {
  return {{"issuer", "https://login.acme.example"},
          {"audiences", {"council"}},
          {"jwks", "https://login.acme.example/keys"},
          {"tenant", "acme"}};
}

json Shared() {
  return {{"issuer", "https://login.example"},
          {"audiences", {"council", "api://council"}},
          {"jwks", "keys.json"},
          {"subject_claim", "oid"},
          {"tenant_claim", "tid"},
          {"tenants", {"globex", "initech"}},
          {"allow_id_tokens", true}};
}

absl::Status Parse(const std::vector<json>& issuers) {
  return ParseIssuers(json({{"issuers", issuers}}).dump()).status();
}

TEST(IssuerTest, ReadsAllMembers) {
  const auto issuers = ParseIssuers(json({{"issuers", {Acme(), Shared()}}}).dump());
  ASSERT_TRUE(issuers.ok()) << issuers.status();
  ASSERT_EQ(issuers->size(), 2);
  EXPECT_EQ(issuers->at(0).tenant, "acme");
  EXPECT_EQ(issuers->at(0).subject_claim, "sub");
  EXPECT_FALSE(issuers->at(0).allow_id_tokens);
  EXPECT_EQ(issuers->at(1).issuer, "https://login.example");
  EXPECT_EQ(issuers->at(1).audiences, (std::vector<std::string>{"council", "api://council"}));
  EXPECT_EQ(issuers->at(1).jwks, "keys.json");
  EXPECT_EQ(issuers->at(1).subject_claim, "oid");
  EXPECT_EQ(issuers->at(1).tenant_claim, "tid");
  EXPECT_EQ(issuers->at(1).tenants, (std::vector<std::string>{"globex", "initech"}));
  EXPECT_TRUE(issuers->at(1).allow_id_tokens);
}

TEST(IssuerTest, RefusesWhatWouldLetAPersonReadAnothers) {
  for (const char* claim : {"email", "upn", "preferred_username", "unique_name"}) {
    json issuer = Acme();
    issuer["subject_claim"] = claim;
    EXPECT_TRUE(absl::StrContains(Parse({issuer}).message(), "another person in time")) << claim;
  }
  json rival = Shared();
  rival["tenants"] = {"globex", "acme"};
  EXPECT_TRUE(absl::StrContains(Parse({Acme(), rival}).message(), "only one issuer may speak for a tenant"));
  json any = Shared();
  any["tenants"] = {"*"};
  EXPECT_TRUE(Parse({any}).ok());
  EXPECT_TRUE(absl::StrContains(Parse({Acme(), any}).message(), "only where it is the only issuer"));
  EXPECT_TRUE(absl::StrContains(Parse({Acme(), Acme()}).message(), "is named twice"));
  json plain = Acme();
  plain["jwks"] = "http://login.acme.example/keys";
  EXPECT_TRUE(absl::StrContains(Parse({plain}).message(), "must be https"));
}

TEST(IssuerTest, RefusesWhatIsMissing) {
  for (const char* member : {"issuer", "audiences", "jwks", "tenant"}) {
    json issuer = Acme();
    issuer.erase(member);
    EXPECT_EQ(Parse({issuer}).code(), absl::StatusCode::kInvalidArgument) << member;
  }
  for (const char* member : {"tenant_claim", "tenants"}) {
    json issuer = Shared();
    issuer.erase(member);
    EXPECT_EQ(Parse({issuer}).code(), absl::StatusCode::kInvalidArgument) << member;
  }
  EXPECT_FALSE(Parse({}).ok());
}

TEST(IssuerTest, RefusesWhatItDoesNotKnow) {
  json unknown = Acme();
  unknown["subjectclaim"] = "sub";
  EXPECT_TRUE(absl::StrContains(Parse({unknown}).message(), "issuers[0].subjectclaim is not known"));
  json wrong = Acme();
  wrong["audiences"] = "council";
  EXPECT_TRUE(absl::StrContains(Parse({wrong}).message(), "issuers[0].audiences must be a list"));
  for (const char* text :
       {"", "[]", "{}", R"({"issuers": {}})", R"({"issuers": [7]})", R"({"issuers": [], "more": 1})"}) {
    EXPECT_EQ(ParseIssuers(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace council::identity
