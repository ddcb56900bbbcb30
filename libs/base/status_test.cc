#include "libs/base/status.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace council::base {
namespace {

TEST(StatusTest, DetailsSurviveSerialisation) {
  FieldViolations violations;
  violations.Add("contact.display_name", "must not be empty");
  violations.Add("contact.emails[2]", "\"x\" is no e-mail address");
  const absl::Status status = WithRetry(violations.ToStatus(), absl::Milliseconds(1500));

  const absl::Status back = ParseDetails(absl::Status(status.code(), status.message()), SerializeDetails(status));

  EXPECT_EQ(back, status);
  EXPECT_EQ(ReasonOf(back), common::v1::ERROR_REASON_INVALID_FIELD);
  ASSERT_EQ(BadRequestOf(back).field_violations_size(), 2);
  EXPECT_EQ(BadRequestOf(back).field_violations(1).field(), "contact.emails[2]");
}

TEST(StatusTest, EqualStatusesHaveEqualBytes) {
  const auto serialize = [] {
    return SerializeDetails(WithRetry(InvalidField("id", "is required"), absl::Seconds(1)));
  };
  const std::string first = serialize();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(serialize(), first);
}

TEST(StatusTest, RetryDelayIsReadBack) {
  const absl::Status status = absl::UnavailableError("later");
  EXPECT_EQ(RetryDelayOf(status), std::nullopt);
  EXPECT_EQ(RetryDelayOf(WithRetry(status, absl::Milliseconds(1500))), absl::Milliseconds(1500));
}

TEST(StatusTest, ViolationsStayBelowWhatMetadataMayHaveAndTheRestIsCounted) {
  FieldViolations violations;
  for (int i = 0; i < 1'000'000; ++i) violations.Add(absl::StrCat("paths[", i, "]"), "there is no such field");
  const absl::Status status = violations.ToStatus();
  const int kept = BadRequestOf(status).field_violations_size();
  EXPECT_GT(kept, 50);
  EXPECT_EQ(status.message(), "paths[0]: there is no such field (and 999999 more)");
  EXPECT_LT(SerializeDetails(status).size() * 4 / 3 + status.message().size(), 7000u);
}

TEST(StatusTest, LongTextsOfAViolationAreCutBetweenCharacters) {
  FieldViolations violations;
  std::string facet = "facets[\"";
  for (int i = 0; i < 1'000'000; ++i) facet += "\u00e9";
  violations.Add(facet, std::string(1'000'000, 'x'));
  const auto violation = BadRequestOf(violations.ToStatus()).field_violations(0);
  EXPECT_LE(violation.field().size(), 300u);
  EXPECT_TRUE(absl::EndsWith(violation.field(), "\u00e9\u2026"));
  EXPECT_EQ(violation.description(), std::string(497, 'x') + "\u2026");
}

TEST(StatusTest, NothingWrongIsOk) {
  EXPECT_TRUE(FieldViolations().ToStatus().ok());
}

TEST(StatusTest, UnreadableDetailsLeaveTheStatusAsItIs) {
  const absl::Status status = absl::NotFoundError("no such contact");
  EXPECT_EQ(ParseDetails(status, "\xff\xff\xff"), status);
  EXPECT_EQ(ReasonOf(status), common::v1::ERROR_REASON_UNSPECIFIED);
}

}  // namespace
}  // namespace council::base
