#ifndef COUNCIL_CLIENTS_CLI_IMPORT_REPORT_H_
#define COUNCIL_CLIENTS_CLI_IMPORT_REPORT_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/import_format.h"
#include "clients/cli/import_sources.h"
#include "clients/cli/session.h"

namespace council::cli {

// One file and what came of its parts: people, what happened, or both.
struct FileImport {
  ImportSource source;  // Its status is that of the whole import of the file.
  FileFormat format;
  std::optional<contacts::v1::ImportContactsResponse> contacts;
  std::optional<ledger::v1::ImportInteractionsResponse> interactions;

  bool ok() const { return source.status.ok(); }
  // What was left out, in both parts; what is wrong with a row is said by both, and once here.
  std::vector<common::v1::SkippedRecord> Skipped() const;
  // Where it came from: the folder that was named, or the file itself.
  const std::string& Origin() const { return source.folder.empty() ? source.path : source.folder; }
};

// By what somebody is called who is no contact.
std::string AttendeeName(const ledger::v1::UnknownAttendee& attendee);

// What was made of each file, a line for each of its parts; the files of a folder together.
void PrintImportTable(const std::vector<FileImport>& imports, const Session& session);

// What could not be read of a file, was left out, and who might become a contact.
void PrintImportDetails(const FileImport& import, const Session& session);

nlohmann::ordered_json ToJsonObject(const FileImport& import);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_IMPORT_REPORT_H_
