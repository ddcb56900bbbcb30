// council introductions: who of one's contacts should meet.

#include <CLI/App.hpp>
#include <memory>
#include <ostream>

#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr int kUsual = 5;
constexpr int kMost = 100;
constexpr int kIndent = 2;

absl::StatusOr<int> Introductions(int limit, Session& session) {
  recommendations::v1::SuggestIntroductionsRequest request;
  request.set_page_size(limit);
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::SuggestIntroductionsResponse response,
                           session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  std::ostream& out = session.out();
  if (response.introductions().empty()) {
    out << words::Say<"introductions.none">() << '\n';
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  for (const recommendations::v1::IntroductionSuggestion& introduction : response.introductions()) {
    const std::string names =
        JoinWords({book.NameOf(introduction.contact_id()), book.NameOf(introduction.other_contact_id())});
    for (const std::string& line : Wrap(OneLine(names), session.terminal().width)) {
      out << session.terminal().Styled(Style::kBold, line) << '\n';
    }
    for (const std::string& line : Wrap(OneLine(introduction.reason()), session.terminal().width - kIndent)) {
      out << std::string(kIndent, ' ') << line << '\n';
    }
  }
  out << session.terminal().Styled(Style::kDim,
                                   "council log NAME --given introduction=OTHER writes down that you did; council "
                                   "contacts acquaint NAME OTHER that they know each other already.")
      << '\n';
  return kExitOk;
}

}  // namespace

void AddIntroductionsCommand(CLI::App& app, Command& chosen) {
  const auto limit = std::make_shared<int>(kUsual);
  CLI::App* command = app.add_subcommand("introductions", "Who of your contacts should meet, and why");
  command->add_option("--limit", *limit, "How many at most")->check(CLI::Range(1, kMost))->capture_default_str();
  command->footer("Example:\n  council introductions\n  council log rosa --given \"introduction=tomasz\"");
  command->callback(
      [&chosen, limit] { chosen = [limit](Session& session) { return Introductions(*limit, session); }; });
}

}  // namespace council::cli
