// council talks and council ties: what happened, entry by entry and person by person.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/table.h"
#include "clients/cli/talk.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using ledger::v1::Tie;

struct TalksOptions {
  std::string name;
  std::optional<std::string> since;
  std::optional<std::string> until;
  int limit = 20;
  bool all = false;
};

absl::StatusOr<int> Talks(const TalksOptions& options, Session& session) {
  ContactFinder finder(session);
  ledger::v1::ListInteractionsRequest request;
  request.set_include_corrected(options.all);
  if (!options.name.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder.Find(options.name));
    request.set_contact_id(contact.id());
    *request.mutable_former_ids() = contact.former_ids();
  }
  if (options.since) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time since, ParseWhen(*options.since, session.Now(), session.zone()));
    *request.mutable_start_time() = base::ToProto(StartOfDay(since, session.zone()));
  }
  if (options.until) {
    COUNCIL_ASSIGN_OR_RETURN(const absl::Time until, ParseWhen(*options.until, session.Now(), session.zone()));
    *request.mutable_end_time() = base::ToProto(StartOfDay(until, session.zone(), /*days_later=*/1));
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Interaction> talks,
                           ListInteractions(session.client(), request, static_cast<size_t>(options.limit)));
  if (session.json()) {
    session.Print({{"interactions", ToJsonArray(talks)}});
    return kExitOk;
  }
  if (talks.empty()) {
    session.out() << words::Say<"talks.none">() << '\n';
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  session.out() << RenderTalks(talks, *book, session);
  if (talks.size() == static_cast<size_t>(options.limit)) {
    session.out() << session.terminal().Styled(Style::kDim,
                                               absl::StrCat("The latest ", options.limit, "; more with --limit"))
                  << '\n';
  }
  return kExitOk;
}

// "12" or "–" where there is nothing, decayed sums rounded.
std::string Sum(double value) {
  return value < 0.5 ? "–" : absl::StrFormat("%.0f", value);
}

// How talks with someone felt lately, in a word; empty where nobody said.
std::string Feeling(const Tie& tie) {
  if (tie.energy_entries() == 0) return "";
  // Drain weighs double in its sum already.
  const absl::string_view feeling = tie.draining() > tie.energizing()   ? "tiring"
                                    : tie.energizing() > tie.draining() ? "energizing"
                                                                        : "even";
  return words::Say<"ties.feeling">(words::As<"feeling">(feeling));
}

absl::StatusOr<int> Ties(const std::string& name, Session& session) {
  ContactFinder finder(session);
  std::vector<contacts::v1::Contact> asked;
  if (name.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
    asked = book->contacts();
  } else {
    COUNCIL_ASSIGN_OR_RETURN(contacts::v1::Contact contact, finder.Find(name));
    asked.push_back(std::move(contact));
  }
  COUNCIL_ASSIGN_OR_RETURN(std::vector<Tie> ties, ListTies(session.client(), asked));
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  if (name.empty()) std::erase_if(ties, [](const Tie& tie) { return tie.entries() == 0; });
  std::stable_sort(ties.begin(), ties.end(), [](const Tie& a, const Tie& b) {
    return base::FromProto(a.last_time()) > base::FromProto(b.last_time());
  });
  if (session.json()) {
    nlohmann::ordered_json list = ToJsonArray(ties);
    for (auto& tie : list) tie["displayName"] = book->NameOf(tie["contactId"].get<std::string>());
    session.Print({{"ties", list}});
    return kExitOk;
  }
  if (ties.empty()) {
    session.out() << words::Say<"ties.none">() << '\n';
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  const std::set<std::string> seated = SeatedIds(council);
  Table table({{"name", Table::kName},
               {"seat"},
               {"last talk"},
               {"talks", Table::kRight},
               {"received", Table::kRight, Table::kBelowIfNarrow},
               {"given", Table::kRight, Table::kBelowIfNarrow},
               {"feels", Table::kFixed, Table::kBelowIfNarrow}});
  for (const Tie& tie : ties) {
    double received = 0;
    double given = 0;
    for (const ledger::v1::TieBenefit& benefit : tie.benefits()) {
      received += benefit.received();
      given += benefit.given();
    }
    // The sums are those of the tie's last entry: brought to now they would only all shrink alike.
    table.Add({book->NameOf(tie.contact_id()), seated.count(tie.contact_id()) > 0 ? "seat" : "",
               tie.entries() == 0
                   ? "never"
                   : FormatDay(base::FromProto(tie.last_time()), session.Now(), session.zone(), session.language()),
               absl::StrCat(tie.touches()), Sum(received), Sum(given), session.discreet() ? "" : Feeling(tie)});
  }
  session.out() << table.Render(session.terminal());
  return kExitOk;
}

}  // namespace

void AddTalksCommands(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<TalksOptions>();
  CLI::App* talks = app.add_subcommand("talks", "Entries of the ledger, newest first");
  talks->add_option("NAME", options->name, "Only those with this contact");
  talks->add_option("--since", options->since, "From this day on: 2w, 2026-05-01");
  talks->add_option("--until", options->until, "Up to and with this day");
  talks->add_option("--limit", options->limit, "At most so many")->check(CLI::Range(1, 1000000))->capture_default_str();
  talks->add_flag("--all", options->all, "Corrected and retracted entries too");
  talks->footer("Example:\n  council talks rosa --since 12w");
  talks->callback([&chosen, options] { chosen = [options](Session& session) { return Talks(*options, session); }; });

  const auto name = std::make_shared<std::string>();
  CLI::App* ties = app.add_subcommand("ties", "What passed with each person: last talk, given and received");
  ties->add_option("NAME", *name, "Only this contact");
  ties->footer("Example:\n  council ties\n  council ties rosa --output=json");
  ties->callback([&chosen, name] { chosen = [name](Session& session) { return Ties(*name, session); }; });
}

}  // namespace council::cli
