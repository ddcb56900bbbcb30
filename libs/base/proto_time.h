#ifndef COUNCIL_LIBS_BASE_PROTO_TIME_H_
#define COUNCIL_LIBS_BASE_PROTO_TIME_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace council::base {

// Conversions between protobuf's well-known types and Abseil's times; everything is cut to whole microseconds.

google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Duration ToProto(absl::Duration duration);

// Any value is taken, out of protobuf's range or not; IsValid tells beforehand.
absl::Time FromProto(const google::protobuf::Timestamp& time);
absl::Duration FromProto(const google::protobuf::Duration& duration);

// Within protobuf's range: years 1 to 9999, nanoseconds in [0, 1e9).
bool IsValid(const google::protobuf::Timestamp& time);
// Within ±10,000 years, nanoseconds of the same sign as seconds.
bool IsValid(const google::protobuf::Duration& duration);

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_PROTO_TIME_H_
