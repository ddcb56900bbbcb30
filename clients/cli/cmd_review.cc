// council review: a year looked back on, as text or as a page with plots.

#include <CLI/App.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/output_file.h"
#include "clients/cli/people.h"
#include "clients/cli/review_html.h"
#include "clients/cli/review_text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 9999;

struct ReviewOptions {
  // 0: as the service chooses.
  int year = 0;
  std::string html;
};

absl::StatusOr<int> Review(const ReviewOptions& options, Session& session) {
  if (session.json() && !options.html.empty()) {
    return absl::InvalidArgumentError("--html and --output=json are two ways of writing it: choose one");
  }
  recommendations::v1::GetReviewRequest request;
  request.set_year(options.year);
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::GetReviewResponse review, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(review));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  if (options.html.empty()) {
    session.out() << RenderReviewText(review, NamesFrom(book), session.terminal(), session.discreet(),
                                      session.language());
    return kExitOk;
  }
  const std::string page = RenderReviewHtml(review, NamesFrom(book), session.discreet(), session.language());
  if (options.html == "-") {
    session.data() << page;
    return kExitOk;
  }
  COUNCIL_RETURN_IF_ERROR(WriteFile(options.html, page));
  session.out() << options.html << " is written.\n";
  return kExitOk;
}

}  // namespace

void AddReviewCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ReviewOptions>();
  CLI::App* command = app.add_subcommand("review", "A year: talks, who came and who faded, what passed, the balance");
  command->add_option("year", options->year, "Which year (default: this one, in January the last one)")
      ->check(CLI::Range(kFirstYear, kLastYear));
  command->add_option("--html", options->html,
                      "Write it as a page with plots to this file, readable by you alone; - for standard output");
  command->footer("Example:\n  council review\n  council review 2025 --html 2025.html");
  command->callback([&chosen, options] { chosen = [options](Session& session) { return Review(*options, session); }; });
}

}  // namespace council::cli
