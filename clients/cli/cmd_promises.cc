// council promise, promises and done: words given, both ways.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/promises.h"
#include "clients/cli/table.h"
#include "clients/cli/talk.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using ledger::v1::Interaction;
using ledger::v1::PromiseRecord;

struct PromiseOptions {
  std::string names;
  std::string text;
  bool theirs = false;
  std::optional<std::string> by;
  std::string request_id;
};

struct PromisesOptions {
  std::string name;
  bool all = false;
};

struct DoneOptions {
  std::string which;
  std::string note;
  std::string request_id;
};

// A word given, or kept, is no talk: it moves the reminder and makes no seat fresh.
Interaction Exchange(const google::protobuf::RepeatedPtrField<std::string>& contact_ids, const Session& session) {
  Interaction interaction;
  *interaction.mutable_contact_ids() = contact_ids;
  *interaction.mutable_occur_time() = base::ToProto(session.Now());
  interaction.set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  interaction.set_source(kCliSource);
  return interaction;
}

absl::StatusOr<Interaction> Append(Interaction interaction, const std::string& request_id, Session& session) {
  ledger::v1::AppendInteractionRequest request;
  *request.mutable_interaction() = std::move(interaction);
  request.set_request_id(request_id.empty() ? session.NewRequestId() : request_id);
  COUNCIL_ASSIGN_OR_RETURN(ledger::v1::AppendInteractionResponse response, session.client().Call(request));
  RememberWritten(session, response.interaction());
  return std::move(*response.mutable_interaction());
}

absl::StatusOr<int> MakePromise(const PromiseOptions& options, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<contacts::v1::Contact> met, finder.FindAll(options.names));
  google::protobuf::RepeatedPtrField<std::string> ids;
  for (const contacts::v1::Contact& contact : met) *ids.Add() = contact.id();
  Interaction interaction = Exchange(ids, session);
  ledger::v1::Promise& promise = *interaction.add_promises();
  promise.set_by_me(!options.theirs);
  promise.set_text(options.text);
  if (options.by) {
    const absl::StatusOr<std::string> day = ParseDueDay(*options.by, session.Now(), session.zone());
    if (!day.ok()) return base::InvalidField("by", std::string(day.status().message()));
    promise.set_due_day(*day);
  }
  COUNCIL_ASSIGN_OR_RETURN(const Interaction written, Append(std::move(interaction), options.request_id, session));
  if (session.json()) {
    session.Print({{"interaction", ToJson(written)}});
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  PromiseRecord record;
  *record.mutable_promise() = written.promises(0);
  *record.mutable_contact_ids() = written.contact_ids();
  session.out() << PromiseText(record, *book, session)
                << session.terminal().Styled(Style::kDim, "; council promises lists it, council undo takes it back")
                << '\n';
  return kExitOk;
}

// What is open and whom it is with; those with whom no contact is wanted, and who have died, are let be.
absl::StatusOr<std::vector<PromiseRecord>> ReadPromises(const PromisesOptions& options, ContactFinder& finder,
                                                        Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(std::vector<PromiseRecord> promises, ListPromises(session.client(), options.all));
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  std::string wanted;
  if (!options.name.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder.Find(options.name));
    wanted = contact.id();
  }
  std::erase_if(promises, [&](const PromiseRecord& record) {
    return std::none_of(record.contact_ids().begin(), record.contact_ids().end(), [&](const std::string& id) {
      const contacts::v1::Contact* contact = book->Find(id);
      if (contact == nullptr) return wanted.empty();
      if (!wanted.empty()) return contact->id() == wanted;
      return options.all || !IsLeftOut(*contact);
    });
  });
  return promises;
}

absl::StatusOr<int> ShowPromises(const PromisesOptions& options, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<PromiseRecord> promises, ReadPromises(options, finder, session));
  if (session.json()) {
    session.Print({{"promises", ToJsonArray(promises)}});
    return kExitOk;
  }
  if (promises.empty()) {
    session.out() << words::Say<"promise.none">(words::As<"whose">(options.name.empty() ? "all" : "theirs"))
                  << " council promise NAME \"send the paper\" --by friday writes one down.\n";
    return kExitOk;
  }
  session.memory().promises.clear();
  for (const PromiseRecord& record : promises) session.memory().promises.push_back(record.promise().id());
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  Table table({{"#", Table::kRight}, {"promise", Table::kFlexible}, {"made"}, {"state"}});
  const std::string today = absl::FormatTime("%Y-%m-%d", session.Now(), session.zone());
  for (size_t i = 0; i < promises.size(); ++i) {
    const PromiseRecord& record = promises[i];
    const std::string& due = record.promise().due_day();
    table.Add({absl::StrCat(i + 1), PromiseText(record, *book, session),
               FormatDay(base::FromProto(record.occur_time()), session.Now(), session.zone(), session.language()),
               record.closed_by() > 0 ? "done" : (!due.empty() && due < today ? "past its day" : "")});
  }
  session.out() << table.Render(session.terminal())
                << session.terminal().Styled(Style::kDim, "council done N closes one.") << '\n';
  return kExitOk;
}

// The open promise that a number from `council promises`, or an id, names.
absl::StatusOr<PromiseRecord> FindPromise(const std::string& which, Session& session) {
  const std::string not_there = absl::StrCat("there is no promise ", which, "; council promises numbers them");
  COUNCIL_ASSIGN_OR_RETURN(const std::string id, IdOfListed(which, session.memory().promises, not_there));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<PromiseRecord> promises,
                           ListPromises(session.client(), /*include_closed=*/true));
  for (const PromiseRecord& record : promises) {
    if (record.promise().id() != id) continue;
    if (record.closed_by() > 0) {
      return absl::FailedPreconditionError(absl::StrCat("that promise was closed by #", record.closed_by(),
                                                        " already; council promises shows the open ones"));
    }
    return record;
  }
  return absl::NotFoundError(not_there);
}

absl::StatusOr<int> Done(const DoneOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const PromiseRecord record, FindPromise(options.which, session));
  // Those who were erased since take no part any more.
  google::protobuf::RepeatedPtrField<std::string> ids;
  for (const std::string& id : record.contact_ids()) {
    if (!id.empty()) *ids.Add() = id;
  }
  if (ids.empty()) return absl::FailedPreconditionError("whom that promise was with was erased; it can't be closed");
  Interaction interaction = Exchange(ids, session);
  interaction.add_closes_promises(record.promise().id());
  interaction.set_note(options.note);
  COUNCIL_ASSIGN_OR_RETURN(const Interaction written, Append(std::move(interaction), options.request_id, session));
  if (session.json()) {
    session.Print({{"interaction", ToJson(written)}});
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  session.out() << "Done: " << PromiseText(record, book, session)
                << session.terminal().Styled(Style::kDim, "; council undo opens it again") << '\n';
  return kExitOk;
}

}  // namespace

void AddPromiseCommands(CLI::App& app, Command& chosen) {
  const auto make = std::make_shared<PromiseOptions>();
  CLI::App* promise = app.add_subcommand("promise", "Write down a word given, by you or with --theirs to you");
  promise->add_option("NAME", make->names, "Whom it is with; several parted by commas")->required();
  promise->add_option("TEXT", make->text, "What was promised")->required();
  promise->add_flag("--theirs", make->theirs, "They promised it to you");
  promise->add_option("--by", make->by, "Until when: friday, tomorrow, 3d, 2w, 2026-05-01 (default: some day)");
  promise->add_option("--request-id", make->request_id, "Repeated with the same id, it is written once");
  promise->footer(
      "Example:\n"
      "  council promise rosa \"send her the paper\" --by friday\n"
      "  council promise tom \"introduce me to Ida\" --theirs");
  promise->callback([&chosen, make] { chosen = [make](Session& session) { return MakePromise(*make, session); }; });

  const auto list = std::make_shared<PromisesOptions>();
  CLI::App* promises = app.add_subcommand("promises", "Open promises both ways, numbered, the soonest due first");
  promises->add_option("NAME", list->name, "Only those with this contact");
  promises->add_flag("--all", list->all, "Closed ones too");
  promises->footer("Example:\n  council promises\n  council done 1");
  promises->callback([&chosen, list] { chosen = [list](Session& session) { return ShowPromises(*list, session); }; });

  const auto close = std::make_shared<DoneOptions>();
  CLI::App* done = app.add_subcommand("done", "Close a promise: it was kept, or is no longer wanted");
  done->add_option("N", close->which, "A number that council promises shows, or a promise's id")->required();
  done->add_option("--note", close->note, "What there is to say about it");
  done->add_option("--request-id", close->request_id, "Repeated with the same id, it takes effect once");
  done->footer("Example:\n  council done 1");
  done->callback([&chosen, close] { chosen = [close](Session& session) { return Done(*close, session); }; });
}

}  // namespace council::cli
