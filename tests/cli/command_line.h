#ifndef COUNCIL_TESTS_CLI_COMMAND_LINE_H_
#define COUNCIL_TESTS_CLI_COMMAND_LINE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/council.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// What a run of `council` printed, and how it ended.
struct CommandResult {
  int code = -1;
  std::string out;
  std::string err;

  // Standard output, or where it is empty standard error, as JSON; null where it is none.
  nlohmann::json Json() const;
};

// The program `council` as one owner uses it against a suite, with a state directory of its own.
class CommandLine {
 public:
  CommandLine(const CouncilSuite& suite, std::string owner);

  // Runs `council ARGUMENTS`, with `input` on standard input and no terminal anywhere.
  CommandResult Run(std::vector<std::string> arguments, const std::string& input = "") const;
  // The same with --output=json; the answer as JSON, whatever the exit code.
  nlohmann::json Json(std::vector<std::string> arguments) const;

  // A directory for files of the test's.
  const TempDir& directory() const { return directory_; }

 private:
  const TempDir directory_;
  const std::vector<std::string> environment_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_CLI_COMMAND_LINE_H_
