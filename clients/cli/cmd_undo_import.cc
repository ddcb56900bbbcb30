// council undo import: the last import that was run here goes, and leaves what was changed since.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr char kLedger[] = "ledger";

// What was taken back so far.
struct TakenBack {
  contacts::v1::UndoImportResponse contacts;
  ledger::v1::UndoImportResponse ledger;
  // Imports that their service doesn't know any more.
  int unknown = 0;
};

// The files of an import, each once, in order.
std::vector<std::string> FilesOf(const ImportRun& run) {
  std::vector<std::string> files;
  for (const ImportedPart& part : run.parts) {
    if (std::ranges::find(files, part.file) == files.end()) files.push_back(part.file);
  }
  return files;
}

// "contacts.vcf (120 contacts) and calendar.ics (45 entries)".
std::string Described(const ImportRun& run) {
  std::vector<std::string> words;
  for (const std::string& file : FilesOf(run)) {
    int64_t people = 0;
    int64_t entries = 0;
    for (const ImportedPart& part : run.parts) {
      if (part.file == file) (part.service == kLedger ? entries : people) += part.records;
    }
    std::vector<std::string> counts;
    if (people > 0) counts.push_back(Count(people, "contact"));
    if (entries > 0) counts.push_back(Count(entries, "entry", "entries"));
    words.push_back(absl::StrCat(OneLine(file), counts.empty() ? "" : absl::StrCat(" (", JoinWords(counts), ")")));
  }
  return JoinWords(words);
}

// Adds what `undone` says to `sum`; IMPORT_NOT_FOUND counts as unknown.
template <typename Response, typename Add>
absl::Status Sum(const absl::StatusOr<Response>& undone, Add add, int& unknown) {
  if (base::ReasonOf(undone.status()) == common::v1::ERROR_REASON_IMPORT_NOT_FOUND) {
    ++unknown;
    return absl::OkStatus();
  }
  COUNCIL_RETURN_IF_ERROR(undone.status());
  add(*undone);
  return absl::OkStatus();
}

absl::Status TakeBack(const ImportedPart& part, Client& client, TakenBack& taken_back) {
  if (part.service == kLedger) {
    ledger::v1::UndoImportRequest request;
    request.set_import_id(part.import_id);
    ledger::v1::UndoImportResponse& sum = taken_back.ledger;
    const auto add = [&sum](const ledger::v1::UndoImportResponse& undone) {
      sum.set_retracted(sum.retracted() + undone.retracted());
      sum.set_restored(sum.restored() + undone.restored());
      sum.set_kept(sum.kept() + undone.kept());
      sum.set_plans(sum.plans() + undone.plans());
    };
    return Sum(client.Call(request), add, taken_back.unknown);
  }
  contacts::v1::UndoImportRequest request;
  request.set_import_id(part.import_id);
  contacts::v1::UndoImportResponse& sum = taken_back.contacts;
  const auto add = [&sum](const contacts::v1::UndoImportResponse& undone) {
    sum.set_deleted(sum.deleted() + undone.deleted());
    sum.set_restored(sum.restored() + undone.restored());
    sum.set_kept(sum.kept() + undone.kept());
  };
  return Sum(client.Call(request), add, taken_back.unknown);
}

void PrintLine(std::ostream& out, const std::string& what, int gone, int restored) {
  std::vector<std::string> parts;
  if (gone > 0) parts.push_back(words::Say<"undo.gone">(words::As<"gone">(gone)));
  if (restored > 0) parts.push_back(words::Say<"undo.restored">(words::As<"restored">(restored)));
  if (!parts.empty()) out << "  " << what << ": " << JoinWords(parts) << '\n';
}

void Print(const std::string& files, const TakenBack& taken_back, const Session& session) {
  std::ostream& out = session.out();
  const auto& [people, entries, unknown] = taken_back;
  out << "The import of " << files << " is taken back.\n";
  PrintLine(out, "Contacts", people.deleted(), people.restored());
  PrintLine(out, "Entries", entries.retracted(), entries.restored());
  PrintLine(out, "Coming meetings", entries.plans(), 0);
  if (people.kept() > 0) {
    out << words::Say<"undo.kept.contacts">(words::As<"kept">(people.kept())) << '\n';
  }
  if (entries.kept() > 0) {
    out << words::Say<"undo.kept.entries">(words::As<"kept">(entries.kept())) << '\n';
  }
  if (unknown > 0)
    out << "A part of it was taken back before, or is too old: the last ten imports of 90 days can be.\n";
}

absl::StatusOr<int> UndoImport(bool yes, Session& session) {
  std::vector<ImportRun>& imports = session.memory().imports;
  if (imports.empty()) {
    return absl::NotFoundError("no import is left to take back here; what was imported elsewhere is taken back there");
  }
  ImportRun& run = imports.back();
  COUNCIL_RETURN_IF_ERROR(
      session.Confirmed(yes,
                        absl::StrCat("Take back the import of ", Described(run), " of ",
                                     FormatDay(run.time, session.Now(), session.zone(), session.language()), "?"),
                        "nothing was taken back", "an import is taken back whole: say --yes"));
  const std::vector<std::string> files = FilesOf(run);
  // Entries name contacts, so they go first; and each service's imports newest first, one of several files once. What
  // is done is forgotten, so that the same again goes on where it was interrupted.
  std::ranges::stable_sort(run.parts, {}, [](const ImportedPart& part) { return part.service == kLedger; });
  int calls = 0;
  TakenBack taken_back;
  for (; !run.parts.empty(); ++calls) {
    const ImportedPart last = run.parts.back();
    COUNCIL_RETURN_IF_ERROR(TakeBack(last, session.client(), taken_back));
    std::erase_if(run.parts, [&last](const ImportedPart& part) {
      return part.service == last.service && part.import_id == last.import_id;
    });
  }
  imports.pop_back();
  if (taken_back.unknown == calls) {
    return absl::NotFoundError(absl::StrCat("the import of ", OneLine(JoinWords(files)),
                                            " was taken back before, or is too old: the last ten of 90 days can be"));
  }
  if (session.json()) {
    session.Print({{"files", files},
                   {"contacts",
                    {{"deleted", taken_back.contacts.deleted()},
                     {"restored", taken_back.contacts.restored()},
                     {"kept", taken_back.contacts.kept()}}},
                   {"ledger",
                    {{"retracted", taken_back.ledger.retracted()},
                     {"restored", taken_back.ledger.restored()},
                     {"kept", taken_back.ledger.kept()},
                     {"plans", taken_back.ledger.plans()}}}});
  } else {
    Print(OneLine(JoinWords(files)), taken_back, session);
  }
  return taken_back.unknown > 0 ? kExitPartly : kExitOk;
}

}  // namespace

void AddUndoImportCommand(CLI::App& undo, Command& chosen) {
  const auto yes = std::make_shared<bool>(false);
  // Not "import": clang-format takes lines that begin with it for those of C++20's modules.
  CLI::App* command = undo.add_subcommand("import", "Take back the last import that was run here, all of its files");
  command->add_flag("--yes", *yes, "Do not ask");
  command->footer(
      "Example:\n  council undo import\n\nWhat was changed since stays. So do talks that were logged here with people "
      "who go. The same files can be imported again.");
  command->callback([&chosen, yes] { chosen = [yes](Session& session) { return UndoImport(*yes, session); }; });
}

}  // namespace council::cli
