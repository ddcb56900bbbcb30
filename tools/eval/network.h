#ifndef COUNCIL_TOOLS_EVAL_NETWORK_H_
#define COUNCIL_TOOLS_EVAL_NETWORK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/eval/event_file.h"

namespace council::eval {

// A network cut at a date, with what became of its ties after it.
struct Network {
  std::string name;
  std::int64_t as_of = 0;
  // Up to the cut, at least one.
  std::vector<Event> events;
  std::vector<Pair> labels;
};

// From the folder `directory`: events.csv, labels.csv and as_of.txt. Fails as the reading of these does.
absl::StatusOr<Network> ReadNetwork(const std::string& directory);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_NETWORK_H_
