// council contacts: the people one knows.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/facets.h"
#include "clients/cli/flags.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

using contacts::v1::Contact;

// A contact as typed; what was not said stays as it is.
struct ContactFlags {
  std::optional<std::string> name;
  std::vector<std::string> emails;
  std::vector<std::string> phones;
  std::optional<std::string> organization;
  std::optional<std::string> title;
  std::optional<std::string> location;
  std::optional<std::string> how_met;
  std::vector<std::string> tags;
  std::optional<std::string> notes;
  std::vector<std::string> facets;
  std::optional<std::string> status;
  std::optional<std::string> paused_until;
  std::optional<std::string> birthday;
};

void AddContactFlags(CLI::App& command, ContactFlags& flags) {
  AddList(command, "--email", flags.emails, "An e-mail address; may be repeated");
  AddList(command, "--phone", flags.phones, "A phone number; may be repeated");
  command.add_option("--organization,--org", flags.organization, "Where they work");
  command.add_option("--title", flags.title, "Their job");
  command.add_option("--location", flags.location, "Where they live or work");
  command.add_option("--how-met", flags.how_met, "How you met");
  AddList(command, "--tag", flags.tags, "A word to group by; may be repeated");
  command.add_option("--notes", flags.notes, "Free text");
  AddList(command, "--facet", flags.facets, "What diversity is measured over: function=design; function= removes it");
  command.add_option("--status", flags.status, "active, paused, no-contact or deceased");
  command.add_option("--paused-until", flags.paused_until,
                     "With --status=paused: the first day with reminders, 2027-03-01");
  command.add_option("--birthday", flags.birthday, "1980-05-17, or --05-17 without the year");
}

// Writes what the flags say into `contact` and names the fields in `mask`.
absl::Status ApplyContactFlags(const ContactFlags& flags, Contact& contact, google::protobuf::FieldMask& mask) {
  const google::protobuf::Reflection& reflection = *contact.GetReflection();
  const auto text = [&](const char* field, const std::optional<std::string>& value) {
    if (!value) return;
    reflection.SetString(&contact, contact.GetDescriptor()->FindFieldByName(field), *value);
    mask.add_paths(field);
  };
  text("display_name", flags.name);
  text("organization", flags.organization);
  text("title", flags.title);
  text("location", flags.location);
  text("how_met", flags.how_met);
  text("notes", flags.notes);
  text("paused_until", flags.paused_until);
  text("birthday", flags.birthday);
  const auto list = [&](const char* field, const std::vector<std::string>& values) {
    if (values.empty()) return;
    const google::protobuf::FieldDescriptor* descriptor = contact.GetDescriptor()->FindFieldByName(field);
    reflection.ClearField(&contact, descriptor);
    for (const std::string& value : values) reflection.AddString(&contact, descriptor, value);
    mask.add_paths(field);
  };
  list("emails", flags.emails);
  list("phones", flags.phones);
  list("tags", flags.tags);
  if (!flags.facets.empty()) {
    COUNCIL_RETURN_IF_ERROR(ApplyFacets(flags.facets, contact));
    mask.add_paths("facets");
  }
  if (flags.status) {
    const auto status = ParseEnum<contacts::v1::ContactStatus>("status", *flags.status);
    if (!status.ok()) return base::InvalidField("status", std::string(status.status().message()));
    contact.set_status(*status);
    mask.add_paths("status");
  }
  return absl::OkStatus();
}

absl::StatusOr<int> List(const std::vector<std::string>& words, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client(), absl::StrJoin(words, " ")));
  const std::vector<Contact>& found = book.contacts();
  if (session.json()) {
    session.Print({{"contacts", ToJsonArray(found)}, {"totalSize", found.size()}});
    return kExitOk;
  }
  if (found.empty()) {
    if (!words.empty()) return NobodyCalled(absl::StrJoin(words, " "));
    session.out()
        << "No contacts yet. council import FILE brings an address book; council contacts add NAME one person.\n";
    return kExitOk;
  }
  // People are worth a list even while the ledger is away.
  const absl::StatusOr<std::vector<ledger::v1::Tie>> ties = ListTies(session.client(), found);
  if (!ties.ok() && ExitCodeFor(ties.status()) != kExitUnavailable) return ties.status();
  const auto last_talk = [&](size_t i) {
    if (!ties.ok() || !ties->at(i).has_last_time()) return std::string();
    return FormatDay(base::FromProto(ties->at(i).last_time()), session.Now(), session.zone());
  };
  Table table({{"name", Table::kName},
               {"e-mail", Table::kFlexible},
               {"organization", Table::kFlexible},
               {"location", Table::kFlexible},
               {"tags", Table::kFlexible},
               {"last talk"}});
  for (size_t i = 0; i < found.size(); ++i) {
    const Contact& contact = found[i];
    table.Add({contact.display_name(), contact.emails_size() > 0 ? contact.emails(0) : "", contact.organization(),
               contact.location(), absl::StrJoin(contact.tags(), ", "), last_talk(i)});
  }
  session.out() << table.Render(session.terminal())
                << session.terminal().Styled(Style::kDim, Count(static_cast<long long>(found.size()), "contact"))
                << '\n';
  return kExitOk;
}

absl::StatusOr<int> Add(const ContactFlags& flags, const std::string& request_id, Session& session) {
  contacts::v1::CreateContactRequest request;
  google::protobuf::FieldMask mask;
  COUNCIL_RETURN_IF_ERROR(ApplyContactFlags(flags, *request.mutable_contact(), mask));
  request.set_request_id(request_id.empty() ? session.NewRequestId() : request_id);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::CreateContactResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
  } else {
    session.out() << OneLine(response.contact().display_name()) << " is a contact now.\n";
  }
  return kExitOk;
}

absl::StatusOr<int> Edit(const std::string& who, const ContactFlags& flags, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(Contact contact, finder.Find(who));
  contacts::v1::UpdateContactRequest request;
  *request.mutable_contact() = contact;
  COUNCIL_RETURN_IF_ERROR(ApplyContactFlags(flags, *request.mutable_contact(), *request.mutable_update_mask()));
  if (request.update_mask().paths().empty()) {
    return absl::InvalidArgumentError("say what to change, for example --title \"Head of Design\"");
  }
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::UpdateContactResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  std::vector<std::string> changed(request.update_mask().paths().begin(), request.update_mask().paths().end());
  for (std::string& path : changed) std::replace(path.begin(), path.end(), '_', ' ');
  session.out() << OneLine(response.contact().display_name()) << ": " << JoinWords(changed) << " changed.\n";
  return kExitOk;
}

// For what can't be undone: a yes on a terminal, or --yes.
absl::Status Confirmed(bool yes, const std::string& question, const Session& session) {
  if (yes || (session.MayAsk() && session.terminal().Confirm(question))) return absl::OkStatus();
  return session.MayAsk() ? absl::CancelledError("nothing was changed")
                          : NeedsAnswer("this can't be undone: say --yes where nobody can be asked");
}

absl::StatusOr<int> Delete(const std::vector<std::string>& names, bool yes, Session& session) {
  ContactFinder finder(session);
  std::vector<Contact> gone;
  for (const std::string& name : names) {
    COUNCIL_ASSIGN_OR_RETURN(Contact contact, finder.Find(name, ContactFinder::Care::kStrict));
    gone.push_back(std::move(contact));
  }
  std::vector<std::string> described;
  std::vector<std::string> names_gone;
  for (const Contact& contact : gone) {
    described.push_back(DescribeContact(contact));
    names_gone.push_back(OneLine(contact.display_name()));
  }
  COUNCIL_RETURN_IF_ERROR(Confirmed(yes, absl::StrCat("Delete ", JoinWords(described), "?"), session));
  for (const Contact& contact : gone) {
    contacts::v1::DeleteContactRequest request;
    request.set_id(contact.id());
    request.set_etag(contact.etag());
    COUNCIL_RETURN_IF_ERROR(session.client().Call(request).status());
  }
  if (session.json()) {
    session.Print({{"deleted", ToJsonArray(gone)}});
  } else {
    session.out() << JoinWords(names_gone) << (gone.size() == 1 ? " is" : " are")
                  << " deleted; the ledger keeps its entries.\n";
  }
  return kExitOk;
}

absl::StatusOr<int> Merge(const std::string& into, const std::vector<std::string>& from, bool yes, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const Contact kept, finder.Find(into, ContactFinder::Care::kStrict));
  contacts::v1::MergeContactsRequest request;
  request.set_into_id(kept.id());
  request.set_request_id(session.NewRequestId());
  std::vector<std::string> others;
  for (const std::string& name : from) {
    COUNCIL_ASSIGN_OR_RETURN(const Contact other, finder.Find(name, ContactFinder::Care::kStrict));
    request.add_from_ids(other.id());
    others.push_back(DescribeContact(other));
  }
  COUNCIL_RETURN_IF_ERROR(
      Confirmed(yes, absl::StrCat("Merge ", JoinWords(others), " into ", DescribeContact(kept), "?"), session));
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::MergeContactsResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
  } else {
    session.out() << DescribeContact(response.contact()) << " is one contact now.\n";
  }
  return kExitOk;
}

absl::StatusOr<int> Duplicates(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::FindDuplicatesResponse response,
                           session.client().Call(contacts::v1::FindDuplicatesRequest()));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  if (response.groups().empty()) session.out() << "No two contacts look like one person.\n";
  for (const contacts::v1::DuplicateGroup& group : response.groups()) {
    session.out() << OneLine(group.reason()) << ":\n";
    std::string command = "council contacts merge";
    for (const Contact& contact : group.contacts()) {
      session.out() << "  " << DescribeContact(contact) << '\n';
      absl::StrAppend(&command, " ", contact.id());
    }
    session.out() << session.terminal().Styled(Style::kDim, "  " + command) << '\n';
  }
  return kExitOk;
}

absl::StatusOr<int> Acquaint(const std::string& one, const std::string& other, bool strangers, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const Contact a, finder.Find(one));
  COUNCIL_ASSIGN_OR_RETURN(const Contact b, finder.Find(other));
  contacts::v1::SetAcquaintanceRequest request;
  request.set_contact_id(a.id());
  request.set_other_contact_id(b.id());
  request.set_acquainted(!strangers);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::SetAcquaintanceResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
  } else {
    session.out() << OneLine(a.display_name()) << " and " << OneLine(b.display_name())
                  << (strangers ? " don't know each other.\n" : " know each other.\n");
  }
  return kExitOk;
}

}  // namespace

void AddContactsCommands(CLI::App& app, Command& chosen) {
  const auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* contacts = app.add_subcommand("contacts", "List or search contacts; add, edit, merge or delete them");
  contacts->add_option("TEXT", *words, "Words in the name, e-mail, organization, title, location or tags");
  contacts->footer(
      "Example:\n  council contacts stockholm\n  council contacts add \"Tom Baker\" --email tom@example.com --tag "
      "work");
  contacts->callback([&chosen, contacts, words] {
    if (contacts->get_subcommands().empty()) chosen = [words](Session& session) { return List(*words, session); };
  });

  const auto added = std::make_shared<ContactFlags>();
  const auto request_id = std::make_shared<std::string>();
  CLI::App* add = contacts->add_subcommand("add", "Add a contact");
  add->add_option("NAME", added->name, "Their name")->required();
  AddContactFlags(*add, *added);
  add->add_option("--request-id", *request_id, "Repeated with the same id, the contact is made once");
  add->footer("Example:\n  council contacts add \"Tom Baker\" --email tom@example.com --org \"Baker & Sons\"");
  add->callback([&chosen, added, request_id] {
    chosen = [added, request_id](Session& session) { return Add(*added, *request_id, session); };
  });

  const auto edited = std::make_shared<ContactFlags>();
  const auto who = std::make_shared<std::string>();
  CLI::App* edit = contacts->add_subcommand("edit", "Change what a contact says");
  edit->add_option("NAME,--contact", *who, "Who: a part of a name or e-mail address, or an id")->required();
  edit->add_option("--name", edited->name, "Their new name");
  AddContactFlags(*edit, *edited);
  edit->footer("Example:\n  council contacts edit rosa --title \"Board member\" --facet function=executive");
  edit->callback(
      [&chosen, who, edited] { chosen = [who, edited](Session& session) { return Edit(*who, *edited, session); }; });

  const auto names = std::make_shared<std::vector<std::string>>();
  const auto yes = std::make_shared<bool>(false);
  CLI::App* remove = contacts->add_subcommand("delete", "Delete contacts; the ledger keeps its entries");
  remove->add_option("NAME,--contact", *names, "Who: parts of names or e-mail addresses, or ids")->required();
  remove->add_flag("--yes", *yes, "Do not ask");
  remove->footer("Example:\n  council contacts delete \"Tom Baker\"");
  remove->callback(
      [&chosen, names, yes] { chosen = [names, yes](Session& session) { return Delete(*names, *yes, session); }; });

  const auto into = std::make_shared<std::string>();
  const auto from = std::make_shared<std::vector<std::string>>();
  CLI::App* merge = contacts->add_subcommand("merge", "Make one contact of several");
  merge->add_option("INTO", *into, "The contact that stays; what it says wins")->required();
  merge->add_option("FROM", *from, "The others")->required();
  merge->add_flag("--yes", *yes, "Do not ask");
  merge->footer("Example:\n  council contacts merge rosa@lindqvist.example \"R. Lindqvist\"");
  merge->callback([&chosen, into, from, yes] {
    chosen = [into, from, yes](Session& session) { return Merge(*into, *from, *yes, session); };
  });

  CLI::App* duplicates = contacts->add_subcommand("duplicates", "Contacts that may be one person");
  duplicates->footer("Example:\n  council contacts duplicates");
  duplicates->callback([&chosen] { chosen = Duplicates; });

  const auto one = std::make_shared<std::string>();
  const auto other = std::make_shared<std::string>();
  const auto strangers = std::make_shared<bool>(false);
  CLI::App* acquaint = contacts->add_subcommand("acquaint", "Say that two contacts know each other");
  acquaint->add_option("NAME", *one, "The one")->required();
  acquaint->add_option("OTHER", *other, "The other")->required();
  acquaint->add_flag("--not", *strangers, "They do not");
  acquaint->footer("Example:\n  council contacts acquaint rosa tom");
  acquaint->callback([&chosen, one, other, strangers] {
    chosen = [one, other, strangers](Session& session) { return Acquaint(*one, *other, *strangers, session); };
  });
}

}  // namespace council::cli
