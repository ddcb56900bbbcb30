#include "libs/identity/signing_key.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "libs/identity/jose.h"

namespace council::identity {
namespace {

// RFC 8410, 10.3: a private key, and the public half of it.
constexpr char kPem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kPublicKey[] = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";

TEST(SigningKeyTest, TokensVerifyWithThePublicHalf) {
  const auto key = SigningKey::FromPem("dev", kPem);
  ASSERT_TRUE(key.ok()) << key.status();
  const auto text = (*key)->Sign({{"sub", "ines"}});
  ASSERT_TRUE(text.ok()) << text.status();
  const auto token = SignedToken::Parse(*text);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->claims()["sub"], "ines");
  EXPECT_EQ(token->type(), "at+jwt");
  const auto verifier = PublicKey::FromJwk({{"kty", "OKP"},
                                            {"crv", "Ed25519"},
                                            {"kid", "dev"},
                                            {"x", absl::WebSafeBase64Escape(absl::HexStringToBytes(kPublicKey))}});
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_TRUE((*verifier)->Verifies(*token));
}

TEST(SigningKeyTest, WhatIsNoSuchKeyIsRefused) {
  constexpr char kOnP256[] =
      "-----BEGIN PRIVATE KEY-----\n"
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\n"
      "OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n"
      "1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n"
      "-----END PRIVATE KEY-----\n";
  for (const char* bad : {"", "nonsense", kOnP256}) {
    EXPECT_EQ(SigningKey::FromPem("dev", bad).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace council::identity
