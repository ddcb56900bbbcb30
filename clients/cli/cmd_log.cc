// council log: writes down what happened.

#include <sodium.h>

#include <CLI/App.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/editor.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using ledger::v1::Interaction;

constexpr int kBatch = 500;

struct LogOptions {
  std::string names;
  std::string text;
  std::vector<std::string> contact_ids;
  std::string from;
  std::string request_id;
  bool edit = false;
  TalkFlags flags;
};

absl::StatusOr<int> LogOne(const LogOptions& options, Session& session) {
  ContactFinder finder(session);
  TalkFlags flags = options.flags;
  ledger::v1::AppendInteractionRequest request;
  Interaction& interaction = *request.mutable_interaction();
  if (!options.names.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<contacts::v1::Contact> met, finder.FindAll(options.names));
    for (const contacts::v1::Contact& contact : met) interaction.add_contact_ids(contact.id());
  }
  for (const std::string& id : options.contact_ids) {
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder.Find(id, ContactFinder::Care::kStrict));
    interaction.add_contact_ids(contact.id());
  }
  if (!options.text.empty() && !flags.note) flags.note = options.text;
  if (options.edit) {
    COUNCIL_ASSIGN_OR_RETURN(flags.note, WriteInEditor(flags.note.value_or("")));
  }
  if (session.MayAsk()) AskForMore(session.terminal(), flags);

  *interaction.mutable_occur_time() = base::ToProto(session.Now());
  interaction.set_source(kCliSource);
  COUNCIL_RETURN_IF_ERROR(ApplyTalkFlags(flags, session, finder, interaction));
  request.set_request_id(options.request_id.empty() ? session.NewRequestId() : options.request_id);
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::AppendInteractionResponse response, session.client().Call(request));
  RememberWritten(session, response.interaction());
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  PrintWritten(response.interaction(), *book, session);
  return kExitOk;
}

// An id by which a line is known again: the same line of the same file, read again, takes no effect twice.
std::string RequestIdOfLine(const Interaction& interaction, std::map<std::string, int>& seen) {
  const std::string content = interaction.SerializeAsString();
  unsigned char digest[crypto_generichash_BYTES];
  crypto_generichash(digest, sizeof(digest), reinterpret_cast<const unsigned char*>(content.data()), content.size(),
                     nullptr, 0);
  const std::string hex = absl::BytesToHexString(std::string(reinterpret_cast<char*>(digest), sizeof(digest)));
  return absl::StrCat("line-", hex, "-", ++seen[hex]);
}

// Reads JSON lines and appends them in batches; what can't go in is told by line and stops nothing.
class LinesImport {
 public:
  explicit LinesImport(Session& session) : session_(session), finder_(session), start_(session.Now()) {}

  absl::Status Read(std::istream& lines) {
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      absl::StatusOr<ledger::v1::AppendInteractionRequest> request = ToRequest(line);
      if (request.ok()) {
        *batch_.add_requests() = *std::move(request);
        lines_.push_back(number);
      } else if (ExitCodeFor(request.status()) == kExitUnavailable) {
        return request.status();
      } else {
        Skip(number, request.status());
      }
      if (batch_.requests_size() == kBatch) COUNCIL_RETURN_IF_ERROR(Flush());
    }
    return Flush();
  }

  absl::StatusOr<int> Report() {
    if (session_.json()) {
      nlohmann::ordered_json skipped = nlohmann::ordered_json::array();
      for (const auto& [line, reason] : skipped_) skipped.push_back({{"line", line}, {"reason", reason}});
      session_.Print({{"created", created_}, {"unchanged", unchanged_}, {"skipped", skipped}});
    } else {
      session_.out() << words::Say<"log.report">(words::As<"created">(created_), words::As<"known">(unchanged_),
                                                 words::As<"unread">(skipped_.size()))
                     << '\n';
      for (const auto& [line, reason] : skipped_)
        session_.out() << "  line " << line << ": " << OneLine(reason) << '\n';
    }
    if (skipped_.empty()) return kExitOk;
    return created_ + unchanged_ == 0 ? kExitUsage : kExitPartly;
  }

 private:
  absl::StatusOr<ledger::v1::AppendInteractionRequest> ToRequest(const std::string& line) {
    COUNCIL_ASSIGN_OR_RETURN(const TalkLine talk, ParseTalkLine(line));
    ledger::v1::AppendInteractionRequest request;
    Interaction& interaction = *request.mutable_interaction();
    for (const std::string& name : talk.contacts) {
      COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder_.Find(name));
      interaction.add_contact_ids(contact.id());
    }
    if (!talk.flags.on) return base::InvalidField("on", "is missing: say when");
    interaction.set_source(kCliSource);
    COUNCIL_RETURN_IF_ERROR(ApplyTalkFlags(talk.flags, session_, finder_, interaction));
    request.set_request_id(talk.request_id.empty() ? RequestIdOfLine(interaction, seen_) : talk.request_id);
    return request;
  }

  absl::Status Flush() {
    if (batch_.requests_size() == 0) return absl::OkStatus();
    const absl::StatusOr<ledger::v1::BatchAppendInteractionsResponse> response = session_.client().Call(batch_);
    if (response.ok()) {
      for (const Interaction& interaction : response->interactions()) CountIn(interaction);
    } else if (ExitCodeFor(response.status()) == kExitUnavailable) {
      return response.status();
    } else {
      // A batch goes in whole or not at all: one wrong line must not keep the others out.
      for (int i = 0; i < batch_.requests_size(); ++i) {
        const absl::StatusOr<ledger::v1::AppendInteractionResponse> one = session_.client().Call(batch_.requests(i));
        if (one.ok()) {
          CountIn(one->interaction());
        } else if (ExitCodeFor(one.status()) == kExitUnavailable) {
          return one.status();
        } else {
          Skip(lines_[static_cast<size_t>(i)], one.status());
        }
      }
    }
    batch_.clear_requests();
    lines_.clear();
    return absl::OkStatus();
  }

  void CountIn(const Interaction& interaction) {
    ++(base::FromProto(interaction.record_time()) < start_ ? unchanged_ : created_);
  }

  void Skip(int line, const absl::Status& status) { skipped_.emplace_back(line, std::string(status.message())); }

  Session& session_;
  ContactFinder finder_;
  const absl::Time start_;
  ledger::v1::BatchAppendInteractionsRequest batch_;
  std::vector<int> lines_;
  std::map<std::string, int> seen_;
  int created_ = 0;
  int unchanged_ = 0;
  std::vector<std::pair<int, std::string>> skipped_;
};

absl::StatusOr<int> LogLines(const std::string& from, Session& session) {
  LinesImport import(session);
  if (from == "-") {
    COUNCIL_RETURN_IF_ERROR(import.Read(*session.terminal().in));
  } else {
    std::ifstream file(from);
    if (!file) return absl::NotFoundError(absl::StrCat("can't read ", from));
    COUNCIL_RETURN_IF_ERROR(import.Read(file));
  }
  return import.Report();
}

}  // namespace

void AddLogCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<LogOptions>();
  CLI::App* log = app.add_subcommand("log", "Write down what happened");
  log->add_option("NAMES", options->names, "Whom: parts of names or e-mail addresses, parted by commas");
  log->add_option("TEXT", options->text, "A note, as --note");
  AddTalkFlags(*log, options->flags, "now");
  log->add_flag("-e,--edit", options->edit, "Write the note in $EDITOR");
  AddList(*log, "--contact", options->contact_ids, "A contact by id, instead of NAMES; may be repeated");
  log->add_option("--from", options->from, "Read many from a file of JSON lines, - for standard input");
  log->add_option("--request-id", options->request_id, "Repeated with the same id, the entry is written once");
  log->footer(
      "Example:\n"
      "  council log rosa --on yesterday --depth counsel --received advice:3 --energy good \"pricing\"\n"
      "  echo '{\"contacts\": [\"rosa\"], \"on\": \"3d\", \"given\": [\"feedback\"]}' | council log --from=-");
  log->callback([&chosen, options] {
    // With --contact the names are left out, and what stands there is the note.
    if (!options->contact_ids.empty() && options->text.empty()) options->text.swap(options->names);
    chosen = [options](Session& session) -> absl::StatusOr<int> {
      const bool one = !options->names.empty() || !options->contact_ids.empty();
      if (one == !options->from.empty()) {
        return absl::InvalidArgumentError("say whom you met (NAMES or --contact), or --from=FILE with many talks");
      }
      return one ? LogOne(*options, session) : LogLines(options->from, session);
    };
  });
}

}  // namespace council::cli
