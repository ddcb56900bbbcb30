#include "libs/seal/token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "libs/base/status.h"

namespace council::seal {
namespace {

const base::Owner kRosa{"acme", "rosa"};
const base::Owner kTom{"acme", "tom"};

TokenCodec Codec(char storage = 's') {
  return TokenCodec(DevelopmentSharedKey(), std::string(32, storage));
}

bool IsInvalidToken(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument &&
         base::ReasonOf(status) == common::v1::ERROR_REASON_INVALID_TOKEN;
}

RC_GTEST_PROP(TokenProperty, ConsistencyTokensComeBackAsTheyWereMade,
              (const std::string& service, const std::string& lineage, std::int64_t revision)) {
  const std::string text = Codec().MakeConsistencyToken(kRosa, {service, lineage, revision});
  const auto token = Codec('t').ParseConsistencyToken(kRosa, text);  // Another service's codec.
  RC_ASSERT(token.ok());
  RC_ASSERT(token->service == service);
  RC_ASSERT(token->lineage == lineage);
  RC_ASSERT(token->revision == revision);
}

RC_GTEST_PROP(TokenProperty, PositionTokensComeBackAsTheyWereMade,
              (const std::string& purpose, const std::string& position, std::int64_t revision)) {
  const std::string text = Codec().MakePositionToken(kRosa, purpose, {"lineage", revision, position});
  const auto token = Codec().ParsePositionToken(kRosa, purpose, text);
  RC_ASSERT(token.ok());
  RC_ASSERT(token->position == position);
  RC_ASSERT(token->revision == revision);
}

RC_GTEST_PROP(TokenProperty, GarbageIsRefused, (const std::string& text)) {
  RC_ASSERT(IsInvalidToken(Codec().ParseConsistencyToken(kRosa, text).status()));
  RC_ASSERT(IsInvalidToken(Codec().ParsePositionToken(kRosa, "List", text).status()));
}

RC_GTEST_PROP(TokenProperty, ATokenWithAnyCharacterChangedIsRefused, ()) {
  std::string text = Codec().MakePositionToken(kRosa, "List", {"lineage", 7, "position"});
  // The last character may have bits that stand for nothing.
  const auto index = *rc::gen::inRange<std::size_t>(0, text.size() - 1);
  const char changed = *rc::gen::element('A', 'b', '7', '-', '_', '!', ' ');
  RC_PRE(text[index] != changed);
  text[index] = changed;
  RC_ASSERT(IsInvalidToken(Codec().ParsePositionToken(kRosa, "List", text).status()));
}

TEST(TokenTest, TokensOfAnotherOwnerMethodKindOrStorageAreRefused) {
  const std::string position = Codec().MakePositionToken(kRosa, "List", {"lineage", 7, "position"});
  EXPECT_TRUE(IsInvalidToken(Codec().ParsePositionToken(kTom, "List", position).status()));
  EXPECT_TRUE(IsInvalidToken(Codec().ParsePositionToken(kRosa, "Watch", position).status()));
  EXPECT_TRUE(IsInvalidToken(Codec('t').ParsePositionToken(kRosa, "List", position).status()));
  EXPECT_TRUE(IsInvalidToken(Codec().ParseConsistencyToken(kRosa, position).status()));
  const std::string consistency = Codec().MakeConsistencyToken(kRosa, {"ledger", "lineage", 7});
  EXPECT_TRUE(IsInvalidToken(Codec().ParseConsistencyToken(kTom, consistency).status()));
}

TEST(TokenTest, AReadMustBeAsFreshAsTheGreatestOfItsServicesTokens) {
  const TokenCodec codec = Codec();
  const std::vector<std::string> tokens = {codec.MakeConsistencyToken(kRosa, {"ledger", "l", 5}),
                                           codec.MakeConsistencyToken(kRosa, {"contacts", "c", 90}),
                                           codec.MakeConsistencyToken(kRosa, {"ledger", "l", 3})};
  EXPECT_EQ(codec.RequiredRevision(kRosa, tokens, "ledger", "l").value(), 5);
  EXPECT_EQ(codec.RequiredRevision(kRosa, std::vector<std::string>(), "ledger", "l").value(), 0);
  EXPECT_TRUE(CheckReached(5, 5).ok());
}

TEST(TokenTest, ManyTokensAreRefusedWithoutALookAtThem) {
  const std::vector<std::string> tokens(101, "garbage");
  const absl::Status refused = Codec().RequiredRevision(kRosa, tokens, "ledger", "l").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::BadRequestOf(refused).field_violations(0).field(), "at_least_as_fresh");
}

TEST(TokenTest, AnotherLineageOrAFutureIsAFailedPrecondition) {
  const TokenCodec codec = Codec();
  const std::vector<std::string> tokens = {codec.MakeConsistencyToken(kRosa, {"ledger", "old", 5})};
  const absl::Status lineage = codec.RequiredRevision(kRosa, tokens, "ledger", "new").status();
  EXPECT_EQ(lineage.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::ReasonOf(lineage), common::v1::ERROR_REASON_LINEAGE_CHANGED);
  const absl::Status future = CheckReached(6, 5);
  EXPECT_EQ(future.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::ReasonOf(future), common::v1::ERROR_REASON_TOKEN_FROM_FUTURE);
}

}  // namespace
}  // namespace council::seal
