#include "libs/base/status.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/status.pb.h"
#include "libs/base/proto_time.h"

namespace council::base {
namespace {

constexpr absl::string_view kTypePrefix = "type.googleapis.com/";
constexpr absl::string_view kReasonPrefix = "ERROR_REASON_";
// Of the violations of a request: in base64, and beside a message, they stay below 8 KiB.
constexpr std::size_t kMostBytes = 3500;
constexpr std::size_t kLongestField = 300;
constexpr std::size_t kLongestDescription = 500;
constexpr std::size_t kBytesBeside = 8;  // What protobuf adds to a violation's texts.

// Cuts UTF-8 text to `longest` bytes, at the end of a character, with an ellipsis.
void Cut(std::size_t longest, std::string& text) {
  constexpr absl::string_view kEllipsis = "\u2026";
  if (text.size() <= longest) return;
  std::size_t end = longest - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  text.append(kEllipsis.data(), kEllipsis.size());
}

template <typename Message>
std::string TypeUrl() {
  return absl::StrCat(kTypePrefix, Message::descriptor()->full_name());
}

template <typename Message>
void SetDetail(absl::Status& status, const Message& detail) {
  status.SetPayload(TypeUrl<Message>(), absl::Cord(detail.SerializeAsString()));
}

template <typename Message>
Message DetailOf(const absl::Status& status) {
  Message detail;
  const auto payload = status.GetPayload(TypeUrl<Message>());
  if (!payload || !detail.ParseFromString(std::string(*payload))) detail.Clear();
  return detail;
}

}  // namespace

absl::Status Error(absl::StatusCode code, common::v1::ErrorReason reason, absl::string_view message) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(absl::StripPrefix(common::v1::ErrorReason_Name(reason), kReasonPrefix)));
  info.set_domain("council");
  SetDetail(status, info);
  return status;
}

absl::Status WithRetry(absl::Status status, absl::Duration delay) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(absl::IDivDuration(delay, absl::Seconds(1), &delay));
  info.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(delay)));
  SetDetail(status, info);
  return status;
}

void FieldViolations::Add(std::string field, std::string description) {
  Cut(kLongestField, field);
  Cut(kLongestDescription, description);
  bytes_ += field.size() + description.size() + kBytesBeside;
  if (left_out_ > 0 || bytes_ > kMostBytes) {
    ++left_out_;
  } else {
    violations_.emplace_back(std::move(field), std::move(description));
  }
}

absl::Status FieldViolations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  google::rpc::BadRequest bad_request;
  for (const auto& [field, description] : violations_) {
    auto& violation = *bad_request.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
  }
  std::string message = absl::StrCat(violations_.front().first, ": ", violations_.front().second);
  const std::size_t more = violations_.size() - 1 + left_out_;
  if (more > 0) absl::StrAppend(&message, " (and ", more, " more)");
  absl::Status status = Error(absl::StatusCode::kInvalidArgument, common::v1::ERROR_REASON_INVALID_FIELD, message);
  SetDetail(status, bad_request);
  return status;
}

absl::Status InvalidField(std::string field, std::string description) {
  FieldViolations violations;
  violations.Add(std::move(field), std::move(description));
  return violations.ToStatus();
}

absl::Status RequestIdReused() {
  return Error(absl::StatusCode::kAlreadyExists, common::v1::ERROR_REASON_REQUEST_ID_REUSED,
               "the request_id was used before, with another content");
}

absl::Status OverLimit(absl::string_view message) {
  return Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED, message);
}

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::RetryInfo>(status);
  if (!info.has_retry_delay()) return std::nullopt;
  return FromProto(info.retry_delay());
}

common::v1::ErrorReason ReasonOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  common::v1::ErrorReason reason = common::v1::ERROR_REASON_UNSPECIFIED;
  common::v1::ErrorReason_Parse(absl::StrCat(kReasonPrefix, info.reason()), &reason);
  return reason;
}

std::string SerializeDetails(const absl::Status& status) {
  google::rpc::Status proto;
  status.ForEachPayload([&proto](absl::string_view type_url, const absl::Cord& payload) {
    auto& detail = *proto.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(payload));
  });
  if (proto.details().empty()) return "";
  // Payloads come in an order that differs from one equal status to the next.
  std::sort(proto.mutable_details()->begin(), proto.mutable_details()->end(),
            [](const auto& a, const auto& b) { return a.type_url() < b.type_url(); });
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(status.message()));
  return proto.SerializeAsString();
}

absl::Status ParseDetails(absl::Status status, absl::string_view serialized) {
  google::rpc::Status proto;
  if (!proto.ParseFromArray(serialized.data(), static_cast<int>(serialized.size()))) return status;
  for (const auto& detail : proto.details()) status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  return status;
}

google::rpc::BadRequest BadRequestOf(const absl::Status& status) {
  return DetailOf<google::rpc::BadRequest>(status);
}

}  // namespace council::base
