#include "libs/base/proto_time.h"

#include <cstdlib>

#include "libs/base/clock.h"

namespace council::base {
namespace {

constexpr int64_t kMinSeconds = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxSeconds = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDurationSeconds = 315'576'000'000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / 1'000'000;
  int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    seconds -= 1;
    rest += 1'000'000;
  }
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(rest * 1000));
  return proto;
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  const int64_t micros = absl::ToInt64Microseconds(duration);
  google::protobuf::Duration proto;
  proto.set_seconds(micros / 1'000'000);
  proto.set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  return proto;
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return TruncateToMicros(absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()));
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Microseconds(
      absl::ToInt64Microseconds(absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos())));
}

bool IsValid(const google::protobuf::Timestamp& time) {
  return time.seconds() >= kMinSeconds && time.seconds() <= kMaxSeconds && time.nanos() >= 0 &&
         time.nanos() < kNanosPerSecond;
}

bool IsValid(const google::protobuf::Duration& duration) {
  if (std::abs(duration.seconds()) > kMaxDurationSeconds || std::abs(duration.nanos()) >= kNanosPerSecond) return false;
  return duration.seconds() == 0 || duration.nanos() == 0 || (duration.seconds() < 0) == (duration.nanos() < 0);
}

}  // namespace council::base
