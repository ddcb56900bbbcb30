#include "clients/cli/errors.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/text.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr char kCandidates[] = "council.cli/candidates";
constexpr char kTrace[] = "council.cli/trace";

// A list of contacts inside a status, as the answer that could have brought them.
contacts::v1::ListContactsResponse CandidatesOf(const absl::Status& status) {
  contacts::v1::ListContactsResponse candidates;
  const auto payload = status.GetPayload(kCandidates);
  if (payload && !candidates.ParseFromString(std::string(*payload))) candidates.Clear();
  return candidates;
}

bool IsAmbiguous(const absl::Status& status) {
  return status.GetPayload(kCandidates).has_value();
}

std::string ReasonText(const absl::Status& status) {
  if (IsAmbiguous(status)) return "AMBIGUOUS_NAME";
  const common::v1::ErrorReason reason = base::ReasonOf(status);
  if (reason == common::v1::ERROR_REASON_UNSPECIFIED) return "";
  return std::string(absl::StripPrefix(common::v1::ErrorReason_Name(reason), "ERROR_REASON_"));
}

}  // namespace

absl::Status AmbiguousName(const std::string& text, const std::vector<contacts::v1::Contact>& candidates) {
  absl::Status status = absl::FailedPreconditionError(absl::StrCat(
      "\"", text, "\" may mean ", candidates.size(), " people; say more of the name, or an e-mail address"));
  contacts::v1::ListContactsResponse list;
  list.mutable_contacts()->Add(candidates.begin(), candidates.end());
  status.SetPayload(kCandidates, absl::Cord(list.SerializeAsString()));
  return status;
}

absl::Status NobodyCalled(const std::string& text) {
  return absl::NotFoundError(absl::StrCat("nobody among your contacts is called \"", text, "\"; council contacts add ",
                                          ShellWord(OneLine(text)), " adds them"));
}

absl::Status NeedsAnswer(const std::string& message) {
  return absl::InvalidArgumentError(message);
}

absl::Status WithTrace(absl::Status status, const std::string& trace_id) {
  // Without a reason it did not come from the suite.
  const bool of_suite = base::ReasonOf(status) != common::v1::ERROR_REASON_UNSPECIFIED;
  const bool its_fault = absl::IsInternal(status) || absl::IsUnavailable(status) || absl::IsDataLoss(status);
  if (of_suite && its_fault) status.SetPayload(kTrace, absl::Cord(trace_id));
  return status;
}

ExitCode ExitCodeFor(const absl::Status& status) {
  if (IsAmbiguous(status)) return kExitAmbiguous;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitOk;
    case absl::StatusCode::kInvalidArgument:
      return kExitUsage;
    case absl::StatusCode::kNotFound:
      return kExitNotFound;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return kExitUnavailable;
    default:
      return kExitFailed;
  }
}

void PrintError(const absl::Status& status, bool as_json, const Terminal& terminal) {
  const google::rpc::BadRequest bad_request = base::BadRequestOf(status);
  const contacts::v1::ListContactsResponse candidates = CandidatesOf(status);
  const std::string message(status.message());
  const auto trace = status.GetPayload(kTrace);
  if (as_json) {
    nlohmann::ordered_json error = {
        {"code", absl::StatusCodeToString(status.code())}, {"reason", ReasonText(status)}, {"message", message}};
    error["fields"] = nlohmann::ordered_json::array();
    for (const auto& violation : bad_request.field_violations()) {
      error["fields"].push_back({{"field", violation.field()}, {"description", violation.description()}});
    }
    error["candidates"] = nlohmann::ordered_json::array();
    for (const contacts::v1::Contact& contact : candidates.contacts()) {
      error["candidates"].push_back(
          {{"id", contact.id()},
           {"displayName", contact.display_name()},
           {"emails", std::vector<std::string>(contact.emails().begin(), contact.emails().end())},
           {"organization", contact.organization()}});
    }
    if (trace.has_value()) error["traceId"] = std::string(*trace);
    *terminal.err << nlohmann::ordered_json{{"error", error}}.dump(2) << '\n';
    return;
  }
  if (bad_request.field_violations().empty()) {
    *terminal.err << "council: " << OneLine(message) << '\n';
  } else {
    *terminal.err << "council: this can't be taken as it is:\n";
    for (const auto& violation : bad_request.field_violations()) {
      *terminal.err << "  " << OneLine(violation.field()) << ": " << OneLine(violation.description()) << '\n';
    }
  }
  for (const contacts::v1::Contact& contact : candidates.contacts()) {
    *terminal.err << "  " << DescribeContact(contact) << '\n';
  }
  if (trace.has_value()) {
    *terminal.err << "  Whoever runs the suite finds this in its log as trace " << std::string(*trace) << ".\n";
  }
}

std::string DescribeContact(const contacts::v1::Contact& contact) {
  std::string text = contact.display_name();
  if (contact.emails_size() > 0) absl::StrAppend(&text, " · ", contact.emails(0));
  if (!contact.organization().empty()) absl::StrAppend(&text, " · ", contact.organization());
  return OneLine(text);
}

}  // namespace council::cli
