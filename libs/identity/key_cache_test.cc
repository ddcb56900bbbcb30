#include "libs/identity/key_cache.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "libs/identity/keys_for_test.h"

namespace council::identity {
namespace {

using nlohmann::json;

class KeyCacheTest : public ::testing::Test {
 protected:
  absl::StatusCode Find(const std::string& id) { return cache_.Find(id, Algorithm::kEs256).status().code(); }

  base::ManualClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  const KeyForTest old_{"old", Algorithm::kEs256};
  const KeyForTest new_{"new", Algorithm::kEs256};
  absl::StatusOr<std::string> published_ = JwksOf({&old_});
  int fetches_ = 0;
  int wakes_ = 0;
  KeyCache cache_{"https://login.test",
                  [this] {
                    ++fetches_;
                    return published_;
                  },
                  clock_, [this] { ++wakes_; }};
};

TEST_F(KeyCacheTest, HasNothingBeforeTheFirstFetch) {
  EXPECT_LE(cache_.due(), clock_.Now());
  EXPECT_EQ(Find("old"), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(cache_.Refresh().ok());
  EXPECT_EQ(Find("old"), absl::StatusCode::kOk);
  EXPECT_EQ(cache_.due(), clock_.Now() + KeyCache::kRefreshEvery);
}

TEST_F(KeyCacheTest, PicksUpARotatedKeyWhenItIsFirstUsed) {
  ASSERT_TRUE(cache_.Refresh().ok());
  published_ = JwksOf({&old_, &new_});
  clock_.Advance(KeyCache::kRefreshAtMostEvery);
  EXPECT_EQ(Find("new"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(cache_.due(), clock_.Now());
  EXPECT_EQ(Find("new"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(wakes_, 1);
  ASSERT_TRUE(cache_.Refresh().ok());
  EXPECT_EQ(Find("new"), absl::StatusCode::kOk);
  EXPECT_EQ(Find("old"), absl::StatusCode::kOk);

  published_ = JwksOf({&new_});
  ASSERT_TRUE(cache_.Refresh().ok());
  EXPECT_EQ(Find("old"), absl::StatusCode::kUnauthenticated);
}

TEST_F(KeyCacheTest, FetchesForUnknownKeysAtMostEveryHalfMinute) {
  ASSERT_TRUE(cache_.Refresh().ok());
  for (int second = 0; second < 300; ++second) {
    const absl::StatusCode code = Find("invented");
    EXPECT_TRUE(code == absl::StatusCode::kUnauthenticated || code == absl::StatusCode::kUnavailable);
    if (cache_.due() <= clock_.Now()) {
      ASSERT_TRUE(cache_.Refresh().ok());
    }
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_LE(fetches_, 1 + 10);
  EXPECT_GE(wakes_, 9);
}

TEST_F(KeyCacheTest, TrustsKeysForAnHourWithoutNews) {
  ASSERT_TRUE(cache_.Refresh().ok());
  published_ = absl::UnavailableError("no network");
  for (absl::Duration passed; passed < KeyCache::kTrustFor; passed += absl::Minutes(1)) {
    EXPECT_EQ(Find("old"), absl::StatusCode::kOk) << passed;
    EXPECT_FALSE(cache_.Refresh().ok());
    EXPECT_EQ(cache_.due(), clock_.Now() + KeyCache::kRefreshAtMostEvery);
    clock_.Advance(absl::Minutes(1));
  }
  EXPECT_EQ(Find("old"), absl::StatusCode::kUnavailable);
  published_ = JwksOf({&old_});
  ASSERT_TRUE(cache_.Refresh().ok());
  EXPECT_EQ(Find("old"), absl::StatusCode::kOk);
}

TEST_F(KeyCacheTest, KeepsWhatItHasWhenWhatComesIsNoKeySet) {
  ASSERT_TRUE(cache_.Refresh().ok());
  for (const char* text : {"", "<html>", "[]", "{}", R"({"keys": {}})", R"({"keys": []})", R"({"keys": [7, {}]})",
                           R"({"keys": [], "keys": []})"}) {
    published_ = text;
    EXPECT_FALSE(cache_.Refresh().ok()) << text;
    EXPECT_EQ(Find("old"), absl::StatusCode::kOk) << text;
  }
}

// Each of these must not become a key; a good one beside it still does.
TEST_F(KeyCacheTest, PassesOverKeysThatAreForSomethingElse) {
  const KeyForTest weak("weak", Algorithm::kRs256, 1024);
  const auto with = [&](const char* member, const json& value) {
    json jwk = new_.Jwk();
    jwk[member] = value;
    return jwk;
  };
  const json cases[] = {with("use", "enc"),
                        with("key_ops", json::array({"sign"})),
                        with("key_ops", "verify"),
                        with("alg", "RS256"),
                        with("alg", "ES384"),
                        with("crv", "P-384"),
                        with("crv", "secp256k1"),
                        with("kid", ""),
                        with("kid", 7),
                        with("x", "AAAA"),
                        with("x", old_.Jwk()["x"]),
                        with("kty", "OKP"),
                        {{"kty", "oct"}, {"kid", "new"}, {"k", "c2VjcmV0"}, {"alg", "HS256"}},
                        {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", "new"}, {"x", "AAAA"}},
                        {{"kty", "OKP"}, {"crv", "X25519"}, {"kid", "new"}, {"x", std::string(43, 'A')}},
                        weak.Jwk(),
                        json("key"),
                        json()};
  for (const json& jwk : cases) {
    EXPECT_FALSE(PublicKey::FromJwk(jwk).ok()) << jwk;
    published_ = json({{"keys", json::array({jwk, old_.Jwk()})}}).dump();
    EXPECT_TRUE(cache_.Refresh().ok()) << jwk;
    EXPECT_EQ(Find("old"), absl::StatusCode::kOk) << jwk;
    EXPECT_EQ(Find("new"), absl::StatusCode::kUnauthenticated) << jwk;
  }
}

}  // namespace
}  // namespace council::identity
