// council seat and council unseat: who sits on the council, and what for.

#include <CLI/App.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
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

using contacts::v1::CouncilSeat;
using contacts::v1::Seat;

// Fewer entries say nothing about what is missing in them.
constexpr int kEntriesThatShow = 5;

// A seat as typed; what was not said stays as it is.
struct SeatFlags {
  std::string name;
  std::vector<std::string> roles;
  std::vector<std::string> domains;
  std::optional<std::string> every;
  std::optional<std::string> at_most;
  std::optional<std::string> since;
  std::vector<std::string> facets;
  // Contacts whom they know.
  std::vector<std::string> knows;
};

absl::Status ApplySeatFlags(const SeatFlags& flags, const Session& session, Seat& seat) {
  base::FieldViolations wrong;
  const auto note = [&](const char* name, const absl::Status& status) {
    if (!status.ok()) wrong.Add(name, std::string(status.message()));
    return status.ok();
  };
  if (!flags.roles.empty()) seat.clear_roles();
  for (const std::string& text : flags.roles) {
    const auto role = ParseEnum<common::v1::CouncilRole>("role", text);
    if (note("as", role.status())) seat.add_roles(*role);
  }
  if (!flags.domains.empty()) seat.clear_domains();
  for (const std::string& text : flags.domains) {
    const auto domain = ParseEnum<common::v1::LifeDomain>("domain", text);
    if (note("domain", domain.status())) seat.add_domains(*domain);
  }
  if (flags.every) {
    const auto cadence = ParseCadence(*flags.every);
    if (note("every", cadence.status())) *seat.mutable_cadence() = base::ToProto(*cadence);
  }
  if (flags.at_most) {
    const auto gap = ParseCadence(*flags.at_most);
    if (note("at-most", gap.status())) *seat.mutable_longest_gap() = base::ToProto(*gap);
  }
  if (flags.since) {
    const auto since = ParseWhen(*flags.since, session.Now(), session.zone());
    if (note("since", since.status())) *seat.mutable_seated_time() = base::ToProto(*since);
  }
  return wrong.ToStatus();
}

// "Tue 2 Dec"; empty where no talk with the seat is proposed.
std::string NextDate(const CouncilSeat& seat, const std::map<std::string, absl::CivilDay>& next_talks,
                     const Session& session) {
  const auto day = next_talks.find(seat.contact().id());
  if (day == next_talks.end()) return "";
  return FormatDay(day->second, session.Now(), session.zone(), session.language());
}

absl::StatusOr<int> ShowCouncil(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  if (session.json()) {
    session.Print(ToJson(council));
    return kExitOk;
  }
  if (council.seats().empty()) {
    session.out() << Say<"headline.nobody">() << ' ' << Say<"headline.nobody.first">() << '\n';
    return kExitOk;
  }
  std::vector<contacts::v1::Contact> seated;
  for (const CouncilSeat& seat : council.seats()) seated.push_back(seat.contact());
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Tie> ties, ListTies(session.client(), seated));
  const std::map<std::string, absl::CivilDay> next_talks = ReadNextTalks(session);
  Table table({{"name", Table::kName},
               {"roles", Table::kFlexible},
               {"domains", Table::kFlexible},
               {"every"},
               {"last talk"},
               {"next about"}});
  for (int i = 0; i < council.seats_size(); ++i) {
    const CouncilSeat& seat = council.seats(i);
    const ledger::v1::Tie& tie = ties.at(static_cast<size_t>(i));
    table.Add({seat.contact().display_name(),
               absl::StrJoin(WordsOf<common::v1::CouncilRole>(seat.seat().roles()), ", "),
               absl::StrJoin(WordsOf<common::v1::LifeDomain>(seat.seat().domains()), ", "),
               seat.has_effective_cadence() ? FormatCadence(base::FromProto(seat.effective_cadence())) : "",
               tie.has_last_time()
                   ? FormatDay(base::FromProto(tie.last_time()), session.Now(), session.zone(), session.language())
                   : "",
               NextDate(seat, next_talks, session)});
  }
  session.out() << table.Render(session.terminal());
  return kExitOk;
}

// Seats one contact, over the seat that they have, and sets facets and acquaintances; gives the seat as it is now.
absl::StatusOr<CouncilSeat> SeatOne(const SeatFlags& flags, Session& session, ContactFinder& finder,
                                    const contacts::v1::GetCouncilResponse& council) {
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::Contact contact, finder.Find(flags.name));
  contacts::v1::SeatContactRequest request;
  request.set_contact_id(contact.id());
  if (const CouncilSeat* today = SeatOf(council, contact.id())) *request.mutable_seat() = today->seat();
  request.mutable_seat()->clear_contact_id();
  request.mutable_seat()->clear_first_seated_time();
  COUNCIL_RETURN_IF_ERROR(ApplySeatFlags(flags, session, *request.mutable_seat()));
  if (!flags.facets.empty()) {
    contacts::v1::UpdateContactRequest update;
    *update.mutable_contact() = contact;
    update.mutable_update_mask()->add_paths("facets");
    COUNCIL_RETURN_IF_ERROR(ApplyFacets(flags.facets, *update.mutable_contact()));
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::UpdateContactResponse updated, session.client().Call(update));
    contact = updated.contact();
  }
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::SeatContactResponse response, session.client().Call(request));
  for (const std::string& name : flags.knows) {
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact other, finder.Find(name));
    contacts::v1::SetAcquaintanceRequest acquaintance;
    acquaintance.set_contact_id(contact.id());
    acquaintance.set_other_contact_id(other.id());
    acquaintance.set_acquainted(true);
    COUNCIL_RETURN_IF_ERROR(session.client().Call(acquaintance).status());
  }
  CouncilSeat seat;
  *seat.mutable_seat() = std::move(*response.mutable_seat());
  *seat.mutable_contact() = std::move(contact);
  if (seat.seat().has_cadence()) *seat.mutable_effective_cadence() = seat.seat().cadence();
  return seat;
}

// What the ledger shows of the roles: for a seat without any a proposal, else those that nothing shows yet.
void PrintShownRoles(const Seat& seat, const ledger::v1::Tie& tie, const Session& session) {
  const auto& shown = tie.shown_roles();
  if (seat.roles().empty()) {
    const std::vector<std::string> words = WordsOf<common::v1::CouncilRole>(shown);
    if (words.empty()) return;
    session.out() << Say<"seat.shown">(As<"roles">(words), As<"flags">(absl::StrJoin(words, ","))) << '\n';
    return;
  }
  if (tie.entries() < kEntriesThatShow) return;
  std::vector<std::string> words;
  for (const int role : seat.roles()) {
    if (std::find(shown.begin(), shown.end(), role) != shown.end()) continue;
    words.emplace_back(Word(static_cast<common::v1::CouncilRole>(role)));
  }
  if (words.empty()) return;
  session.out() << Say<"seat.not_shown">(As<"roles">(words), As<"entries">(tie.entries())) << '\n';
}

absl::StatusOr<int> SeatNamed(const SeatFlags& flags, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(CouncilSeat seat, SeatOne(flags, session, finder, council));
  // Where the seat leaves its cadence open, a tag may give one.
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse now,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  if (const CouncilSeat* seated = SeatOf(now, seat.contact().id())) seat = *seated;
  if (session.json()) {
    session.Print(ToJson(seat));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Tie> ties, ListTies(session.client(), {seat.contact()}));
  const std::string roles = absl::StrJoin(WordsOf<common::v1::CouncilRole>(seat.seat().roles()), ", ");
  const std::string every =
      seat.has_effective_cadence() ? FormatCadence(base::FromProto(seat.effective_cadence())) : "";
  const std::string next = NextDate(seat, ReadNextTalks(session), session);
  session.out() << OneLine(Say<"seat.taken">(As<"name">(seat.contact().display_name()), As<"known">(!roles.empty()),
                                             As<"roles">(roles), As<"every">(every.empty() ? "none" : "some"),
                                             As<"rhythm">(every), As<"next">(next.empty() ? "none" : "day"),
                                             As<"day">(next)))
                << '\n';
  PrintShownRoles(seat.seat(), ties.at(0), session);
  return kExitOk;
}

absl::StatusOr<SeatFlags> ParseSeatLine(const std::string& line) {
  const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return absl::InvalidArgumentError("is not a JSON object");
  SeatFlags flags;
  try {
    for (const auto& [name, value] : object.items()) {
      if (name == "contact") {
        flags.name = value.get<std::string>();
      } else if (name == "roles") {
        flags.roles = value.get<std::vector<std::string>>();
      } else if (name == "domains") {
        flags.domains = value.get<std::vector<std::string>>();
      } else if (name == "every") {
        flags.every = value.get<std::string>();
      } else if (name == "atMost") {
        flags.at_most = value.get<std::string>();
      } else if (name == "since") {
        flags.since = value.get<std::string>();
      } else if (name == "knows") {
        flags.knows = value.get<std::vector<std::string>>();
      } else if (name == "facets") {
        for (const auto& [facet, text] : value.items()) flags.facets.push_back(facet + "=" + text.get<std::string>());
      } else {
        return base::InvalidField(name, "is not known here");
      }
    }
  } catch (const nlohmann::json::exception&) {
    return absl::InvalidArgumentError("has a value of another kind than expected: texts, and lists of texts");
  }
  if (flags.name.empty()) return base::InvalidField("contact", "is missing: say who takes the seat");
  return flags;
}

absl::StatusOr<int> SeatLines(std::istream& lines, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  ContactFinder finder(session);
  nlohmann::ordered_json seats = nlohmann::ordered_json::array();
  nlohmann::ordered_json skipped = nlohmann::ordered_json::array();
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const absl::StatusOr<SeatFlags> flags = ParseSeatLine(line);
    const absl::StatusOr<CouncilSeat> seat =
        flags.ok() ? SeatOne(*flags, session, finder, council) : absl::StatusOr<CouncilSeat>(flags.status());
    if (seat.ok()) {
      seats.push_back(ToJson(*seat));
    } else if (ExitCodeFor(seat.status()) == kExitUnavailable) {
      return seat.status();
    } else {
      skipped.push_back({{"line", number}, {"reason", std::string(seat.status().message())}});
    }
  }
  if (session.json()) {
    session.Print({{"seats", seats}, {"skipped", skipped}});
  } else {
    session.out() << Count(static_cast<long long>(seats.size()), "seat") << " taken";
    if (!skipped.empty()) session.out() << ", " << Count(static_cast<long long>(skipped.size()), "line") << " not:";
    session.out() << '\n';
    for (const auto& skip : skipped) {
      session.out() << "  line " << skip["line"] << ": " << OneLine(skip["reason"].get<std::string>()) << '\n';
    }
  }
  if (skipped.empty()) return kExitOk;
  return seats.empty() ? kExitUsage : kExitPartly;
}

absl::StatusOr<int> Unseat(const std::string& name, Session& session) {
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder.Find(name));
  contacts::v1::UnseatContactRequest request;
  request.set_contact_id(contact.id());
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::UnseatContactResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
  } else {
    session.out() << OneLine(Say<"seat.ended">(As<"name">(contact.display_name()))) << '\n';
  }
  return kExitOk;
}

}  // namespace

void AddSeatCommands(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<SeatFlags>();
  const auto from = std::make_shared<std::string>();
  CLI::App* seat =
      app.add_subcommand("seat", "Give a contact a seat on the council, or change it; alone: show the council");
  seat->add_option("NAME,--contact", flags->name, "Who: a part of a name or e-mail address, or an id");
  AddList(*seat, "--as", flags->roles, "Roles: energizer, informant, supporter, brainstormer, mentor, sponsor");
  AddList(*seat, "--domain", flags->domains,
          "What talks are mostly about: career, physical, mental, emotional, social");
  seat->add_option("--every", flags->every, "How often you mean to talk: 10d, 6w, 2m");
  seat->add_option("--at-most", flags->at_most, "The longest gap that is fine: 9w");
  seat->add_option("--since", flags->since, "Since when: 2025-11-01, 52w (default: now)");
  AddList(*seat, "--knows", flags->knows, "Contacts whom they know: diverse is who bridges");
  AddList(*seat, "--facet", flags->facets, "What diversity is measured over: function=design, seniority=senior");
  seat->add_option("--from", *from, "Read many from a file of JSON lines, - for standard input");
  seat->footer(
      "Example:\n"
      "  council seat rosa --as mentor,sponsor --every 6w --domain career\n"
      "  council seat");
  seat->callback([&chosen, flags, from] {
    chosen = [flags, from](Session& session) -> absl::StatusOr<int> {
      if (!from->empty() && !flags->name.empty())
        return absl::InvalidArgumentError("say either NAME or --from, not both");
      if (*from == "-") return SeatLines(*session.terminal().in, session);
      if (!from->empty()) {
        std::ifstream file(*from);
        if (!file) return absl::NotFoundError(absl::StrCat("can't read ", *from));
        return SeatLines(file, session);
      }
      return flags->name.empty() ? ShowCouncil(session) : SeatNamed(*flags, session);
    };
  });

  const auto name = std::make_shared<std::string>();
  CLI::App* unseat = app.add_subcommand("unseat", "End a seat; contact and history stay");
  unseat->add_option("NAME,--contact", *name, "Who: a part of a name or e-mail address, or an id")->required();
  unseat->footer("Example:\n  council unseat rosa");
  unseat->callback([&chosen, name] { chosen = [name](Session& session) { return Unseat(*name, session); }; });
}

}  // namespace council::cli
