// council verify: whether the ledger is what it was.

#include <CLI/App.hpp>
#include <memory>
#include <ostream>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr size_t kHashHexDigits = 64;

absl::Status ParseHead(const std::string& text, ledger::v1::VerifyLedgerRequest& request) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  int64_t sequence = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &sequence) || sequence < 1 ||
      parts[1].size() != kHashHexDigits || parts[1].find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is no head: it is SEQUENCE:HASH, the hash as 64 hexadecimal digits"));
  }
  request.set_expected_sequence(sequence);
  request.set_expected_hash(absl::HexStringToBytes(parts[1]));
  return absl::OkStatus();
}

absl::StatusOr<int> Verify(const std::string& expected, Session& session) {
  Memory& memory = session.memory();
  ledger::v1::VerifyLedgerRequest request;
  if (!expected.empty()) {
    COUNCIL_RETURN_IF_ERROR(ParseHead(expected, request));
  } else if (memory.head_sequence > 0) {
    request.set_expected_sequence(memory.head_sequence);
    request.set_expected_hash(absl::HexStringToBytes(memory.head_hash));
  }
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::VerifyLedgerResponse response, session.client().Call(request));
  const std::string hash = absl::BytesToHexString(response.head_hash());
  if (session.json()) {
    session.Print(ToJson(response));
  } else if (response.verified()) {
    session.out() << "The ledger holds: " << Count(response.entries(), "entry", "entries")
                  << ", none changed, none missing.\n";
    if (expected.empty() && memory.head_sequence > 0) {
      session.out() << "The head seen on " << memory.head_day << " (#" << memory.head_sequence << ") is still there.\n";
    }
    if (response.head_sequence() > 0) {
      session.out() << session.terminal().Styled(Style::kDim,
                                                 absl::StrCat("Head: ", response.head_sequence(), ":", hash))
                    << '\n';
    }
  } else {
    session.out() << "The ledger does not hold";
    if (response.first_broken_sequence() > 0) session.out() << " at entry #" << response.first_broken_sequence();
    session.out() << ": " << OneLine(response.problem()) << '\n';
  }
  if (!response.verified()) return kExitFailed;
  // Only a head that held is worth holding against the ledger later.
  if (response.head_sequence() >= memory.head_sequence) {
    memory.head_sequence = response.head_sequence();
    memory.head_hash = hash;
    memory.head_day = absl::FormatTime("%Y-%m-%d", session.Now(), session.zone());
  }
  return kExitOk;
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Command& chosen) {
  const auto expected = std::make_shared<std::string>();
  CLI::App* verify = app.add_subcommand("verify", "Check that no entry of the ledger was changed or removed");
  verify->add_option("--expect", *expected,
                     "A head kept elsewhere, SEQUENCE:HASH (default: the last one seen from here)");
  verify->footer("Example:\n  council verify");
  verify->callback(
      [&chosen, expected] { chosen = [expected](Session& session) { return Verify(*expected, session); }; });
}

}  // namespace council::cli
