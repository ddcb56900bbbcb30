#include "tests/cli/command_line.h"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/rpc/grpc_status.h"
#include "tests/support/process.h"

namespace council::test {
nlohmann::json CommandResult::Json() const {
  nlohmann::json json = nlohmann::json::parse(out.empty() ? err : out, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? nlohmann::json() : json;
}

CommandLine::CommandLine()
    : environment_({"COUNCIL_SERVER=", "COUNCIL_CONTACTS=", "COUNCIL_LEDGER=", "COUNCIL_RECOMMENDATIONS=",
                    "COUNCIL_OWNER=", "COUNCIL_CONFIG=", absl::StrCat("HOME=", directory_.path().string()),
                    absl::StrCat("XDG_STATE_HOME=", (directory_ / "state").string()),
                    absl::StrCat("XDG_CONFIG_HOME=", (directory_ / "config").string()),
                    absl::StrCat("XDG_DATA_HOME=", (directory_ / "data").string()), "TZ=Europe/Berlin",
                    "LC_ALL=C.UTF-8", "COUNCIL_OUTPUT=table", "COLUMNS=100"}) {}

CommandLine::CommandLine(const CouncilSuite& suite, const std::string& owner) : CommandLine() {
  for (const std::string& variable : {absl::StrCat("COUNCIL_CONTACTS=", suite.contactsd.address()),
                                      absl::StrCat("COUNCIL_LEDGER=", suite.ledgerd.address()),
                                      absl::StrCat("COUNCIL_RECOMMENDATIONS=", suite.recommendationsd.address()),
                                      absl::StrCat("COUNCIL_OWNER=", owner)}) {
    environment_.push_back(variable);
  }
}

CommandLine::CommandLine(const CouncilProgram& councild) : CommandLine() {
  environment_.push_back(absl::StrCat("COUNCIL_SERVER=", councild.address()));
}

CommandLine::~CommandLine() {
  KillOwnSuite();
}

void CommandLine::Configure(const std::string& text) {
  environment_.push_back("COUNCIL_CONFIG=" + WriteFile(directory_ / "council.toml", text));
}

bool CommandLine::KillOwnSuite() const {
  const std::filesystem::path file = directory_ / "data" / "council" / "councild.pid";
  const int pid = std::atoi(ReadFile(file).c_str());
  std::filesystem::remove(file);
  if (pid <= 0 || kill(pid, SIGKILL) != 0) return false;
  // Nobody here is its parent: it is gone when its process file is, or it waits to be reaped elsewhere.
  const std::string stat = absl::StrCat("/proc/", pid, "/stat");
  while (std::filesystem::exists(stat) && ReadFile(stat).find(") Z ") == std::string::npos) {
    std::this_thread::yield();
  }
  return true;
}

CommandResult CommandLine::Run(std::vector<std::string> arguments, const std::string& input) const {
  const char* programs = std::getenv("COUNCIL_BIN_DIR");
  if (programs == nullptr) throw std::runtime_error("COUNCIL_BIN_DIR is not set: run the test through ctest");
  const std::string in = WriteFile(directory_ / "stdin", input);
  const std::filesystem::path out = directory_ / "stdout";
  const std::filesystem::path err = directory_ / "stderr";
  // The shell parts the three streams into files; the program takes its place.
  ProcessOptions options{.command = {"/bin/sh", "-c", "in=$1 out=$2 err=$3; shift 3; exec \"$@\" <$in >$out 2>$err",
                                     "sh", in, out.string(), err.string(), absl::StrCat(programs, "/council")},
                         .environment = environment_};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  CommandResult result;
  const auto output = RunToEnd(std::move(options), result.code, absl::Seconds(120));
  if (!output.ok()) throw std::runtime_error(output.status().ToString());
  result.out = ReadFile(out);
  result.err = ReadFile(err);
  return result;
}

std::unique_ptr<Process> CommandLine::Start(std::vector<std::string> arguments) const {
  ProcessOptions options{.command = {ProgramPath("council")}, .environment = environment_};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  auto process = Process::Start(std::move(options));
  if (!process.ok()) throw std::runtime_error(process.status().ToString());
  return *std::move(process);
}

nlohmann::json CommandLine::Json(std::vector<std::string> arguments) const {
  arguments.push_back("--output=json");
  return Run(std::move(arguments)).Json();
}

std::string WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::Status MakePlans(const CouncilSuite& suite, const std::string& owner, const std::string& contact_id,
                       const std::vector<PlannedMeeting>& meetings) {
  const nlohmann::json start = {{"start", {{"version", 1}, {"plans", meetings.size()}}}};
  std::string lines = start.dump() + "\n";
  for (size_t i = 0; i < meetings.size(); ++i) {
    const nlohmann::json plan = {
        {"plan",
         {{"id", absl::StrFormat("0190a000-0000-7000-8000-%012d", i)},
          {"contactIds", nlohmann::json::array({contact_id})},
          {"startTime", absl::FormatTime(absl::RFC3339_sec, meetings[i].start, absl::UTCTimeZone())},
          {"duration", "1800s"},
          {"title", meetings[i].title},
          {"eventUid", meetings[i].title}}}};
    absl::StrAppend(&lines, plan.dump(), "\n");
  }
  grpc::ClientContext context;
  Prepare({.owner = owner}, context);
  ledger::v1::ImportOwnerResponse response;
  const auto stream = suite.ledger->ImportOwner(&context, &response);
  ledger::v1::ImportOwnerRequest request;
  request.mutable_options();
  stream->Write(request);
  request.set_chunk(lines);
  stream->Write(request);
  stream->WritesDone();
  return rpc::FromGrpc(stream->Finish());
}

}  // namespace council::test
