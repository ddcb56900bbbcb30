#include "libs/base/status.h"

#include <gtest/gtest.h>

#include <string>

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
