// Trying a suite of --auth=jwt without an identity provider: council dev-token, and the access token in a file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/cli/command_line.h"

namespace council::test {
namespace {

using ::testing::HasSubstr;

// RFC 8410, 10.3: an Ed25519 key.
constexpr char kPem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kPublicKey[] = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";

class DevTokenTest : public ::testing::Test {
 protected:
  std::string Issuers() const {
    const std::string jwks = WriteFile(
        directory_ / "jwks.json",
        absl::StrCat(R"({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "dev", "x": ")", kPublicKey, R"("}]})"));
    return WriteFile(
        directory_ / "issuers.json",
        absl::StrCat(R"({"issuers": [{"issuer": "https://dev.council.example", "audiences": ["council"], "jwks": ")",
                     jwks, R"(", "tenant": "dev"}]})"));
  }

  // Puts a token for `subject` where the command line looks.
  void SignIn(const std::string& subject, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"dev-token", "--key=" + key_, "--subject=" + subject};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CommandResult token = council_.Run(arguments);
    EXPECT_EQ(token.code, 0) << token.err;
    WriteFile(directory_ / "token", token.out);
  }

  CommandResult Run(std::vector<std::string> arguments) const {
    arguments.push_back("--access-token-file=" + (directory_ / "token").string());
    return council_.Run(std::move(arguments));
  }

  const TempDir directory_;
  const std::string key_ = WriteFile(directory_ / "key.pem", kPem);
  CouncilSuite suite_{std::vector<std::string>{"--auth=jwt", "--auth-issuers=" + Issuers()}};
  const CommandLine council_{suite_, "nobody"};
};

TEST_F(DevTokenTest, EachSubjectHasAChronicleOfTheirOwn) {
  SignIn("ines");
  EXPECT_EQ(Run({"contacts", "add", "Rosa Lind"}).code, 0);
  EXPECT_EQ(Run({"log", "Rosa Lind", "--channel=phone"}).code, 0);
  EXPECT_EQ(Run({"verify"}).code, 0);

  // In the same file. What was remembered of ines, the head of her ledger among it, is not otto's.
  SignIn("otto");
  EXPECT_EQ(Run({"verify"}).code, 0);
  EXPECT_EQ(council_.Json({"contacts", "--access-token-file=" + (directory_ / "token").string()})["contacts"].size(),
            0u);
}

TEST_F(DevTokenTest, WhatIsRefusedSaysWhatToDo) {
  WriteFile(directory_ / "token", "no token");
  EXPECT_THAT(Run({"contacts"}).err, HasSubstr("holds no access token"));
  SignIn("ines", {"--audience=elsewhere"});
  EXPECT_THAT(Run({"contacts"}).err, HasSubstr("put a new one there"));
  SignIn("ines", {"--scope=council.read"});
  EXPECT_EQ(Run({"contacts"}).code, 0);
  EXPECT_THAT(Run({"contacts", "add", "Rosa Lind"}).err, HasSubstr("council.write"));
  EXPECT_THAT(council_.Run({"dev-token", "--key=" + WriteFile(directory_ / "other.pem", "nonsense")}).err,
              HasSubstr("Ed25519"));
}

}  // namespace
}  // namespace council::test
