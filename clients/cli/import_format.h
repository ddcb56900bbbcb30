#ifndef COUNCIL_CLIENTS_CLI_IMPORT_FORMAT_H_
#define COUNCIL_CLIENTS_CLI_IMPORT_FORMAT_H_

#include <string>

#include "absl/status/statusor.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"

namespace council::cli {

// What a file holds, and so which service takes it.
struct FileFormat {
  // In words: "vCard", "iCalendar".
  std::string name;
  // One of the two at least is not UNSPECIFIED.
  contacts::v1::ContactFormat contacts = contacts::v1::CONTACT_FORMAT_UNSPECIFIED;
  ledger::v1::InteractionFormat interactions = ledger::v1::INTERACTION_FORMAT_UNSPECIFIED;

  bool HasPeople() const { return contacts != contacts::v1::CONTACT_FORMAT_UNSPECIFIED; }
  bool HasMeetings() const { return interactions != ledger::v1::INTERACTION_FORMAT_UNSPECIFIED; }
  // Whether it is a CSV, of whichever program.
  bool IsTable() const;
};

// Notes about a person, in Markdown.
FileFormat MarkdownFormat();

// Mail: who wrote to whom and when.
FileFormat MailFormat();

// Finds the format from the first kilobytes of a file, whatever its name. INVALID_ARGUMENT lists what can be read.
absl::StatusOr<FileFormat> DetectFormat(const std::string& start);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_IMPORT_FORMAT_H_
