// council forget: what is known of a person, or of oneself, erased for good.

#include <CLI/App.hpp>
#include <memory>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr char kConfirmation[] = "erase all my data";

struct ForgetOptions {
  std::string name;
  bool myself = false;
  bool yes = false;
};

// Whether the person means it; a script says so with --yes.
absl::Status Confirm(const ForgetOptions& options, const std::string& question, const Session& session) {
  return session.Confirmed(options.yes, question, "nothing was erased", "what is erased does not come back: say --yes");
}

// Erases a contact from the two services that keep what happened and what was advised. Returns how many entries it was.
absl::StatusOr<int64_t> EraseHistory(const contacts::v1::Contact& contact, Client& client) {
  ledger::v1::EraseContactRequest from_ledger;
  from_ledger.set_contact_id(contact.id());
  *from_ledger.mutable_former_ids() = contact.former_ids();
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::EraseContactResponse erased, client.Call(from_ledger));
  recommendations::v1::EraseContactRequest from_recommendations;
  from_recommendations.set_contact_id(contact.id());
  *from_recommendations.mutable_former_ids() = contact.former_ids();
  COUNCIL_RETURN_IF_ERROR(client.Call(from_recommendations).status());
  return erased.entries();
}

absl::StatusOr<int64_t> ErasePerson(const contacts::v1::Contact& contact, Client& client) {
  // As long as contacts know the name, an erasure that was interrupted can be asked for again.
  COUNCIL_ASSIGN_OR_RETURN(int64_t entries, EraseHistory(contact, client));
  contacts::v1::EraseContactRequest from_contacts;
  from_contacts.set_id(contact.id());
  COUNCIL_RETURN_IF_ERROR(client.Call(from_contacts).status());
  // What another program wrote meanwhile, which found the contact still there.
  COUNCIL_ASSIGN_OR_RETURN(const int64_t more, EraseHistory(contact, client));
  return entries + more;
}

absl::StatusOr<int> ForgetPerson(const ForgetOptions& options, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact,
                           finder.Find(options.name, ContactFinder::Care::kStrict));
  const std::string name = OneLine(contact.display_name());
  COUNCIL_RETURN_IF_ERROR(Confirm(options, words::Say<"forget.ask">(words::As<"name">(name)), session));
  COUNCIL_ASSIGN_OR_RETURN(const int64_t entries, ErasePerson(contact, session.client()));
  if (session.json()) {
    session.Print({{"forgotten", contact.id()}, {"entries", absl::StrCat(entries)}});
    return kExitOk;
  }
  session.out() << words::Say<"forget.done">(words::As<"name">(name), words::As<"entries">(entries)) << '\n';
  return kExitOk;
}

absl::StatusOr<int> ForgetMyself(const ForgetOptions& options, Session& session) {
  COUNCIL_RETURN_IF_ERROR(Confirm(options, words::Say<"forget.ask_all">(), session));
  Client& client = session.client();
  recommendations::v1::EraseOwnerRequest from_recommendations;
  from_recommendations.set_confirmation(kConfirmation);
  COUNCIL_RETURN_IF_ERROR(client.Call(from_recommendations).status());
  ledger::v1::EraseOwnerRequest from_ledger;
  from_ledger.set_confirmation(kConfirmation);
  COUNCIL_RETURN_IF_ERROR(client.Call(from_ledger).status());
  contacts::v1::EraseOwnerRequest from_contacts;
  from_contacts.set_confirmation(kConfirmation);
  COUNCIL_RETURN_IF_ERROR(client.Call(from_contacts).status());
  session.memory() = Memory();
  if (session.json()) {
    session.Print({{"forgotten", "everything"}});
    return kExitOk;
  }
  session.out() << words::Say<"forget.done_all">() << '\n';
  return kExitOk;
}

absl::StatusOr<int> Forget(const ForgetOptions& options, Session& session) {
  if (options.myself == !options.name.empty()) {
    return absl::InvalidArgumentError("say whom: a name, or --everything for all that is kept about you");
  }
  return options.myself ? ForgetMyself(options, session) : ForgetPerson(options, session);
}

}  // namespace

void AddForgetCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ForgetOptions>();
  CLI::App* forget = app.add_subcommand("forget", "Erase a person for good, or all that is kept about you");
  forget->add_option("name", options->name, "Any part of the name or of an e-mail address that names one person");
  forget->add_flag("--everything", options->myself, "All that the suite keeps about you");
  forget->add_flag("--yes", options->yes, "Do not ask first");
  forget->footer("Example:\n  council forget \"Tom Baker\"");
  forget->callback([&chosen, options] { chosen = [options](Session& session) { return Forget(*options, session); }; });
}

}  // namespace council::cli
