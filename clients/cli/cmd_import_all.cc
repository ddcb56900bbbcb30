// council import --all: one's whole state from a file.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/errors.h"
#include "clients/cli/owner_file.h"
#include "clients/cli/owner_transfer.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

struct Outcome {
  std::int64_t imported = 0;
  std::int64_t unchanged = 0;
};

// A service speaks of records[N]; a person looks at lines of the file.
absl::Status ByLine(const absl::Status& status, const OwnerFileSection& section) {
  const google::rpc::BadRequest bad = base::BadRequestOf(status);
  if (bad.field_violations().empty()) return status;
  std::string_view field = bad.field_violations(0).field();
  constexpr std::string_view kOpening = "records[";
  const std::size_t end = field.find(']');
  std::int64_t index = 0;
  if (field.substr(0, kOpening.size()) != kOpening || end == std::string_view::npos ||
      !absl::SimpleAtoi(std::string(field.substr(kOpening.size(), end - kOpening.size())), &index)) {
    return status;
  }
  field.remove_prefix(end + 1);
  if (!field.empty()) field.remove_prefix(1);
  return absl::InvalidArgumentError(absl::StrCat("line ", section.first_line + index, ": ", std::string(field),
                                                 field.empty() ? "" : " ", bad.field_violations(0).description(),
                                                 "; nothing was taken over"));
}

// The head that the file's ledger ends with, to be held against the one that was made of it.
ledger::v1::VerifyLedgerRequest ExpectedHead(const OwnerFile& file) {
  OwnerFileReader reader(file, 0, [](std::int64_t) {});
  const std::string piece = reader.Next();
  const auto line = nlohmann::json::parse(piece.substr(0, piece.find('\n')), nullptr, false);
  ledger::v1::VerifyLedgerRequest request;
  if (!line.is_object() || !line.contains("start")) return request;
  std::int64_t entries = 0;
  std::string hash;
  if (absl::SimpleAtoi(line["start"].value("entries", "0"), &entries) && entries > 0 &&
      absl::Base64Unescape(line["start"].value("headHash", ""), &hash)) {
    request.set_expected_sequence(entries);
    request.set_expected_hash(hash);
  }
  return request;
}

absl::StatusOr<Outcome> Transfer(const OwnerFile& file, bool dry_run, ProgressBar& bar, Session& session) {
  Outcome sum;
  for (std::size_t i = 0; i < kOwnerFileServices.size(); ++i) {
    OwnerFileReader reader(file, i, [&bar](std::int64_t bytes) { bar.Advance(bytes); });
    const auto outcome = session.client().ImportState(kOwnerFileServices[i], dry_run, [&] { return reader.Next(); });
    if (!outcome.ok()) return ByLine(outcome.status(), file.sections[i]);
    sum.imported += outcome->imported;
    sum.unchanged += outcome->unchanged;
  }
  return sum;
}

void Print(const std::string& path, const Outcome& outcome, const ledger::v1::VerifyLedgerResponse& ledger,
           const Session& session) {
  if (session.json()) {
    session.Print({{"file", path},
                   {"imported", std::to_string(outcome.imported)},
                   {"unchanged", std::to_string(outcome.unchanged)},
                   {"ledgerVerified", ledger.verified()},
                   {"headSequence", std::to_string(ledger.head_sequence())},
                   {"headHash", absl::Base64Escape(ledger.head_hash())}});
    return;
  }
  if (outcome.imported == 0) {
    session.out() << "All of " << path << " is here already: there is nothing to do.\n";
  } else {
    session.out() << "All of " << path << " is taken over: " << Count(outcome.imported, "record") << ".\n";
  }
  session.out() << "The ledger holds: " << Count(ledger.entries(), "entry", "entries")
                << ", none changed, none missing.\n";
}

}  // namespace

absl::StatusOr<int> ImportAll(const std::string& path, Session& session) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  Outcome outcome;
  OwnerFile file;
  {
    // The file is read for its own sake, by each service to check it, and by each service to write it.
    ProgressBar bar(session.terminal(), path, error ? 0 : 3 * static_cast<std::int64_t>(size));
    COUNCIL_ASSIGN_OR_RETURN(file, CheckOwnerFile(path, [&bar](std::int64_t bytes) { bar.Advance(bytes); }));
    COUNCIL_ASSIGN_OR_RETURN(const Outcome checked, Transfer(file, true, bar, session));
    outcome = checked;
    if (checked.imported > 0) {
      COUNCIL_ASSIGN_OR_RETURN(outcome, Transfer(file, false, bar, session));
    }
  }
  COUNCIL_ASSIGN_OR_RETURN(const auto ledger, session.client().Call(ExpectedHead(file)));
  if (!ledger.verified()) {
    return absl::DataLossError(
        absl::StrCat("the ledger does not hold at entry #", ledger.first_broken_sequence(), ": ", ledger.problem()));
  }
  Print(path, outcome, ledger, session);
  return kExitOk;
}

}  // namespace council::cli
