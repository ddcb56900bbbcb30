// The files that council-eval reads: CSV tables of who wrote to whom.
#ifndef COUNCIL_TOOLS_EVAL_EVENT_FILE_H_
#define COUNCIL_TOOLS_EVAL_EVENT_FILE_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace council::eval {

// Numbers for names, from 0 in the order of their first use.
class Names {
 public:
  int NumberOf(absl::string_view name);

 private:
  absl::flat_hash_map<std::string, int> numbers_;
};

// Someone wrote to someone.
struct Event {
  std::int64_t seconds = 0;  // Since 1970-01-01, UTC.
  int from = 0;
  int to = 0;

  auto operator<=>(const Event&) const = default;
};

// A tie asked about, as the file names it.
struct Pair {
  std::string ego = {};
  std::string alter = {};
  int ego_number = 0;
  int alter_number = 0;
  // Only from a file of labels: whether the two were in touch again.
  bool alive = false;
};

inline constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

// The events up to and with `as_of`, in order and each once, without those from someone to themselves. The file has a
// header with the columns `from`, `to` and `unix_seconds`, in any order, others beside them.
//
// Functions fail with NOT_FOUND where the file can't be read, with INVALID_ARGUMENT naming file, line and column where
// something in it is wrong.
absl::StatusOr<std::vector<Event>> ReadEvents(const std::string& path, std::int64_t as_of, Names& names);

// Columns `ego` and `alter`.
absl::StatusOr<std::vector<Pair>> ReadPairs(const std::string& path, Names& names);

// Columns `ego`, `alter` and `alive` (0 or 1).
absl::StatusOr<std::vector<Pair>> ReadLabels(const std::string& path, Names& names);

// A file with one whole number.
absl::StatusOr<std::int64_t> ReadSeconds(const std::string& path);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_EVENT_FILE_H_
