#include "clients/cli/state.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/private_file.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

nlohmann::json ReadAll(const std::string& path) {
  std::ifstream file(path);
  nlohmann::json all = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  return all.is_object() ? all : nlohmann::json::object();
}

// As many as services keep.
constexpr size_t kMostImports = 10;

nlohmann::json ToJson(const ImportRun& run) {
  nlohmann::json parts = nlohmann::json::array();
  for (const ImportedPart& part : run.parts) {
    parts.push_back(
        {{"service", part.service}, {"importId", part.import_id}, {"file", part.file}, {"records", part.records}});
  }
  return {{"time", absl::ToUnixSeconds(run.time)}, {"parts", parts}};
}

ImportRun ImportRunOf(const nlohmann::json& json) {
  ImportRun run{.time = absl::FromUnixSeconds(json.at("time").get<int64_t>()), .parts = {}};
  for (const nlohmann::json& part : json.at("parts")) {
    run.parts.push_back({.service = part.at("service"),
                         .import_id = part.at("importId"),
                         .file = part.at("file"),
                         .records = part.at("records")});
  }
  return run;
}

}  // namespace

absl::StatusOr<std::string> IdOfListed(const std::string& which, const std::vector<std::string>& listed,
                                       const std::string& not_there) {
  int number = 0;
  if (!absl::SimpleAtoi(which, &number)) return which;
  if (number < 1 || number > static_cast<int>(listed.size())) return absl::NotFoundError(not_there);
  return listed[static_cast<size_t>(number - 1)];
}

Memory StateFile::Load() const {
  Memory memory;
  if (path_.empty()) return memory;
  const nlohmann::json all = ReadAll(path_);
  const auto found = all.find(key_);
  if (found == all.end() || !found->is_object()) return memory;
  try {
    memory.tokens = found->value("tokens", memory.tokens);
    memory.head_sequence = found->value("headSequence", memory.head_sequence);
    memory.head_hash = found->value("headHash", memory.head_hash);
    memory.head_day = found->value("headDay", memory.head_day);
    memory.advice = found->value("advice", memory.advice);
    memory.plans = found->value("plans", memory.plans);
    memory.promises = found->value("promises", memory.promises);
    memory.check_in_days = found->value("checkInDays", memory.check_in_days);
    memory.passed_over = found->value("passedOver", memory.passed_over);
    for (const nlohmann::json& entry : found->value("written", nlohmann::json::array())) {
      memory.written.push_back({entry.at("sequence").get<int64_t>(), entry.value("restored", false)});
    }
    for (const nlohmann::json& run : found->value("imports", nlohmann::json::array())) {
      memory.imports.push_back(ImportRunOf(run));
    }
  } catch (const nlohmann::json::exception&) {
    return Memory();
  }
  return memory;
}

absl::Status StateFile::Save(const Memory& memory) const {
  if (path_.empty()) return absl::OkStatus();
  // Two commands at once must not lose each other's keys.
  COUNCIL_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Acquire(path_));

  nlohmann::json written = nlohmann::json::array();
  for (const Written& entry : memory.written) {
    written.push_back({{"sequence", entry.sequence}, {"restored", entry.restored}});
  }
  nlohmann::json imports = nlohmann::json::array();
  for (const ImportRun& run : memory.imports) {
    if (!run.parts.empty()) imports.push_back(ToJson(run));
  }
  while (imports.size() > kMostImports) imports.erase(imports.begin());
  nlohmann::json all = ReadAll(path_);
  all[key_] = {{"tokens", memory.tokens},
               {"headSequence", memory.head_sequence},
               {"headHash", memory.head_hash},
               {"headDay", memory.head_day},
               {"written", written},
               {"imports", imports},
               {"advice", memory.advice},
               {"plans", memory.plans},
               {"promises", memory.promises},
               {"checkInDays", memory.check_in_days},
               {"passedOver", memory.passed_over}};
  return WritePrivateFile(path_, all.dump(1) + "\n");
}

std::string DefaultStatePath() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return absl::StrCat(state, "/council/state.json");
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') return absl::StrCat(home, "/.local/state/council/state.json");
  return "";
}

}  // namespace council::cli
