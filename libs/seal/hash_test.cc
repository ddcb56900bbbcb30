#include "libs/seal/hash.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace council::seal {
namespace {

TEST(HashTest, Sha256IsThatOfFips180) {
  EXPECT_EQ(absl::BytesToHexString(Sha256({"abc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256({"abc"}));
}

TEST(HashTest, HmacTellsApartListsOfPartsWithOneConcatenation) {
  const std::string key(32, 'k');
  EXPECT_EQ(HmacSha256(key, {"a", "bc"}), HmacSha256(key, {"a", "bc"}));
  EXPECT_NE(HmacSha256(key, {"a", "bc"}), HmacSha256(key, {"ab", "c"}));
  EXPECT_NE(HmacSha256(key, {"abc"}), HmacSha256(key, {"abc", ""}));
  EXPECT_NE(HmacSha256(key, {"abc"}), HmacSha256(std::string(32, 'l'), {"abc"}));
}

TEST(HashTest, EqualityIsThatOfTheBytes) {
  EXPECT_TRUE(EqualInConstantTime("", ""));
  EXPECT_TRUE(EqualInConstantTime("ab", "ab"));
  EXPECT_FALSE(EqualInConstantTime("ab", "ac"));
  EXPECT_FALSE(EqualInConstantTime("ab", "abc"));
}

}  // namespace
}  // namespace council::seal
