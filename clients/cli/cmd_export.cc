// council export: everything that is one's own, to take along.

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/escaping.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/output_file.h"
#include "clients/cli/owner_transfer.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

struct ExportOptions {
  bool whole_state = false;
  std::string what = "all";
  std::string format = "vcard";
  std::string to;
};

absl::Status ExportTo(const ExportOptions& options, Session& session, std::ostream& out) {
  const ChunkSink write = [&out](const std::string& chunk) { return static_cast<bool>(out << chunk); };
  if (options.what == "contacts") {
    contacts::v1::ExportContactsRequest request;
    request.set_format(options.format == "json" || session.json() ? contacts::v1::CONTACT_FORMAT_JSON
                                                                  : contacts::v1::CONTACT_FORMAT_VCARD);
    return session.client().Export(request, write);
  }
  if (options.what == "ledger") {
    // JSON lines: first the chain's id, then the entries with what their hashes are made of.
    return session.client().Export(
        ledger::v1::ExportLedgerRequest(), [&](const ledger::v1::ExportLedgerResponse& part) {
          if (!part.chain_id().empty()) {
            out << nlohmann::ordered_json{{"chainId", absl::Base64Escape(part.chain_id())}}.dump() << '\n';
          }
          for (const ledger::v1::ExportedEntry& entry : part.entries()) out << ToJson(entry).dump() << '\n';
          return static_cast<bool>(out);
        });
  }
  return session.client().ExportOwner(write);
}

absl::StatusOr<int> Export(const ExportOptions& options, Session& session) {
  const bool to_standard_output = options.to.empty() || options.to == "-";
  if (to_standard_output && session.terminal().interactive && session.discreet()) {
    return absl::FailedPreconditionError("others may see the screen; --to FILE writes it where they don't");
  }
  if (options.whole_state) return ExportAll(options.to, session);
  if (to_standard_output) {
    COUNCIL_RETURN_IF_ERROR(ExportTo(options, session, session.data()));
    return kExitOk;
  }
  COUNCIL_RETURN_IF_ERROR(WriteFile(options.to, [&](std::ostream& file) { return ExportTo(options, session, file); }));
  if (!session.json()) session.out() << options.to << " is written.\n";
  return kExitOk;
}

}  // namespace

void AddExportCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand("export", "Write out contacts, the ledger, or all that is kept about you");
  CLI::Option* what =
      command->add_option("WHAT", options->what, "contacts (vCard 4.0 or JSON lines), ledger or all (JSON lines)")
          ->check(CLI::IsMember({"contacts", "ledger", "all"}))
          ->capture_default_str();
  command->add_option("--format", options->format, "Of contacts: vcard or json")
      ->check(CLI::IsMember({"vcard", "json"}))
      ->capture_default_str();
  command->add_flag("--all", options->whole_state, "Your whole state, for council import --all into another suite")
      ->excludes(what);
  command->add_option("--to,--out", options->to, "File to write, readable by you alone (default: standard output)");
  command->footer(
      "Example:\n  council export contacts --to contacts.vcf\n  council export ledger > ledger.jsonl\n"
      "  council export --all --out council.jsonl");
  command->callback([&chosen, options] { chosen = [options](Session& session) { return Export(*options, session); }; });
}

}  // namespace council::cli
