// council propose: the best council that one's contacts would make.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <regex>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/balance_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/steps.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using recommendations::v1::ProposeCouncilResponse;
using recommendations::v1::ProposedSeat;

struct ProposeOptions {
  std::vector<std::string> pinned;
  std::vector<std::string> excluded;
  std::string size;
};

// "12-18", or "14" for just so many.
absl::Status ParseSize(const std::string& text, recommendations::v1::ProposeCouncilRequest& request) {
  static const std::regex pattern(R"(\s*(\d{1,3})\s*(?:(?:-|–|to)\s*(\d{1,3})\s*)?)");
  std::smatch match;
  if (!std::regex_match(text, match, pattern)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no size; say for example 12-18, or 14"));
  }
  request.set_size_min(std::stoi(match[1]));
  request.set_size_max(std::stoi(match[match[2].matched ? 2 : 1]));
  return absl::OkStatus();
}

std::vector<std::string> RolesOf(const ProposedSeat& seat) {
  return WordsOf<common::v1::CouncilRole>(seat.seat().roles());
}

void PrintSeats(const ProposeCouncilResponse& response, const Session& session) {
  Table table(
      {{"#", Table::kRight}, {""}, {"name", Table::kName}, {"roles", Table::kFlexible}, {"adds", Table::kRight}});
  for (int i = 0; i < response.seats_size(); ++i) {
    const ProposedSeat& seat = response.seats(i);
    table.Add({std::to_string(i + 1), seat.seated() ? "" : "new", seat.contact().display_name(),
               absl::StrJoin(RolesOf(seat), ", "), SignedPoints(seat.contribution())});
    table.AddDetail(seat.reason());
  }
  session.out() << table.Render(session.terminal());
}

// How to follow the proposal, shown with its first newcomer.
void PrintHowTo(const ProposeCouncilResponse& response, const Session& session) {
  const auto newcomer = std::find_if(response.seats().begin(), response.seats().end(),
                                     [](const ProposedSeat& seat) { return !seat.seated(); });
  if (newcomer == response.seats().end()) return;
  const std::vector<std::string> roles = RolesOf(*newcomer);
  session.out() << session.terminal().Styled(
                       Style::kDim, words::Say<"propose.how">(words::As<"command">(absl::StrCat(
                                        "council seat ", ShellWord(OneLine(newcomer->contact().display_name())),
                                        " --as ", roles.empty() ? "ROLE" : absl::StrJoin(roles, ",")))))
                << '\n';
}

absl::StatusOr<int> Propose(const ProposeOptions& options, Session& session) {
  if (session.SaysScoresAreHidden("propose")) return kExitOk;
  recommendations::v1::ProposeCouncilRequest request;
  if (!options.size.empty()) COUNCIL_RETURN_IF_ERROR(ParseSize(options.size, request));
  ContactFinder finder(session);
  for (const std::string& name : options.pinned) {
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder.Find(name));
    request.add_pinned_ids(contact.id());
  }
  for (const std::string& name : options.excluded) {
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact contact, finder.Find(name));
    request.add_excluded_ids(contact.id());
  }
  COUNCIL_ASSIGN_OR_RETURN(const ProposeCouncilResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  std::ostream& out = session.out();
  if (response.seats().empty()) {
    out << words::Say<"propose.nobody">() << '\n';
    return kExitOk;
  }
  const auto newcomers = std::count_if(response.seats().begin(), response.seats().end(),
                                       [](const ProposedSeat& seat) { return !seat.seated(); });
  out << session.terminal().Styled(
             Style::kBold,
             words::Say<"propose.headline">(words::As<"exact">(response.exact()),
                                            words::As<"seats">(response.seats_size()), words::As<"new">(newcomers)))
      << "\n\n"
      << RenderChange(response.current(), response.balance(), session.terminal()) << '\n';
  PrintSeats(response, session);
  if (response.unseated_ids_size() > 0) {
    COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
    std::vector<std::string> names;
    for (const std::string& id : response.unseated_ids()) names.push_back(book->NameOf(id));
    out << "\nWithout a seat then:\n";
    for (const std::string& line : Wrap(OneLine(JoinWords(names)), session.terminal().width - 2)) {
      out << "  " << line << '\n';
    }
  }
  PrintHowTo(response, session);
  return kExitOk;
}

}  // namespace

void AddProposeCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ProposeOptions>();
  CLI::App* propose = app.add_subcommand("propose", "The best council that your contacts would make; changes nothing");
  AddList(*propose, "--pin", options->pinned, "Who has a seat in any case");
  AddList(*propose, "--without", options->excluded, "Who has none");
  propose->add_option("--size", options->size, "How many seats: 12-18, or 14 (default: 12-18)");
  propose->footer(
      "\"adds\" is what the score would lose without them. Newcomers count as if seated a quarter ago.\n"
      "Example:\n  council propose\n  council propose --pin rosa,hana --without jonas --size 12-14");
  propose->callback(
      [&chosen, options] { chosen = [options](Session& session) { return Propose(*options, session); }; });
}

}  // namespace council::cli
