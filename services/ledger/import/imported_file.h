// What a file of interactions says, whatever its format: the readers make it, the importer takes it into the ledger.
#ifndef COUNCIL_SERVICES_LEDGER_IMPORT_IMPORTED_FILE_H_
#define COUNCIL_SERVICES_LEDGER_IMPORT_IMPORTED_FILE_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "council/common/v1/council.pb.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::ledger {

// Somebody in the file.
struct ImportedPerson {
  // The key by which the file names them, in lower case: an e-mail address, a full name, the UID of their card, in
  // tables the id of a contact, or any other of which `also_known_as` tells more.
  std::string address;
  std::string name;  // As the file gives it; may be empty.
};

// One meeting, or one row of a table. It is found again by (uid, recurrence_id) when the file is imported another time.
struct ImportedRecord {
  std::string uid;
  std::string recurrence_id;
  int line = 0;
  v1::Interaction content;  // Without contact_ids.
  std::vector<ImportedPerson> people;
};

// A file with more records is not taken.
inline constexpr std::size_t kMaxRecords = 100'000;
// So many of those that can't be read are named one by one.
inline constexpr std::size_t kMaxSkippedRecords = 1000;

struct ImportedFile {
  std::vector<ImportedRecord> happened;
  std::vector<ImportedRecord> coming;
  // More keys of somebody, by their address, the surest first.
  std::map<std::string, std::vector<std::string>> also_known_as;
  // Of these uids the file says all that there is: what was imported of them and is not here any more is taken back.
  std::set<std::string> complete_uids;
  // Whether its format tells of meetings to come, even if this file tells of none.
  bool has_plans = false;
  // Single recurrences, of whichever uid, that were cancelled, declined, or put off beyond the days that are read.
  std::set<std::pair<std::string, std::string>> withdrawn;
  // Records left out on purpose, by reason.
  std::map<std::string, int> left_out;
  // The first thousand of those that can't be read.
  std::vector<common::v1::SkippedRecord> skipped;
  std::size_t more_skipped = 0;  // Not named one by one.

  // Adds one to these; `line` 0: none.
  void Skip(int line, std::string reason);
};

// What a record or somebody is known by, made of `bytes` so that it does not show them: SHA-256 in Base64.
std::string DigestOf(const std::string& bytes);

// The text with bytes that are not UTF-8 replaced, cut to `max_characters` with an ellipsis.
std::string CleanText(const std::string& text, int max_characters);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_IMPORT_IMPORTED_FILE_H_
