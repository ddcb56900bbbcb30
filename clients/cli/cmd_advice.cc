// council advice: the few steps that would help most, why, and what one says to them.

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/discretion.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/steps.h"
#include "clients/cli/talk.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using recommendations::v1::ListRecommendationsRequest;
using recommendations::v1::ListRecommendationsResponse;
using recommendations::v1::Recommendation;

constexpr int kUsualSteps = 5;
constexpr int kMostSteps = 100;
constexpr char kUsualSnooze[] = "2w";

struct ListOptions {
  std::vector<std::string> kinds;
  int limit = kUsualSteps;
  bool all = false;
};

// Which step is meant.
struct StepOptions {
  std::string number;
  std::string id;
  std::string snooze = kUsualSnooze;
};

void PrintNoSteps(const ListOptions& options, Session& session) {
  if (!options.kinds.empty()) {
    session.out() << words::Say<"step.none.of_kind">() << '\n';
  } else {
    session.out() << words::Say<"step.none.now">()
                  << "\ncouncil log NAME --on yesterday --received advice --energy good\n"
                  << words::Say<"propose.hint">() << '\n';
  }
}

absl::StatusOr<int> List(const ListOptions& options, Session& session) {
  ListRecommendationsRequest request;
  request.set_page_size(options.all ? kMostSteps : options.limit);
  request.set_include_answered(options.all);
  for (const std::string& text : options.kinds) {
    COUNCIL_ASSIGN_OR_RETURN(const auto kind, ParseEnum<recommendations::v1::RecommendationKind>("kind", text));
    request.add_kinds(kind);
  }
  COUNCIL_ASSIGN_OR_RETURN(const ListRecommendationsResponse response, session.client().Call(request));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  session.memory().advice.clear();
  if (response.recommendations().empty()) {
    PrintNoSteps(options, session);
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  std::vector<Step> steps;
  for (const Recommendation& recommendation : response.recommendations()) {
    if (session.discreet() && IsAboutEnergy(recommendation.kind())) continue;
    session.memory().advice.push_back(recommendation.id());
    steps.push_back(DescribeStep(recommendation, book, session));
  }
  session.out() << RenderSteps(steps, session.terminal())
                << session.terminal().Styled(
                       Style::kDim,
                       absl::StrCat(
                           "On the right: how long it takes",
                           session.discreet() ? "" : ", and the points that your balance would gain",
                           ".\ncouncil advice why 1 shows what is behind it; accept 1, dismiss 1 or snooze 1 2w "
                           "answers it."))
                << '\n';
  for (const std::string& fewer : FewerTexts(response.fewer_of(), session.discreet())) {
    session.out() << session.terminal().Styled(Style::kDim, fewer) << '\n';
  }
  return kExitOk;
}

// The id of the step that is meant, by its number in the last list or by itself.
absl::StatusOr<std::string> IdOf(const StepOptions& options, const Memory& memory) {
  if (options.id.empty() == options.number.empty()) {
    return absl::InvalidArgumentError("say which step: its number in the last \"council advice\", or --id");
  }
  if (!options.id.empty()) return options.id;
  if (memory.advice.empty()) {
    return absl::NotFoundError("no steps are numbered yet; council advice lists them");
  }
  const int count = static_cast<int>(memory.advice.size());
  int number = 0;
  if (!absl::SimpleAtoi(options.number, &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", options.number, "\" is no number of a step; council advice shows them"));
  }
  return IdOfListed(
      options.number, memory.advice,
      absl::StrCat("the last list had ", Count(count, "step"), ", no ", number, "; council advice shows today's"));
}

absl::Status IsGone() {
  return absl::NotFoundError("that step is not part of the advice any more; council advice lists what is");
}

absl::StatusOr<int> Respond(const StepOptions& options, recommendations::v1::RecommendationResponse answer,
                            Session& session) {
  recommendations::v1::RespondToRecommendationRequest request;
  COUNCIL_ASSIGN_OR_RETURN(*request.mutable_id(), IdOf(options, session.memory()));
  request.set_response(answer);
  if (answer == recommendations::v1::RECOMMENDATION_RESPONSE_SNOOZE) {
    const absl::StatusOr<absl::Duration> pause = ParseCadence(options.snooze);
    if (!pause.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", options.snooze, "\" is no time to wait; say for example 3d, 2w or 2m (1 to 730 days)"));
    }
    const int days = static_cast<int>(absl::ToInt64Hours(*pause) / 24);
    *request.mutable_snooze_until() = base::ToProto(StartOfDay(session.Now(), session.zone(), days));
  }
  const absl::StatusOr<recommendations::v1::RespondToRecommendationResponse> response = session.client().Call(request);
  if (absl::IsNotFound(response.status())) return IsGone();
  if (!response.ok()) return response.status();
  if (session.json()) {
    session.Print(ToJson(*response));
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  const Step step = DescribeStep(response->recommendation(), book, session);
  const absl::string_view then = answer == recommendations::v1::RECOMMENDATION_RESPONSE_ACCEPT    ? "log"
                                 : answer == recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS ? "away"
                                                                                                  : "none";
  session.out() << words::Say<"step.answered">(words::As<"step">(step.what), words::As<"answer">(step.answer),
                                               words::As<"then">(then))
                << '\n';
  return kExitOk;
}

// Looks for a step among `request`'s; nothing where it is not there.
absl::StatusOr<std::optional<Recommendation>> FindAmong(ListRecommendationsRequest request, const std::string& id,
                                                        Session& session) {
  request.set_page_size(kMostSteps);
  request.set_include_answered(true);
  do {
    COUNCIL_ASSIGN_OR_RETURN(const ListRecommendationsResponse page, session.client().Call(request));
    for (const Recommendation& recommendation : page.recommendations()) {
      if (recommendation.id() == id) return recommendation;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return std::nullopt;
}

absl::StatusOr<Recommendation> Find(const std::string& id, Session& session) {
  // A contact has one step in a list: one that was seen under --kind may stand behind another in the list of all.
  const google::protobuf::EnumDescriptor& kinds = *recommendations::v1::RecommendationKind_descriptor();
  for (int i = 0; i < kinds.value_count(); ++i) {
    const int kind = kinds.value(i)->number();
    ListRecommendationsRequest request;
    if (kind != 0) request.add_kinds(static_cast<recommendations::v1::RecommendationKind>(kind));
    COUNCIL_ASSIGN_OR_RETURN(std::optional<Recommendation> found, FindAmong(request, id, session));
    if (found) return *std::move(found);
  }
  return IsGone();
}

absl::StatusOr<int> Why(const StepOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string id, IdOf(options, session.memory()));
  COUNCIL_ASSIGN_OR_RETURN(const Recommendation recommendation, Find(id, session));
  if (session.discreet() && IsAboutEnergy(recommendation.kind())) {
    return absl::FailedPreconditionError("others may see the screen; council advice why N --no-discreet shows it");
  }
  std::vector<ledger::v1::Interaction> entries;
  for (const int64_t sequence : recommendation.evidence()) {
    ledger::v1::GetInteractionRequest request;
    request.set_sequence(sequence);
    COUNCIL_ASSIGN_OR_RETURN(ledger::v1::GetInteractionResponse response, session.client().Call(request));
    entries.push_back(std::move(*response.mutable_interaction()));
  }
  if (session.json()) {
    session.Print({{"recommendation", ToJson(recommendation)}, {"interactions", ToJsonArray(entries)}});
    return kExitOk;
  }
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  const Step step = DescribeStep(recommendation, book, session);
  std::ostream& out = session.out();
  out << session.terminal().Styled(Style::kBold, step.what) << '\n';
  if (!step.reason.empty()) {
    for (const std::string& line : Wrap(step.reason, session.terminal().width)) out << line << '\n';
  }
  out << "About " << step.minutes << " min";
  if (step.gain) {
    out << ", " << GainText(*step.gain) << " points";
    if (!recommendation.component().empty()) out << ", " << OneLine(recommendation.component()) << " most of all";
  }
  out << (step.answer.empty() ? "" : "; ") << step.answer << ".\n";
  if (entries.empty()) {
    out << '\n' << words::Say<"step.from_seats">() << '\n';
  } else {
    out << "\nIt rests on\n" << RenderTalks(entries, book, session);
  }
  return kExitOk;
}

void AddStepOptions(CLI::App& command, StepOptions& options) {
  command.add_option("N", options.number, "The step's number in the last \"council advice\"");
  command.add_option("--id", options.id, "The step's id, as in --output=json, instead of N");
}

CLI::App* AddAnswer(CLI::App& advice, const char* name, const char* description,
                    recommendations::v1::RecommendationResponse answer, const std::shared_ptr<StepOptions>& options,
                    Command& chosen) {
  CLI::App* command = advice.add_subcommand(name, description);
  AddStepOptions(*command, *options);
  command->footer(absl::StrCat("Example:\n  council advice\n  council advice ", name, " 2"));
  command->callback([&chosen, options, answer] {
    chosen = [options, answer](Session& session) { return Respond(*options, answer, session); };
  });
  return command;
}

}  // namespace

void AddAdviceCommands(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* advice = app.add_subcommand("advice", "The few steps that would help most, and why");
  advice->add_flag("--all", options->all, "All steps, those too that you have answered");
  AddList(*advice, "--kind", options->kinds,
          absl::StrCat("Only these kinds: ",
                       absl::StrJoin(WordsOf(*recommendations::v1::RecommendationKind_descriptor()), ", ")));
  advice->add_option("--limit", options->limit, "How many at most")
      ->check(CLI::Range(1, kMostSteps))
      ->capture_default_str();
  advice->footer(
      "Example:\n  council advice\n  council advice why 1\n  council advice accept 1\n  council advice snooze 2 2w\n  "
      "council advice dismiss 3");
  advice->callback([&chosen, advice, options] {
    if (advice->get_subcommands().empty()) chosen = [options](Session& session) { return List(*options, session); };
  });

  const auto step = std::make_shared<StepOptions>();
  AddAnswer(*advice, "accept", "You take a step on", recommendations::v1::RECOMMENDATION_RESPONSE_ACCEPT, step, chosen);
  AddAnswer(*advice, "dismiss", "A step is not for you: it stays away until its facts change",
            recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS, step, chosen);
  CLI::App* snooze = AddAnswer(*advice, "snooze", "A step comes back later",
                               recommendations::v1::RECOMMENDATION_RESPONSE_SNOOZE, step, chosen);
  snooze->add_option("WAIT,--for", step->snooze, "How long: 3d, 2w, 2m")->capture_default_str();
  snooze->footer("Example:\n  council advice snooze 2\n  council advice snooze 2 6w");
  CLI::App* why = advice->add_subcommand("why", "What a step rests on: the entries behind it");
  AddStepOptions(*why, *step);
  why->footer("Example:\n  council advice\n  council advice why 2");
  why->callback([&chosen, step] { chosen = [step](Session& session) { return Why(*step, session); }; });
}

}  // namespace council::cli
