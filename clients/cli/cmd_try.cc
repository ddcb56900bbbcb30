// council try: what seats given or ended, and talks, would do to the balance.

#include <CLI/App.hpp>
#include <memory>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/balance_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

using contacts::v1::Contact;
using contacts::v1::Seat;
using recommendations::v1::SimulateCouncilRequest;

struct TryOptions {
  std::vector<std::string> added;
  std::vector<std::string> roles;
  std::vector<std::string> dropped;
  std::vector<std::string> talks;
};

// Turns what was typed into changes, and into words for them.
class Trial {
 public:
  Trial(Session& session, const contacts::v1::GetCouncilResponse& council)
      : session_(session), council_(council), finder_(session) {}

  absl::Status Add(const std::string& name, const std::vector<std::string>& roles) {
    COUNCIL_ASSIGN_OR_RETURN(const Contact contact, finder_.Find(name));
    const contacts::v1::CouncilSeat* today = SeatOf(council_, contact.id());
    if (today != nullptr && roles.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(contact.display_name(), " has a seat already; --as tries other roles"));
    }
    Seat& seat = *request_.add_changes()->mutable_add_seat();
    if (today != nullptr) seat = today->seat();
    seat.set_contact_id(contact.id());
    seat.clear_roles();
    for (const std::string& text : roles) {
      COUNCIL_ASSIGN_OR_RETURN(const auto role, ParseEnum<common::v1::CouncilRole>("role", text));
      seat.add_roles(role);
    }
    if (roles.empty()) {
      COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Tie> ties, ListTies(session_.client(), {contact}));
      *seat.mutable_roles() = ties.at(0).shown_roles();
    }
    const std::vector<std::string> as = WordsOf<common::v1::CouncilRole>(seat.roles());
    words_.push_back(Say<"try.seated">(As<"name">(contact.display_name()), As<"known">(!as.empty()), As<"roles">(as)));
    return absl::OkStatus();
  }

  absl::Status Drop(const std::string& name) {
    COUNCIL_ASSIGN_OR_RETURN(const Contact contact, finder_.Find(name));
    if (SeatOf(council_, contact.id()) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(contact.display_name(), " has no seat"));
    }
    request_.add_changes()->set_remove_seat(contact.id());
    words_.push_back(Say<"try.unseated">(As<"name">(contact.display_name())));
    return absl::OkStatus();
  }

  absl::Status Talk(const std::string& name) {
    COUNCIL_ASSIGN_OR_RETURN(const Contact contact, finder_.Find(name));
    ledger::v1::Interaction& talk = *request_.add_changes()->mutable_add_interaction();
    talk.add_contact_ids(contact.id());
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
    words_.push_back(Say<"try.talked">(As<"name">(contact.display_name())));
    return absl::OkStatus();
  }

  const SimulateCouncilRequest& request() const { return request_; }
  const std::vector<std::string>& words() const { return words_; }

 private:
  Session& session_;
  const contacts::v1::GetCouncilResponse& council_;
  ContactFinder finder_;
  SimulateCouncilRequest request_;
  std::vector<std::string> words_;
};

absl::StatusOr<int> Try(const TryOptions& options, Session& session) {
  if (session.SaysScoresAreHidden("try")) return kExitOk;
  if (options.added.empty() && options.dropped.empty() && options.talks.empty()) {
    return absl::InvalidArgumentError("say what to try: --add NAME, --drop NAME or --talk NAME");
  }
  if (options.added.empty() && !options.roles.empty()) {
    return absl::InvalidArgumentError("--as says for what --add gives a seat; there is no --add");
  }
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  Trial trial(session, council);
  for (const std::string& name : options.added) COUNCIL_RETURN_IF_ERROR(trial.Add(name, options.roles));
  for (const std::string& name : options.dropped) COUNCIL_RETURN_IF_ERROR(trial.Drop(name));
  for (const std::string& name : options.talks) COUNCIL_RETURN_IF_ERROR(trial.Talk(name));
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::SimulateCouncilResponse response,
                           session.client().Call(trial.request()));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  std::ostream& out = session.out();
  for (const std::string& line : Wrap(OneLine(Say<"try.if">(As<"changes">(trial.words()))), session.terminal().width)) {
    out << line << '\n';
  }
  out << '\n'
      << RenderChange(response.before(), response.after(), session.terminal()) << '\n'
      << session.terminal().Styled(Style::kDim, "Nothing is changed; council seat, unseat and log do it.") << '\n';
  return kExitOk;
}

}  // namespace

void AddTryCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<TryOptions>();
  CLI::App* command = app.add_subcommand("try", "What seats and talks would do to the balance; changes nothing");
  AddList(*command, "--add", options->added, "Who gets a seat");
  AddList(*command, "--as", options->roles,
          "What those added are for: energizer, informant, supporter, brainstormer, mentor, sponsor (default: what you "
          "logged shows)");
  AddList(*command, "--drop", options->dropped, "Whose seat ends");
  AddList(*command, "--talk", options->talks, "With whom you have a conversation today");
  command->footer(
      "Example:\n  council try --add hana --as brainstormer --drop jonas\n  council try --talk lukas,chiara");
  command->callback([&chosen, options] { chosen = [options](Session& session) { return Try(*options, session); }; });
}

}  // namespace council::cli
