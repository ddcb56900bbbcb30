#ifndef COUNCIL_TESTS_CLI_COMMAND_LINE_H_
#define COUNCIL_TESTS_CLI_COMMAND_LINE_H_

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/support/council.h"
#include "tests/support/process.h"
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

// The program `council` as one owner uses it, with directories of its own for state, configuration and data.
class CommandLine {
 public:
  // Against a suite that runs.
  CommandLine(const CouncilSuite& suite, const std::string& owner);
  // Against one program that runs all three services.
  explicit CommandLine(const CouncilProgram& councild);
  // With no suite named, so that the program starts one; it is killed at the end.
  CommandLine();
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Runs `council ARGUMENTS`, with `input` on standard input and no terminal anywhere.
  CommandResult Run(std::vector<std::string> arguments, const std::string& input = "") const;
  // Starts it, and leaves it running.
  std::unique_ptr<Process> Start(std::vector<std::string> arguments) const;
  // Like Run with --output=json; the answer as JSON, whatever the exit code.
  nlohmann::json Json(std::vector<std::string> arguments) const;

  // From now on $COUNCIL_CONFIG names a file with this text.
  void Configure(const std::string& text);

  // Kills the suite that the program started. False where it started none, or it is gone.
  bool KillOwnSuite() const;

  // What tells the program whose it is, as NAME=VALUE.
  const std::vector<std::string>& environment() const { return environment_; }

  // A directory for files of the test's; the suite of its own lies in data/council.
  const TempDir& directory() const { return directory_; }

 private:
  const TempDir directory_;
  std::vector<std::string> environment_;
};

// Writes a file, in a folder that is made where need be. Returns the path.
std::string WriteFile(const std::filesystem::path& path, const std::string& text);

// What is in a file; empty where it can't be read.
std::string ReadFile(const std::filesystem::path& path);

struct PlannedMeeting {
  std::string title;
  absl::Time start;
};

// Makes plans, the soonest first, as an import of their calendar would have made them in time: half an hour with the
// contact each, of an event whose UID is the title. The owner's ledger is empty before.
absl::Status MakePlans(const CouncilSuite& suite, const std::string& owner, const std::string& contact_id,
                       const std::vector<PlannedMeeting>& meetings);

}  // namespace council::test

#endif  // COUNCIL_TESTS_CLI_COMMAND_LINE_H_
