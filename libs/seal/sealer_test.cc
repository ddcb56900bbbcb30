#include "libs/seal/sealer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace council::seal {
namespace {

const base::Owner kOwner{"acme", "rosa"};
const std::string kHash(16, 'r');

Sealer SealerOf(char storage) {
  return Sealer(std::string(32, storage), std::string(32, 's'));
}

RC_GTEST_PROP(SealerProperty, WhatIsSealedOpensToTheSameBytes, (const std::string& plaintext)) {
  const Sealer sealer = SealerOf('k');
  const auto sealed = sealer.Seal(kHash, "entries", "id", plaintext);
  RC_ASSERT(sealed.ok());
  RC_ASSERT(sealer.Open(kHash, "entries", "id", *sealed).value() == plaintext);
}

TEST(SealerTest, AnEnvelopeOfNoKnownVersionIsDataLoss) {
  const Sealer sealer = SealerOf('k');
  for (const std::string& sealed : {std::string(), std::string("\x07text")}) {
    EXPECT_EQ(sealer.Open(kHash, "entries", "id", sealed).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(SealerTest, HashesOfTwoOwnersHaveNothingInCommon) {
  const Sealer sealer = SealerOf('k');
  EXPECT_EQ(sealer.OwnerHash({"a", "b/c"}), sealer.OwnerHash({"a", "b/c"}));
  EXPECT_NE(sealer.OwnerHash({"a", "b/c"}), sealer.OwnerHash({"a/b", "c"}));
  EXPECT_NE(sealer.IndexHash({"a", "b"}, "email", "x"), sealer.IndexHash({"a", "c"}, "email", "x"));
  EXPECT_NE(sealer.IndexHash({"a", "b"}, "email", "x"), sealer.IndexHash({"a", "b"}, "uid", "x"));
  EXPECT_NE(sealer.TenantHash("a"), sealer.OwnerHash({"a", ""}));
  EXPECT_EQ(sealer.OwnerHash(kOwner).size(), 16u);
}

TEST(SealerTest, TheCacheTagIsOneForAllStoragesThatShareAKey) {
  EXPECT_EQ(SealerOf('k').CacheTag(kOwner), SealerOf('l').CacheTag(kOwner));
  EXPECT_NE(SealerOf('k').CacheTag(kOwner), SealerOf('k').CacheTag({"acme", "tom"}));
}

TEST(SealerTest, HashesOfTwoStoragesDiffer) {
  EXPECT_NE(SealerOf('k').OwnerHash(kOwner), SealerOf('l').OwnerHash(kOwner));
}

}  // namespace
}  // namespace council::seal
