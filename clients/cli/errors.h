#ifndef COUNCIL_CLIENTS_CLI_ERRORS_H_
#define COUNCIL_CLIENTS_CLI_ERRORS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/terminal.h"
#include "council/contacts/v1/contacts.pb.h"

namespace council::cli {

// How the program ends; scripts rely on the numbers.
enum ExitCode {
  kExitOk = 0,
  // The suite refused or failed, or a check found something broken.
  kExitFailed = 1,
  // Wrong arguments, or a field that the suite does not take.
  kExitUsage = 2,
  // Nobody, or nothing, is called so.
  kExitNotFound = 3,
  // Several people are meant equally well.
  kExitAmbiguous = 4,
  // The suite can't be reached or did not answer in time.
  kExitUnavailable = 5,
  // Some records went in, others could not.
  kExitPartly = 6,
};

// "text" names several contacts equally well; they travel with the status.
absl::Status AmbiguousName(const std::string& text, const std::vector<contacts::v1::Contact>& candidates);

// Nobody is called "text".
absl::Status NobodyCalled(const std::string& text);

// A question that only a person at a terminal could answer, or a flag that would have answered it.
absl::Status NeedsAnswer(const std::string& message);

// `status` with the trace of its calls, where the suite is to blame for it and has something in its log.
absl::Status WithTrace(absl::Status status, const std::string& trace_id);

// Which exit code a failure has.
ExitCode ExitCodeFor(const absl::Status& status);

// Writes a failure to `terminal.err`: for people the message, wrong fields and candidates each on a line of its own; as
// JSON one object {"error": {"code", "reason", "message", "fields": [{"field", "description"}], "candidates":
// [{"id", "displayName", "emails", "organization"}]}}, with "traceId" where there is one.
void PrintError(const absl::Status& status, bool as_json, const Terminal& terminal);

// A contact in a list to choose from: "Rosa Lindqvist · rosa@lindqvist.example · Norrsken Advisory".
std::string DescribeContact(const contacts::v1::Contact& contact);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_ERRORS_H_
