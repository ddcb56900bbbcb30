#ifndef COUNCIL_LIBS_MARKDOWN_FRONT_MATTER_H_
#define COUNCIL_LIBS_MARKDOWN_FRONT_MATTER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace council::markdown {

// The data that a note begins with, in YAML between two lines of "---".
struct FrontMatter {
  // Values by key, in order; keys in lower case, values as written, without white space at their ends. Values that are
  // empty are left out.
  std::map<std::string, std::vector<std::string>> values;
  // Lines of the file with something else than a value or a list of values, which is left out.
  std::vector<int> other_lines;
};

// Longer front matter is not read.
inline constexpr size_t kMostFrontMatter = 64 << 10;

// Reads front matter of "key: value" and "key: [value, value]" (or a list line by line), with yaml-cpp's events: no
// tree is built, and what stands for something else (an alias) is never filled in. `yaml` is the text between the two
// lines, `first_line` the number of its first line in the file.
// Fails with INVALID_ARGUMENT, naming the line, where it is no YAML, no keys with values, or nested more than ten deep,
// and where it is longer than 64 KiB.
absl::StatusOr<FrontMatter> ReadFrontMatter(absl::string_view yaml, int first_line);

}  // namespace council::markdown

#endif  // COUNCIL_LIBS_MARKDOWN_FRONT_MATTER_H_
