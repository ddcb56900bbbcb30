#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_CONTACT_FILE_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_CONTACT_FILE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/contacts/v1/contacts_service.pb.h"

// Files with contacts as other programs write them: vCard 2.1, 3.0 and 4.0, LinkedIn's Connections.csv, Google
// Contacts' CSV in its older and newer layout, Monica's export in JSON and Dex's in CSV; tables of which one says what
// their columns are, and notes about a person in Markdown.
namespace council::contacts {

// What a file says about one contact.
struct FileRecord {
  // First line of the record in the file, from 1; 0 where the format knows no lines.
  int line = 0;
  // The contact, within the limits of contacts.proto and without fields that the service gives; unset where the record
  // can't be read or names nobody.
  std::optional<v1::Contact> contact;
  // What could not be taken over and why, in plain English; never empty where `contact` is unset.
  std::vector<std::string> left_out;
};

// A record at `line` that can't be read, or that is none of a person.
FileRecord LeftOutRecord(int line, std::string why);

// The format of the file `bytes`, found out from its first lines.
// Fails with INVALID_ARGUMENT where it is none of other programs'.
absl::StatusOr<v1::ContactFormat> DetectFormat(absl::string_view bytes);

// What has to be said of a file of some formats.
struct FileOptions {
  // CSV: fields by the header of their column, as ValidateColumns (mapped_csv.h) let them pass.
  std::map<std::string, std::string> columns = {};
  // MARKDOWN: the file's name.
  std::string file_name = "";
};

// Gives each record of the file `bytes` (whole, at most 64 MiB) to `take`, in the order of the file, until `take`
// returns false. A record that can't be read is given by line and reason, and stops nothing. Text becomes UTF-8, white
// space at the ends of values goes, line ends in notes become "\n". Photos and other binary content are left out.
// `format` is any but UNSPECIFIED and JSON.
// Fails with INVALID_ARGUMENT where the file is not of that format at all.
absl::Status ReadContacts(v1::ContactFormat format, absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take,
                          const FileOptions& options = {});

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_CONTACT_FILE_H_
