// council correct and council undo: entries are never changed; a correction takes the place of what was wrong.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/editor.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using ledger::v1::Interaction;

struct CorrectOptions {
  std::string which;
  std::string names;
  bool retract = false;
  bool no_energy = false;
  bool edit = false;
  std::string request_id;
  TalkFlags flags;
};

// The sequence that "last", "412" or "#412" means.
absl::StatusOr<int64_t> ParseSequence(const std::string& which, const Memory& memory) {
  if (which == "last") {
    if (!memory.written.empty()) return memory.written.back().sequence;
    return absl::NotFoundError(
        "nothing was logged from here yet; name the entry by its number, as council talks shows it");
  }
  int64_t sequence = 0;
  if (absl::SimpleAtoi(which.substr(which.rfind('#') + 1), &sequence) && sequence > 0) return sequence;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", which, "\" is not an entry; say last, or its number, as council talks shows it"));
}

absl::StatusOr<Interaction> GetEntry(Client& client, int64_t sequence) {
  ledger::v1::GetInteractionRequest request;
  request.set_sequence(sequence);
  COUNCIL_ASSIGN_OR_RETURN(ledger::v1::GetInteractionResponse response, client.Call(request));
  return std::move(*response.mutable_interaction());
}

// What may be sent as new content: the fields that the service gives are left out, and what is blank since a contact
// was erased.
Interaction ContentOf(Interaction interaction) {
  interaction.clear_sequence();
  interaction.clear_id();
  interaction.clear_kind();
  interaction.clear_record_time();
  interaction.clear_corrects();
  interaction.clear_corrected_by();
  interaction.clear_previous_hash();
  interaction.clear_hash();
  const auto drop = [](auto& values, auto is_blank) {
    values.erase(std::remove_if(values.begin(), values.end(), is_blank), values.end());
  };
  drop(*interaction.mutable_contact_ids(), [](const std::string& id) { return id.empty(); });
  drop(*interaction.mutable_benefits(), [](const ledger::v1::Benefit& benefit) { return benefit.direction() == 0; });
  drop(*interaction.mutable_promises(), [](const ledger::v1::Promise& promise) { return promise.text().empty(); });
  return interaction;
}

// Entry `old_sequence` no longer stands: what `undo` takes back is what came in its place, if anything.
void Replaced(Session& session, int64_t old_sequence, std::optional<Written> by) {
  std::vector<Written>& written = session.memory().written;
  std::erase_if(written, [&](const Written& entry) { return entry.sequence == old_sequence; });
  if (by) written.push_back(*by);
}

void PrintChange(std::ostream& out, const char* what, const std::string& before, const std::string& after) {
  if (before == after) return;
  out << "  " << what << ": " << (before.empty() ? "–" : before) << " → " << (after.empty() ? "–" : after) << '\n';
}

// Before → after, for what differs.
void PrintChanges(const Interaction& before, const Interaction& after, const ContactBook& book,
                  const Session& session) {
  const TalkText a = DescribeTalk(before, book, session);
  const TalkText b = DescribeTalk(after, book, session);
  std::ostream& out = session.out();
  out << words::Say<"correct.done">(words::As<"before">(absl::StrCat(before.sequence())),
                                    words::As<"after">(absl::StrCat(after.sequence())))
      << '\n';
  PrintChange(out, "whom", OneLine(book.NamesOf(before.contact_ids())), OneLine(book.NamesOf(after.contact_ids())));
  PrintChange(out, "when", a.when, b.when);
  PrintChange(out, "how", a.how, b.how);
  PrintChange(out, "how long", a.duration, b.duration);
  PrintChange(out, "afterwards", a.energy, b.energy);
  PrintChange(out, "about", a.domains, b.domains);
  PrintChange(out, "benefits", a.benefits, b.benefits);
  PrintChange(out, "note", a.note, b.note);
}

absl::StatusOr<int> TakeBack(Session& session, const Interaction& entry, const std::string& request_id) {
  ledger::v1::CorrectInteractionRequest request;
  request.set_sequence(entry.sequence());
  request.set_request_id(request_id);
  request.set_retract(true);
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::CorrectInteractionResponse response, session.client().Call(request));
  Replaced(session, entry.sequence(), std::nullopt);
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  session.out() << OneLine(words::Say<"correct.taken_back">(words::As<"entry">(absl::StrCat(entry.sequence())),
                                                            words::As<"names">(book.NamesOf(entry.contact_ids())),
                                                            words::As<"day">(DescribeTalk(entry, book, session).when)))
                << '\n';
  return kExitOk;
}

absl::StatusOr<int> Replace(Session& session, const Interaction& before, Interaction content,
                            const std::string& request_id, bool restored = false) {
  ledger::v1::CorrectInteractionRequest request;
  request.set_sequence(before.sequence());
  request.set_request_id(request_id);
  *request.mutable_interaction() = std::move(content);
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::CorrectInteractionResponse response, session.client().Call(request));
  Replaced(session, before.sequence(), Written{response.interaction().sequence(), restored});
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  PrintChanges(before, response.interaction(), book, session);
  return kExitOk;
}

absl::StatusOr<int> Correct(const CorrectOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t sequence, ParseSequence(options.which, session.memory()));
  COUNCIL_ASSIGN_OR_RETURN(const Interaction entry, GetEntry(session.client(), sequence));
  const std::string request_id = options.request_id.empty() ? session.NewRequestId() : options.request_id;
  if (options.retract) return TakeBack(session, entry, request_id);

  ContactFinder finder(session);
  Interaction content = ContentOf(entry);
  if (!options.names.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<contacts::v1::Contact> met, finder.FindAll(options.names));
    content.clear_contact_ids();
    for (const contacts::v1::Contact& contact : met) content.add_contact_ids(contact.id());
  }
  if (options.no_energy) content.clear_energy();
  COUNCIL_RETURN_IF_ERROR(ApplyTalkFlags(options.flags, session, finder, content));
  if (options.edit) {
    COUNCIL_ASSIGN_OR_RETURN(const std::string note, WriteInEditor(content.note()));
    content.set_note(note);
  }
  if (content.SerializeAsString() == ContentOf(entry).SerializeAsString()) {
    return absl::InvalidArgumentError(
        "say what to correct, for example --depth counsel or --on yesterday, or --retract");
  }
  return Replace(session, entry, std::move(content), request_id);
}

absl::StatusOr<int> Undo(Session& session) {
  if (session.memory().written.empty()) {
    return absl::NotFoundError(
        "nothing left to undo here; council correct N --retract takes back an entry by its number (council talks)");
  }
  const Written last = session.memory().written.back();
  COUNCIL_ASSIGN_OR_RETURN(const Interaction entry, GetEntry(session.client(), last.sequence));
  if (entry.corrected_by() > 0) {
    // Corrected from elsewhere meanwhile: there is nothing of ours left to take back.
    session.memory().written.pop_back();
    return absl::FailedPreconditionError(absl::StrCat("#", entry.sequence(), " was corrected by #",
                                                      entry.corrected_by(), " meanwhile; council correct ",
                                                      entry.corrected_by(), " --retract takes that back"));
  }
  if (entry.kind() != ledger::v1::INTERACTION_KIND_CORRECTION || last.restored) {
    return TakeBack(session, entry, session.NewRequestId());
  }
  COUNCIL_ASSIGN_OR_RETURN(const Interaction original, GetEntry(session.client(), entry.corrects()));
  return Replace(session, entry, ContentOf(original), session.NewRequestId(), /*restored=*/true);
}

}  // namespace

void AddCorrectCommands(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<CorrectOptions>();
  CLI::App* correct = app.add_subcommand("correct", "Correct an entry, or take it back");
  correct->add_option("ENTRY", options->which, "last (what was logged here last), or a number that council talks shows")
      ->required();
  correct->add_option("--whom", options->names, "Whom it was with, in place of who stands there");
  AddTalkFlags(*correct, options->flags, "as it stands");
  correct->add_flag("-e,--edit", options->edit, "Write the note in $EDITOR, beginning with what stands there");
  correct->add_flag("--no-energy", options->no_energy, "Leave open how you felt afterwards");
  correct->add_flag("--retract", options->retract, "Take the entry back, with nothing in its place");
  correct->add_option("--request-id", options->request_id, "Repeated with the same id, it takes effect once");
  correct->footer("Example:\n  council correct last --on monday --depth conversation\n  council correct 412 --retract");
  correct->callback(
      [&chosen, options] { chosen = [options](Session& session) { return Correct(*options, session); }; });

  CLI::App* undo = app.add_subcommand("undo", "Take back what was logged or corrected here last, or an import");
  undo->footer("Example:\n  council undo\n  council undo import");
  undo->callback([&chosen, undo] {
    if (undo->get_subcommands().empty()) chosen = Undo;
  });
  AddUndoImportCommand(*undo, chosen);
}

}  // namespace council::cli
