// council digest: the coming week, as text or as an e-mail's HTML.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/digest.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/output_file.h"
#include "clients/cli/people.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

constexpr int kDays = 7;

struct DigestOptions {
  bool html = false;
  std::string out;
};

// "Tue 24 Nov": a mail is read on any day of the week, and "today" would be wrong tomorrow.
std::string DayText(absl::CivilDay day, const Session& session) {
  return session.language().Say<"day.weekday">(As<"day">(day));
}

std::string DayText(const std::string& day, const Session& session) {
  absl::CivilDay civil;
  return absl::ParseCivilTime(day, &civil) ? DayText(civil, session) : day;
}

// Takes out check-ins with those whom a step names, since a week need not ask for them twice.
void DropThoseInSteps(const std::vector<recommendations::v1::Recommendation>& steps,
                      recommendations::v1::ListCheckInsResponse& check_ins) {
  std::set<std::string> named;
  for (const recommendations::v1::Recommendation& step : steps) {
    // Other rhythms are no talk.
    if (step.kind() == recommendations::v1::RECOMMENDATION_KIND_REBALANCE) continue;
    named.insert(step.contact_ids().begin(), step.contact_ids().end());
  }
  auto& all = *check_ins.mutable_check_ins();
  const auto rest = std::remove_if(all.begin(), all.end(), [&named](const recommendations::v1::CheckIn& check_in) {
    return named.contains(check_in.contact_id());
  });
  all.erase(rest, all.end());
}

Digest MakeDigest(const Agenda& agenda, const recommendations::v1::CouncilBalance& balance,
                  const recommendations::v1::ListCheckInsResponse& check_ins, const ContactBook& book,
                  const Session& session) {
  Digest digest;
  const absl::CivilDay today = absl::ToCivilDay(session.Now(), session.zone());
  const absl::CivilDay last = today + (kDays - 1);
  digest.title = session.language().Say<"digest.title">(As<"first">(today), As<"last">(last));
  if (balance.seats() == 0) {
    digest.headline = {Say<"headline.nobody">(), Say<"headline.nobody.next">()};
  } else if (!session.discreet()) {
    digest.headline = DescribeBalance(balance);
  }
  const auto meeting = [&](const ledger::v1::Plan& plan) {
    const absl::Time start = base::FromProto(plan.start_time());
    const std::string when = absl::StrCat(DayText(absl::ToCivilDay(start, session.zone()), session),
                                          absl::FormatTime(" %H:%M", start, session.zone()));
    return Digest::Item{
        when, Say<"digest.meeting">(As<"title">(plan.title()), As<"names">(book.SomeNamesOf(plan.contact_ids())))};
  };
  for (const ledger::v1::Plan& plan : agenda.plans) digest.meetings.push_back(meeting(plan));
  for (const ledger::v1::Plan& plan : agenda.unconfirmed) digest.unconfirmed.push_back(meeting(plan));
  for (const ledger::v1::PromiseRecord& record : agenda.promises) {
    std::vector<std::string> names;
    for (const std::string& id : record.contact_ids()) names.push_back(book.NameOf(id));
    digest.promises.push_back({absl::StrCat("By ", DayText(record.promise().due_day(), session)),
                               Say<"promise.in_digest">(As<"by_me">(record.promise().by_me()), As<"names">(names),
                                                        As<"text">(record.promise().text()))});
  }
  for (const recommendations::v1::Recommendation& step : agenda.steps) {
    digest.steps.push_back(DescribeStep(step, book, session));
  }
  for (const recommendations::v1::CheckIn& check_in : check_ins.check_ins()) {
    digest.check_ins.push_back({DayText(check_in.day(), session), book.NameOf(check_in.contact_id())});
  }
  return digest;
}

absl::StatusOr<int> RunDigest(const DigestOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  COUNCIL_ASSIGN_OR_RETURN(const Agenda agenda, ReadAgenda(session, book, kDays));
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::GetCouncilBalanceResponse balance,
                           session.client().Call(recommendations::v1::GetCouncilBalanceRequest()));
  recommendations::v1::ListCheckInsRequest check_ins_request;
  *check_ins_request.mutable_end_time() =
      base::ToProto(StartOfDay(session.Now(), session.zone(), kDays) - absl::Seconds(1));
  COUNCIL_ASSIGN_OR_RETURN(recommendations::v1::ListCheckInsResponse check_ins,
                           session.client().Call(check_ins_request));
  DropThoseInSteps(agenda.steps, check_ins);
  std::string text;
  if (session.json()) {
    const absl::CivilDay today = absl::ToCivilDay(session.Now(), session.zone());
    const nlohmann::ordered_json json = {{"firstDay", absl::FormatCivilTime(today)},
                                         {"lastDay", absl::FormatCivilTime(today + kDays - 1)},
                                         {"balance", ToJson(balance.balance())},
                                         {"plans", ToJsonArray(agenda.plans)},
                                         {"unconfirmedPlans", ToJsonArray(agenda.unconfirmed)},
                                         {"promises", ToJsonArray(agenda.promises)},
                                         {"recommendations", ToJsonArray(agenda.steps)},
                                         {"checkIns", ToJsonArray(check_ins.check_ins())}};
    text = session.JsonText(json);
  } else {
    const Digest digest = MakeDigest(agenda, balance.balance(), check_ins, book, session);
    text = options.html ? RenderDigestHtml(digest)
                        : RenderDigestText(digest, std::min(kDigestColumns, session.terminal().width));
  }
  if (options.out.empty() || options.out == "-") {
    session.data() << text;
    return kExitOk;
  }
  COUNCIL_RETURN_IF_ERROR(WriteFile(options.out, text));
  if (!session.json()) session.out() << options.out << " is written.\n";
  return kExitOk;
}

}  // namespace

void AddDigestCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<DigestOptions>();
  CLI::App* digest = app.add_subcommand("digest", "The coming week, to read or to mail to yourself");
  digest->add_flag("--html", options->html, "As HTML for an e-mail, instead of plain text");
  digest->add_option("--out", options->out, "File to write, readable by you alone (default: standard output)");
  digest->footer(
      "Example:\n"
      "  council digest\n"
      "  council digest --html --out digest.html\n"
      "  (printf 'To: me@example.com\\nSubject: My week\\nMIME-Version: 1.0\\n'\n"
      "   printf 'Content-Type: text/html; charset=utf-8\\n\\n'; council digest --html) | sendmail -t");
  digest->callback(
      [&chosen, options] { chosen = [options](Session& session) { return RunDigest(*options, session); }; });
}

}  // namespace council::cli
