#ifndef COUNCIL_LIBS_BASE_STATUS_H_
#define COUNCIL_LIBS_BASE_STATUS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "council/common/v1/errors.pb.h"
#include "google/rpc/error_details.pb.h"

namespace council::base {

// A failure as callers see it: `code`, a `google.rpc.ErrorInfo` with `reason`, and a message for a person, which never
// quotes stored data. Details travel as payloads of the status; libs/rpc turns them into `google.rpc.Status` details.
absl::Status Error(absl::StatusCode code, common::v1::ErrorReason reason, absl::string_view message);

// `status` with a `google.rpc.RetryInfo` that asks to wait `delay` before a retry.
absl::Status WithRetry(absl::Status status, absl::Duration delay);

// Collects what is wrong with a request, field by field: as much of it as a caller can be sent, since a client drops an
// answer whose metadata are more than 8 KiB. What is left out is counted; long texts are cut.
//
//   FieldViolations violations;
//   if (request.page_size() < 0) violations.Add("page_size", "must not be negative");
//   if (!violations.empty()) return violations.ToStatus();
class FieldViolations {
 public:
  // `field` is the path as in JSON or proto ("contact.emails[3]"); `description` says what is wrong and what would be
  // right.
  void Add(std::string field, std::string description);

  bool empty() const { return violations_.empty(); }

  // OK where nothing was added; else INVALID_ARGUMENT, reason INVALID_FIELD, with a `google.rpc.BadRequest` of the
  // violations, and the number of those left out in the message.
  absl::Status ToStatus() const;

 private:
  std::vector<std::pair<std::string, std::string>> violations_;
  std::size_t bytes_ = 0;
  std::size_t left_out_ = 0;
};

// INVALID_ARGUMENT for a single wrong field.
absl::Status InvalidField(std::string field, std::string description);

// ALREADY_EXISTS (REQUEST_ID_REUSED): a request_id has come before, with a request that said something else.
absl::Status RequestIdReused();

// RESOURCE_EXHAUSTED (LIMIT_EXCEEDED); `message` says what is more than how much of it.
absl::Status OverLimit(absl::string_view message);

// How long the RetryInfo of a status asks to wait; nothing where it has none.
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

// The reason in a status's ErrorInfo; UNSPECIFIED where it has none.
common::v1::ErrorReason ReasonOf(const absl::Status& status);

// `google.rpc` details by which callers tell failures apart, as payloads of `status`.
// Serialised form of `google.rpc.Status` with them, the same bytes for equal statuses; empty where the status has no
// payload.
std::string SerializeDetails(const absl::Status& status);

// The reverse: a status with the details of a serialised `google.rpc.Status` as payloads. Unreadable details are left
// out.
absl::Status ParseDetails(absl::Status status, absl::string_view serialized);

// The BadRequest of a status; an empty one where it has none.
google::rpc::BadRequest BadRequestOf(const absl::Status& status);

}  // namespace council::base

// Returns from the function where `expression` is not OK.
#define COUNCIL_RETURN_IF_ERROR(expression)                                                      \
  do {                                                                                           \
    if (absl::Status council_status = (expression); !council_status.ok()) return council_status; \
  } while (false)

#define COUNCIL_STATUS_CONCAT_INNER(a, b) a##b
#define COUNCIL_STATUS_CONCAT(a, b) COUNCIL_STATUS_CONCAT_INNER(a, b)
#define COUNCIL_ASSIGN_OR_RETURN_IMPL(result, lhs, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return std::move(result).status();         \
  lhs = *std::move(result)

// `lhs = expression's value`, or returns its status.
#define COUNCIL_ASSIGN_OR_RETURN(lhs, expression) \
  COUNCIL_ASSIGN_OR_RETURN_IMPL(COUNCIL_STATUS_CONCAT(council_result_, __LINE__), lhs, expression)

#endif  // COUNCIL_LIBS_BASE_STATUS_H_
