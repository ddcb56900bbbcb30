// council contacts: the people one knows.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/agenda.h"
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
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

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
                     "Pauses them until the first day with reminders again: 6w, friday, 2027-03-01");
  command.add_option("--birthday", flags.birthday, "1980-05-17, or --05-17 without the year");
}

// Writes a day as typed into `contact`: nothing where none was typed, which pauses them without an end.
absl::Status PauseUntil(const std::string& typed, const Session& session, Contact& contact) {
  contact.clear_paused_until();
  if (typed.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> day = ParseDueDay(typed, session.Now(), session.zone());
  if (!day.ok()) return base::InvalidField("paused_until", std::string(day.status().message()));
  if (*day <= absl::FormatTime("%Y-%m-%d", session.Now(), session.zone())) {
    return base::InvalidField(
        "paused_until",
        absl::StrCat(*day, " has come already; say the first day with reminders again, for example friday or 6w"));
  }
  contact.set_paused_until(*day);
  return absl::OkStatus();
}

// Writes status and pause as typed into `contact`, and names in `mask` what that changes.
absl::Status ApplyStatusFlags(const ContactFlags& flags, const Session& session, Contact& contact,
                              google::protobuf::FieldMask& mask) {
  if (flags.status) {
    const auto status = ParseEnum<contacts::v1::ContactStatus>("status", *flags.status);
    if (!status.ok()) return base::InvalidField("status", std::string(status.status().message()));
    contact.set_status(*status);
    mask.add_paths("status");
  }
  if (flags.paused_until) {
    COUNCIL_RETURN_IF_ERROR(PauseUntil(*flags.paused_until, session, contact));
    mask.add_paths("paused_until");
    // A day says enough; of those who are left out the suite asks for the status too.
    if (!flags.status && !contact.paused_until().empty() && !IsLeftOut(contact)) {
      contact.set_status(contacts::v1::CONTACT_STATUS_PAUSED);
      mask.add_paths("status");
    }
  } else if (flags.status && contact.status() == contacts::v1::CONTACT_STATUS_PAUSED &&
             !IsResting(contact, session.Now(), session.zone())) {
    // An earlier pause is over; its day is none for the new one.
    contact.clear_paused_until();
    mask.add_paths("paused_until");
  }
  return absl::OkStatus();
}

// Writes what the flags say into `contact` and names the fields in `mask`.
absl::Status ApplyContactFlags(const ContactFlags& flags, const Session& session, Contact& contact,
                               google::protobuf::FieldMask& mask) {
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
  return ApplyStatusFlags(flags, session, contact, mask);
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
    session.out() << Say<"contacts.none">() << '\n';
    return kExitOk;
  }
  // People are worth a list even while the ledger is away.
  const absl::StatusOr<std::vector<ledger::v1::Tie>> ties = ListTies(session.client(), found);
  if (!ties.ok() && ExitCodeFor(ties.status()) != kExitUnavailable) return ties.status();
  const auto last_talk = [&](size_t i) {
    if (!ties.ok() || !ties->at(i).has_last_time()) return std::string();
    return FormatDay(base::FromProto(ties->at(i).last_time()), session.Now(), session.zone(), session.language());
  };
  Table table({{"name", Table::kName},
               {"e-mail", Table::kFlexible, Table::kBelowIfNarrow},
               {"organization", Table::kFlexible, Table::kBelowIfNarrow},
               {"location", Table::kFlexible, Table::kBelowIfNarrow},
               {"tags", Table::kFlexible, Table::kBelowIfNarrow},
               {"status", Table::kFlexible, Table::kBelowIfNarrow},
               {"last talk"}});
  for (size_t i = 0; i < found.size(); ++i) {
    const Contact& contact = found[i];
    table.Add({contact.display_name(), contact.emails_size() > 0 ? contact.emails(0) : "", contact.organization(),
               contact.location(), absl::StrJoin(contact.tags(), ", "), StatusText(contact, session), last_talk(i)});
  }
  session.out() << table.Render(session.terminal())
                << session.terminal().Styled(Style::kDim, Count(static_cast<long long>(found.size()), "contact"))
                << '\n';
  return kExitOk;
}

absl::StatusOr<int> Add(const ContactFlags& flags, const std::string& request_id, Session& session) {
  contacts::v1::CreateContactRequest request;
  google::protobuf::FieldMask mask;
  COUNCIL_RETURN_IF_ERROR(ApplyContactFlags(flags, session, *request.mutable_contact(), mask));
  request.set_request_id(request_id.empty() ? session.NewRequestId() : request_id);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::CreateContactResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
  } else {
    session.out() << OneLine(Say<"contacts.added">(As<"name">(response.contact().display_name()))) << '\n';
  }
  return kExitOk;
}

// The seat that a contact has, or had at a moment.
absl::StatusOr<std::optional<contacts::v1::Seat>> ReadSeat(const std::string& id, std::optional<absl::Time> as_of,
                                                           Session& session) {
  contacts::v1::GetCouncilRequest request;
  if (as_of) *request.mutable_as_of() = base::ToProto(*as_of);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council, session.client().Call(request));
  const contacts::v1::CouncilSeat* seat = SeatOf(council, id);
  return seat == nullptr ? std::nullopt : std::optional(seat->seat());
}

// "6w", or "10d" where it is no whole number of weeks.
std::string CadenceFlag(const google::protobuf::Duration& cadence) {
  const int64_t days = absl::ToInt64Hours(base::FromProto(cadence)) / 24;
  return days % 7 == 0 ? absl::StrCat(days / 7, "w") : absl::StrCat(days, "d");
}

std::string SeatCommand(const std::string& name) {
  return absl::StrCat("council seat ", ShellWord(name));
}

// "Rosa had a seat as mentor, every 6 weeks; council seat Rosa --as mentor --every 6w gives it back."
std::string LastSeatSentence(const std::string& name, const contacts::v1::Seat& seat) {
  const std::vector<std::string> roles = WordsOf<common::v1::CouncilRole>(seat.roles());
  const std::vector<std::string> domains = WordsOf<common::v1::LifeDomain>(seat.domains());
  std::string command = SeatCommand(name);
  std::string rhythm;
  if (!roles.empty()) absl::StrAppend(&command, " --as ", absl::StrJoin(roles, ","));
  if (!domains.empty()) absl::StrAppend(&command, " --domain ", absl::StrJoin(domains, ","));
  if (seat.has_cadence()) {
    rhythm = FormatCadence(base::FromProto(seat.cadence()));
    absl::StrAppend(&command, " --every ", CadenceFlag(seat.cadence()));
  }
  if (seat.has_longest_gap()) absl::StrAppend(&command, " --at-most ", CadenceFlag(seat.longest_gap()));
  return Say<"status.last_seat">(As<"name">(name), As<"known">(!roles.empty()), As<"roles">(roles),
                                 As<"every">(rhythm.empty() ? "none" : "some"), As<"rhythm">(rhythm),
                                 As<"command">(command));
}

// What a status means for what is to come. `seat`: of one who leaves the council the one that ends, of one who comes
// back the last one; unset: none, or not known.
std::string StatusSentence(const Contact& before, const Contact& after, const std::optional<contacts::v1::Seat>& seat,
                           const Session& session) {
  const std::string name = OneLine(after.display_name());
  if (IsLeftOut(after)) {
    return Say<"status.left">(As<"name">(name), As<"seat">(seat.has_value()));
  }
  const bool was_left_out = IsLeftOut(before);
  const absl::string_view missing = was_left_out && !seat ? "none" : "known";
  const std::string command = SeatCommand(name);
  std::string sentence;
  if (IsResting(after, session.Now(), session.zone())) {
    const std::string day = FormatIsoDay(after.paused_until(), session.Now(), session.zone(), session.language());
    sentence = Say<"status.resting">(As<"name">(name), As<"until">(day.empty() ? "none" : "day"), As<"day">(day),
                                     As<"seat">(missing), As<"command">(command));
  } else {
    const bool again = was_left_out || IsResting(before, session.Now(), session.zone());
    sentence = Say<"status.active">(As<"name">(name), As<"again">(again), As<"seat">(missing), As<"command">(command));
  }
  return was_left_out && seat ? absl::StrCat(sentence, " ", LastSeatSentence(name, *seat)) : sentence;
}

absl::StatusOr<int> Edit(const std::string& who, const ContactFlags& flags, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(Contact contact, finder.Find(who));
  contacts::v1::UpdateContactRequest request;
  *request.mutable_contact() = contact;
  COUNCIL_RETURN_IF_ERROR(
      ApplyContactFlags(flags, session, *request.mutable_contact(), *request.mutable_update_mask()));
  if (request.update_mask().paths().empty()) {
    return absl::InvalidArgumentError("say what to change, for example --title \"Head of Design\"");
  }
  std::optional<contacts::v1::Seat> seat;
  if (!session.json() && IsLeftOut(contact) != IsLeftOut(request.contact())) {
    // Who comes back had theirs until just before their status, or something else about them, was changed last.
    const auto as_of = IsLeftOut(contact)
                           ? std::optional(base::FromProto(contact.update_time()) - absl::Microseconds(1))
                           : std::nullopt;
    COUNCIL_ASSIGN_OR_RETURN(seat, ReadSeat(contact.id(), as_of, session));
  }
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::UpdateContactResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  std::vector<std::string> changed;
  bool status = false;
  for (std::string path : request.update_mask().paths()) {
    if (path == "status" || path == "paused_until") {
      status = true;
    } else {
      std::replace(path.begin(), path.end(), '_', ' ');
      changed.push_back(std::move(path));
    }
  }
  if (!changed.empty()) {
    session.out() << OneLine(response.contact().display_name()) << ": " << JoinWords(changed) << " changed.\n";
  }
  if (status) session.out() << StatusSentence(contact, response.contact(), seat, session) << '\n';
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
    const std::vector<std::string> names = {a.display_name(), b.display_name()};
    session.out() << OneLine(Say<"contacts.acquainted">(As<"names">(names), As<"known">(!strangers))) << '\n';
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

  AddMergeCommands(*contacts, chosen);

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
