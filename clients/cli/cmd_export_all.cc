// council export --all: one's whole state in a file.

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/numbers.h"
#include "clients/cli/errors.h"
#include "clients/cli/output_file.h"
#include "clients/cli/owner_file.h"
#include "clients/cli/owner_transfer.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

// How many records the start of a service's lines says.
std::int64_t AnnouncedRecords(const std::string& chunk) {
  const auto line = nlohmann::json::parse(chunk.substr(0, chunk.find('\n')), nullptr, false);
  if (!line.is_object() || !line.contains("start")) return 0;
  std::int64_t sum = 0;
  for (const char* field : {"records", "entries", "plans"}) {
    std::int64_t count = 0;
    // 64-bit numbers are strings in JSON.
    if (absl::SimpleAtoi(line["start"].value(field, "0"), &count)) sum += count;
  }
  return sum;
}

absl::Status Write(Session& session, std::ostream& out) {
  OwnerFileWriter file(out);
  for (const char* service : kOwnerFileServices) {
    std::unique_ptr<ProgressBar> bar;
    COUNCIL_RETURN_IF_ERROR(session.client().ExportState(service, [&](const std::string& chunk) {
      if (bar == nullptr) bar = std::make_unique<ProgressBar>(session.terminal(), service, AnnouncedRecords(chunk));
      bar->Advance(std::count(chunk.begin(), chunk.end(), '\n'));
      return file.Add(service, chunk);
    }));
  }
  return file.Finish() ? absl::OkStatus() : absl::UnknownError("the file could not be written");
}

}  // namespace

absl::StatusOr<int> ExportAll(const std::string& path, Session& session) {
  if (path.empty() || path == "-") {
    COUNCIL_RETURN_IF_ERROR(Write(session, session.data()));
    return kExitOk;
  }
  COUNCIL_RETURN_IF_ERROR(WriteFile(path, [&](std::ostream& file) { return Write(session, file); }));
  if (session.json()) {
    session.Print({{"file", path}});
  } else {
    session.out() << path << " is written, readable by you alone. council import --all " << ShellWord(path)
                  << " takes it over into another suite.\n";
  }
  return kExitOk;
}

}  // namespace council::cli
