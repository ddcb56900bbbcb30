#ifndef COUNCIL_CLIENTS_CLI_STATE_H_
#define COUNCIL_CLIENTS_CLI_STATE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace council::cli {

// An entry that was written from here.
struct Written {
  int64_t sequence = 0;
  // A correction that only brought back what stood before: undone, the entry goes, not the correction.
  bool restored = false;
};

// What a service took over from a file.
struct ImportedPart {
  std::string service;  // "contacts" or "ledger".
  std::string import_id;
  std::string file;  // Its name, without the folder.
  // Contacts or entries that were written.
  int64_t records = 0;
};

// One `council import` that can be taken back.
struct ImportRun {
  absl::Time time;
  std::vector<ImportedPart> parts;  // In the order of their imports; none: nothing was written.
};

// What the command line remembers between two runs about one owner on one suite.
struct Memory {
  // The last consistency token of each service ("contacts", "ledger"): what was just written is read by the next
  // command.
  std::map<std::string, std::string> tokens;
  // The head that `council verify` saw last: sequence (0: none yet), hash in hexadecimal, and day.
  int64_t head_sequence = 0;
  std::string head_hash;
  std::string head_day;
  // The last entries written here that still stand, the newest last: what `council undo` takes back.
  std::vector<Written> written;
  // The imports run here, the newest last, of which the last ten are kept: what `council undo import` takes back.
  std::vector<ImportRun> imports;
  // Ids of the steps that `council advice` printed last, in the order of their numbers.
  std::vector<std::string> advice;
  // Ids of the meetings that `council plans` printed last, in the order of their numbers.
  std::vector<std::string> plans;
  // Ids of the promises that `council promises` printed last, in the order of their numbers.
  std::vector<std::string> promises;
  // By contact id the day of each event in calendar files written here, as long as it is to come.
  std::map<std::string, std::string> check_in_days;
  // Ids of contacts who were proposed for a seat here and are not to be proposed again.
  std::vector<std::string> passed_over;
};

// The id that `which` means: a number, from 1, in a list that was printed last, or else an id itself. NOT_FOUND with
// `not_there` where the list is not that long.
absl::StatusOr<std::string> IdOfListed(const std::string& which, const std::vector<std::string>& listed,
                                       const std::string& not_there);

// Keeps `Memory` in one file, readable by this account only. The file is a convenience: where it is missing or broken
// it is begun anew, and where it can't be written only `Save` says so.
class StateFile {
 public:
  // `path` may be empty: nothing is kept then. `key` names the suite and the owner.
  StateFile(std::string path, std::string key) : path_(std::move(path)), key_(std::move(key)) {}

  Memory Load() const;
  // Replaces what is kept under the key; other keys stay. UNAVAILABLE where the file can't be written.
  absl::Status Save(const Memory& memory) const;

 private:
  const std::string path_;
  const std::string key_;
};

// $XDG_STATE_HOME/council/state.json, or the same under ~/.local/state; empty where neither is known.
std::string DefaultStatePath();

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_STATE_H_
