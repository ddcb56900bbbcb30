#include "tests/cli/command_line.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

nlohmann::json CommandResult::Json() const {
  nlohmann::json json = nlohmann::json::parse(out.empty() ? err : out, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? nlohmann::json() : json;
}

CommandLine::CommandLine(const CouncilSuite& suite, std::string owner)
    : environment_({absl::StrCat("COUNCIL_CONTACTS=", suite.contactsd.address()),
                    absl::StrCat("COUNCIL_LEDGER=", suite.ledgerd.address()),
                    absl::StrCat("COUNCIL_RECOMMENDATIONS=", suite.recommendationsd.address()),
                    absl::StrCat("COUNCIL_OWNER=", owner), absl::StrCat("HOME=", directory_.path().string()),
                    absl::StrCat("XDG_STATE_HOME=", (directory_ / "state").string()),
                    absl::StrCat("XDG_CONFIG_HOME=", (directory_ / "config").string()), "TZ=Europe/Berlin",
                    "COUNCIL_OUTPUT=table", "COLUMNS=100"}) {}

CommandResult CommandLine::Run(std::vector<std::string> arguments, const std::string& input) const {
  const char* programs = std::getenv("COUNCIL_BIN_DIR");
  if (programs == nullptr) throw std::runtime_error("COUNCIL_BIN_DIR is not set: run the test through ctest");
  const std::filesystem::path in = directory_ / "stdin";
  const std::filesystem::path out = directory_ / "stdout";
  const std::filesystem::path err = directory_ / "stderr";
  std::ofstream(in, std::ios::binary) << input;
  // The shell parts the three streams into files; the program takes its place.
  ProcessOptions options{.command = {"/bin/sh", "-c", "in=$1 out=$2 err=$3; shift 3; exec \"$@\" <$in >$out 2>$err",
                                     "sh", in.string(), out.string(), err.string(), absl::StrCat(programs, "/council")},
                         .environment = environment_};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  CommandResult result;
  const auto output = RunToEnd(std::move(options), result.code, absl::Seconds(120));
  if (!output.ok()) throw std::runtime_error(output.status().ToString());
  result.out = ReadAll(out);
  result.err = ReadAll(err);
  return result;
}

nlohmann::json CommandLine::Json(std::vector<std::string> arguments) const {
  arguments.push_back("--output=json");
  return Run(std::move(arguments)).Json();
}

}  // namespace council::test
