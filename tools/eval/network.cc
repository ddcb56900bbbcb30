#include "tools/eval/network.h"

#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::eval {

absl::StatusOr<Network> ReadNetwork(const std::string& directory) {
  const std::filesystem::path path = std::filesystem::path(directory).lexically_normal();
  Network network;
  network.name = (path.has_filename() ? path : path.parent_path()).filename().string();
  Names names;
  COUNCIL_ASSIGN_OR_RETURN(network.as_of, ReadSeconds((path / "as_of.txt").string()));
  COUNCIL_ASSIGN_OR_RETURN(network.events, ReadEvents((path / "events.csv").string(), network.as_of, names));
  COUNCIL_ASSIGN_OR_RETURN(network.labels, ReadLabels((path / "labels.csv").string(), names));
  if (network.events.empty()) {
    return absl::InvalidArgumentError(absl::StrCat((path / "events.csv").string(), ": has no event up to the cut"));
  }
  return network;
}

}  // namespace council::eval
