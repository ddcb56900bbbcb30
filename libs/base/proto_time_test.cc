#include "libs/base/proto_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace council::base {
namespace {

RC_GTEST_PROP(ProtoTimeTest, TimestampsComeBackToTheMicrosecond, ()) {
  const auto micros = *rc::gen::inRange<int64_t>(-62'135'596'800'000'000, 253'402'300'799'000'000);
  const auto proto = ToProto(absl::FromUnixMicros(micros));
  RC_ASSERT(IsValid(proto));
  RC_ASSERT(absl::ToUnixMicros(FromProto(proto)) == micros);
}

RC_GTEST_PROP(ProtoTimeTest, DurationsComeBackToTheMicrosecond, (int32_t seconds, int32_t micros)) {
  const absl::Duration duration = absl::Seconds(seconds) + absl::Microseconds(micros);
  const auto proto = ToProto(duration);
  RC_ASSERT(IsValid(proto));
  RC_ASSERT(FromProto(proto) == duration);
}

TEST(ProtoTimeTest, NanosecondsAreCutNotRounded) {
  google::protobuf::Timestamp proto;
  proto.set_seconds(-1);
  proto.set_nanos(999'999'999);
  EXPECT_EQ(absl::ToUnixMicros(FromProto(proto)), -1);
}

TEST(ProtoTimeTest, OutOfRangeIsInvalid) {
  google::protobuf::Timestamp time;
  time.set_seconds(253'402'300'800);
  EXPECT_FALSE(IsValid(time));
  time.set_seconds(0);
  time.set_nanos(-1);
  EXPECT_FALSE(IsValid(time));
  google::protobuf::Duration duration;
  duration.set_seconds(1);
  duration.set_nanos(-1);
  EXPECT_FALSE(IsValid(duration));
}

}  // namespace
}  // namespace council::base
