#ifndef COUNCIL_CLIENTS_CLI_IMPORT_SOURCES_H_
#define COUNCIL_CLIENTS_CLI_IMPORT_SOURCES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace council::cli {

// A file to be imported.
struct ImportSource {
  std::string path;
  // The folder that was named and that it lies in; empty where it was named itself.
  std::string folder;
  // What it is called to people: the file's name, or its path within the folder.
  std::string name;
  // Of notes about one person, by what they know them, in lower case; empty where that can't be told.
  std::set<std::string> person_keys;
  // Why it is not to be read.
  absl::Status status;
};

// Whether a file is Markdown, by its name.
bool IsMarkdown(const std::string& path);

// The files that arguments name: themselves (a Maildir too), and of another folder all Markdown files in it and its
// folders, by name; hidden ones are passed over, and links to folders not followed. Of notes about one person only the
// first file is to be read: each would take back what the others say of talks, since the ledger takes a file for all
// there is.
std::vector<ImportSource> FindImportSources(const std::vector<std::string>& arguments);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_IMPORT_SOURCES_H_
