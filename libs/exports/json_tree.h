#ifndef COUNCIL_LIBS_EXPORTS_JSON_TREE_H_
#define COUNCIL_LIBS_EXPORTS_JSON_TREE_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace council::exports {

struct JsonLimits {
  // Levels of objects and arrays.
  std::size_t depth = 0;
  // Values that are kept, objects and arrays among them.
  std::size_t values = 0;
  // Members of these names are read over, wherever they stand.
  std::set<std::string> left_out = {};
};

// The JSON text of a file, within limits: what it takes grows with the file and never by its nesting. Of members of one
// name the last counts.
// Fails with INVALID_ARGUMENT for `chunk`, with line and column of what is wrong and without a word of the text, where
// it is not JSON in UTF-8 or nested too deeply; with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) over the limit of values.
absl::StatusOr<nlohmann::json> ParseJsonFile(std::string_view text, const JsonLimits& limits);

}  // namespace council::exports

#endif  // COUNCIL_LIBS_EXPORTS_JSON_TREE_H_
