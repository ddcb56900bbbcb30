// council start: from nothing to a first council in ten minutes.

#include <pwd.h>
#include <unistd.h>
#include <wordexp.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/agenda.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/find_contact.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

namespace fs = std::filesystem;
using contacts::v1::Contact;

constexpr size_t kFilesShown = 12;
constexpr size_t kCardsShown = 6;
constexpr int kFirstCouncil = 12;
constexpr int kMonthsLookedBack = 12;
constexpr int kDaysAMonth = 30;
constexpr int kPlanShown = 6;

void PrintStep(int number, const std::string& title, const Session& session) {
  session.out() << '\n' << session.terminal().Styled(Style::kBold, absl::StrCat(number, " of 4  ", title)) << '\n';
}

bool IsCalendar(const std::string& path) {
  return absl::EndsWithIgnoreCase(path, ".ics") || absl::EndsWithIgnoreCase(path, ".ical");
}

// What looks like an address book or a calendar.
bool LooksUseful(const fs::path& path) {
  const std::string name = absl::AsciiStrToLower(path.filename().string());
  return IsCalendar(name) || absl::EndsWith(name, ".vcf") ||
         (absl::EndsWith(name, ".csv") &&
          (absl::StrContains(name, "contact") || absl::StrContains(name, "connection")));
}

// Such files here and where downloads and documents lie, the newest first.
std::vector<std::string> FilesNearby() {
  std::vector<fs::path> folders = {"."};
  if (const char* home = std::getenv("HOME"); home != nullptr) {
    for (const char* folder : {"Downloads", "Documents", "Desktop"}) folders.push_back(fs::path(home) / folder);
  }
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      if (entry->is_regular_file(ignored) && LooksUseful(entry->path())) {
        found.emplace_back(entry->last_write_time(ignored), entry->path().lexically_normal().string());
      }
    }
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<std::string> files;
  for (auto& [time, path] : found) {
    if (files.size() < kFilesShown) files.push_back(std::move(path));
  }
  return files;
}

// Numbers of `choices` ("1,3"), "all", or paths as a terminal writes them where a file is dropped on it.
std::vector<std::string> ChosenFiles(const std::string& answer, const std::vector<std::string>& choices) {
  if (absl::EqualsIgnoreCase(answer, "all")) return choices;
  wordexp_t words = {};
  if (wordexp(answer.c_str(), &words, WRDE_NOCMD) != 0) return {answer};
  const absl::Cleanup free = [&words] { wordfree(&words); };
  std::vector<std::string> files;
  for (size_t i = 0; i < words.we_wordc; ++i) {
    std::vector<std::string> numbered;
    bool all_numbers = true;
    for (const absl::string_view part : absl::StrSplit(words.we_wordv[i], ',', absl::SkipEmpty())) {
      size_t number = 0;
      all_numbers = all_numbers && absl::SimpleAtoi(part, &number) && number >= 1 && number <= choices.size();
      if (all_numbers) numbered.push_back(choices[number - 1]);
    }
    // A file's name may have commas too.
    if (!all_numbers) numbered = {words.we_wordv[i]};
    files.insert(files.end(), numbered.begin(), numbered.end());
  }
  return files;
}

std::vector<std::string> AskForFiles(bool anybody_known, const Session& session) {
  const std::vector<std::string> nearby = FilesNearby();
  if (!nearby.empty()) {
    session.out() << "These look like address books and calendars:\n";
    for (size_t i = 0; i < nearby.size(); ++i) session.out() << "  " << i + 1 << "  " << OneLine(nearby[i]) << '\n';
  } else if (!anybody_known) {
    session.out() << "Export your address book as vCard (.vcf), your connections as CSV, your calendar as iCalendar "
                     "(.ics);\nthey are read on this machine and sent to your own suite alone.\n";
  }
  const std::string answer = session.terminal().Ask(
      absl::StrCat(nearby.empty() ? "Drop a file here, or type its path" : "Numbers, all, or drop another file here",
                   " (Enter: none): "));
  return answer.empty() ? std::vector<std::string>() : ChosenFiles(answer, nearby);
}

std::string AccountsFullName() {
  const passwd* account = getpwuid(geteuid());
  if (account == nullptr || account->pw_gecos == nullptr) return "";
  const std::string gecos = account->pw_gecos;
  return gecos.substr(0, gecos.find(','));
}

// The person's own card, or an address that they typed.
struct Self {
  std::optional<Contact> card;
  std::vector<std::string> emails;
};

Self AskWhoYouAre(const ContactBook& book, const Session& session) {
  Self self;
  std::vector<Contact> cards = BestMatches(AccountsFullName(), book.contacts());
  std::string typed;
  if (cards.empty() || cards.size() > kCardsShown) {
    typed = session.terminal().Ask("Your own name or e-mail address (Enter: skip): ");
    cards = BestMatches(typed, book.contacts());
    if (cards.size() > kCardsShown) cards.resize(kCardsShown);
  }
  if (!cards.empty()) {
    std::vector<std::string> choices;
    for (const Contact& card : cards) choices.push_back(DescribeContact(card));
    if (const auto picked = session.terminal().Pick(Say<"start.which">(), choices)) self.card = cards[*picked];
  }
  if (self.card) self.emails.assign(self.card->emails().begin(), self.card->emails().end());
  if (self.emails.empty() && absl::StrContains(typed, '@')) self.emails.push_back(typed);
  if (self.emails.empty()) {
    const std::string email = session.terminal().Ask("Your e-mail address, as calendars have it (Enter: skip): ");
    if (absl::StrContains(email, '@')) self.emails.push_back(email);
  }
  return self;
}

absl::Status KnowYourself(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Settings settings, session.Settings());
  contacts::v1::UpdateSettingsRequest update;
  if (settings.time_zone().empty()) {
    update.mutable_settings()->set_time_zone(ZoneName(session.zone()));
    update.mutable_update_mask()->add_paths("time_zone");
  }
  Self self;
  if (settings.own_emails().empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
    self = AskWhoYouAre(book, session);
    if (!self.emails.empty()) {
      update.mutable_settings()->mutable_own_emails()->Assign(self.emails.begin(), self.emails.end());
      update.mutable_update_mask()->add_paths("own_emails");
    }
  } else {
    session.out() << "Known: " << OneLine(absl::StrJoin(settings.own_emails(), ", ")) << ".\n";
  }
  if (!update.update_mask().paths().empty()) COUNCIL_RETURN_IF_ERROR(session.Update(update).status());
  if (self.card &&
      session.terminal().Confirm(OneLine(Say<"start.remove_self">(As<"contact">(DescribeContact(*self.card)))))) {
    contacts::v1::DeleteContactRequest remove;
    remove.set_id(self.card->id());
    remove.set_etag(self.card->etag());
    COUNCIL_RETURN_IF_ERROR(session.client().Call(remove).status());
  }
  if (!self.emails.empty()) {
    session.out() << OneLine(Say<"start.self">(As<"emails">(self.emails))) << '\n';
  }
  return absl::OkStatus();
}

// Somebody who could take a seat.
struct Proposed {
  Contact contact;
  ledger::v1::Tie tie;
  // Of the last twelve months, how many had an entry.
  int months = 0;
};

int MonthsWithEntries(const ledger::v1::Tie& tie, absl::Time now) {
  const int64_t today = absl::ToUnixSeconds(now) / (24 * 3600);
  std::set<int64_t> months;
  for (const ledger::v1::TieDay& day : tie.days()) {
    const int64_t ago = today - day.day();
    if (ago >= 0 && ago < kMonthsLookedBack * kDaysAMonth) months.insert(ago / kDaysAMonth);
  }
  return static_cast<int>(months.size());
}

// Those met in the most months, then most often, who have no seat and were not passed over before.
absl::StatusOr<std::vector<Proposed>> WhoIsMetOften(const contacts::v1::GetCouncilResponse& council, Session& session) {
  std::set<std::string> passed = SeatedIds(council);
  passed.insert(session.memory().passed_over.begin(), session.memory().passed_over.end());
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  std::vector<Contact> asked;
  for (const Contact& contact : book.contacts()) {
    if (IsLeftOut(contact) || IsResting(contact, session.Now(), session.zone())) continue;
    if (!passed.contains(contact.id())) asked.push_back(contact);
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Tie> ties,
                           ListTies(session.client(), asked, /*include_days=*/true));
  std::vector<Proposed> proposed;
  for (size_t i = 0; i < asked.size(); ++i) {
    const int months = MonthsWithEntries(ties.at(i), session.Now());
    if (months > 0) proposed.push_back({asked[i], ties.at(i), months});
  }
  std::stable_sort(proposed.begin(), proposed.end(), [](const Proposed& a, const Proposed& b) {
    return std::make_pair(a.months, a.tie.touches()) > std::make_pair(b.months, b.tie.touches());
  });
  return proposed;
}

// Asks for one key of several, each with its word; empty where Enter skips.
std::string AskWord(const std::string& question, const std::vector<std::pair<char, std::string>>& answers,
                    const Session& session) {
  std::string text = question;
  for (const auto& [key, word] : answers) absl::StrAppend(&text, " ", std::string(1, key), " ", word, " ·");
  const char pressed = session.terminal().Key(text + " Enter skip ");
  for (const auto& [key, word] : answers) {
    if (key == pressed) return word;
  }
  return "";
}

// Function and seniority, where they are not known yet, since diversity is measured over them.
absl::Status AskFacets(const Contact& contact, Session& session) {
  contacts::v1::UpdateContactRequest update;
  *update.mutable_contact() = contact;
  auto& facets = *update.mutable_contact()->mutable_facets();
  const auto ask = [&](const char* facet, const std::string& question,
                       const std::vector<std::pair<char, std::string>>& answers) {
    if (facets.contains(facet)) return;
    const std::string word = AskWord(question, answers, session);
    if (word.empty()) return;
    facets[facet] = word;
    if (update.update_mask().paths().empty()) update.mutable_update_mask()->add_paths("facets");
  };
  ask("function", "  Works in?",
      {{'e', "engineering"},
       {'d', "design"},
       {'p', "product"},
       {'s', "sales"},
       {'m', "marketing"},
       {'f', "finance"},
       {'l', "legal"},
       {'h', "people"},
       {'o', "operations"},
       {'r', "research"}});
  ask("seniority", "  How senior?", {{'j', "junior"}, {'m', "mid"}, {'s', "senior"}, {'x', "executive"}});
  if (update.update_mask().paths().empty()) return absl::OkStatus();
  return session.client().Call(update).status();
}

absl::Status TakeSeat(const Contact& contact, const ledger::v1::Tie& tie, Session& session) {
  contacts::v1::SeatContactRequest request;
  request.set_contact_id(contact.id());
  *request.mutable_seat()->mutable_roles() = tie.shown_roles();
  if (tie.shown_roles().empty()) {
    const std::string role = AskWord("  What for?",
                                     {{'m', "mentor"},
                                      {'i', "informant"},
                                      {'s', "supporter"},
                                      {'b', "brainstormer"},
                                      {'e', "energizer"},
                                      {'p', "sponsor"}},
                                     session);
    if (!role.empty()) {
      COUNCIL_ASSIGN_OR_RETURN(const auto value, ParseEnum<common::v1::CouncilRole>("role", role));
      request.mutable_seat()->add_roles(value);
    }
  }
  COUNCIL_RETURN_IF_ERROR(AskFacets(contact, session));
  return session.client().Call(request).status();
}

// "14 talks in 9 of the last 12 months; they show mentor and informant"
std::string WhyProposed(const Proposed& proposed) {
  const std::vector<std::string> roles = WordsOf<common::v1::CouncilRole>(proposed.tie.shown_roles());
  return Say<"start.why">(As<"talks">(proposed.tie.touches()), As<"months">(proposed.months),
                          As<"shown">(!roles.empty()), As<"roles">(roles));
}

// Goes through those met often until the council has its first seats; the number of seats in the end.
absl::StatusOr<int> ProposeSeats(int seats, const std::vector<Proposed>& proposed, Session& session) {
  for (const Proposed& one : proposed) {
    if (seats >= kFirstCouncil) break;
    session.out() << '\n'
                  << session.terminal().Styled(Style::kBold, OneLine(DescribeContact(one.contact))) << "\n  "
                  << WhyProposed(one) << '\n';
    const char key = session.terminal().Key("  A seat? y yes · n no · Enter later · q that is enough ");
    if (key == 'q') break;
    if (key == 'n') session.memory().passed_over.push_back(one.contact.id());
    if (key != 'y') continue;
    COUNCIL_RETURN_IF_ERROR(TakeSeat(one.contact, one.tie, session));
    ++seats;
  }
  return seats;
}

// The contact of that name, made where there is none and the person wants it; nothing where they don't.
absl::StatusOr<std::optional<Contact>> FindOrAdd(const std::string& name, ContactFinder& finder, Session& session) {
  absl::StatusOr<Contact> contact = finder.Find(name);
  if (contact.ok()) return *std::move(contact);
  if (ExitCodeFor(contact.status()) == kExitUnavailable) return contact.status();
  if (ExitCodeFor(contact.status()) != kExitNotFound) return std::nullopt;
  if (!session.terminal().Confirm(Say<"start.add">(As<"name">(OneLine(name))))) {
    return std::nullopt;
  }
  contacts::v1::CreateContactRequest request;
  request.mutable_contact()->set_display_name(name);
  request.set_request_id(session.NewRequestId());
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::CreateContactResponse response, session.client().Call(request));
  finder.Forget();
  return std::move(*response.mutable_contact());
}

// Where no meetings are known: those whom one thinks of.
absl::StatusOr<int> NameSeats(const contacts::v1::GetCouncilResponse& council, Session& session) {
  session.out() << Say<"start.whose">() << '\n';
  std::set<std::string> seated = SeatedIds(council);
  int seats = council.seats_size();
  ContactFinder finder(session);
  while (seats < kFirstCouncil) {
    const std::string name = session.terminal().Ask("A name (Enter: that is enough): ");
    if (name.empty()) break;
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<Contact> contact, FindOrAdd(name, finder, session));
    if (!contact) continue;
    if (!seated.insert(contact->id()).second) {
      session.out() << OneLine(Say<"seat.already">(As<"name">(contact->display_name()))) << '\n';
      continue;
    }
    if (IsLeftOut(*contact)) {
      session.out() << OneLine(contact->display_name()) << ": " << StatusText(*contact, session) << ".\n";
      continue;
    }
    COUNCIL_RETURN_IF_ERROR(TakeSeat(*contact, ledger::v1::Tie(), session));
    ++seats;
  }
  return seats;
}

absl::StatusOr<int> FillSeats(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session.client().Call(contacts::v1::GetCouncilRequest()));
  const int seats = council.seats_size();
  if (seats >= kFirstCouncil) {
    session.out() << Say<"start.full">(As<"seats">(seats)) << '\n';
    return seats;
  }
  session.out() << Say<"start.council">() << '\n';
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Proposed> proposed, WhoIsMetOften(council, session));
  return proposed.empty() ? NameSeats(council, session) : ProposeSeats(seats, proposed, session);
}

absl::Status PrintFirstPlan(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const recommendations::v1::ListCheckInsResponse check_ins,
                           session.client().Call(recommendations::v1::ListCheckInsRequest()));
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  if (check_ins.check_ins().empty()) session.out() << Say<"start.nothing_due">() << '\n';
  for (int i = 0; i < std::min(kPlanShown, check_ins.check_ins_size()); ++i) {
    const recommendations::v1::CheckIn& check_in = check_ins.check_ins(i);
    const std::string day = FormatIsoDay(check_in.day(), session.Now(), session.zone(), session.language());
    if (day.empty()) continue;
    session.out() << "  " << Pad(day, 11) << OneLine(book.NameOf(check_in.contact_id())) << '\n';
  }
  session.out() << session.terminal().Styled(
                       Style::kDim,
                       absl::StrCat(check_ins.check_ins().empty()
                                        ? ""
                                        : "council calendar --out check-ins.ics puts them into your calendar; ",
                                    "council log NAME writes a talk down; council shows what today is about; council "
                                    "start goes on here."))
                << '\n';
  return absl::OkStatus();
}

absl::Status ReadFiles(const std::vector<std::string>& files, Session& session) {
  if (files.empty()) return absl::OkStatus();
  const absl::StatusOr<int> code = RunImport(files, session);
  if (code.ok() || ExitCodeFor(code.status()) == kExitUnavailable) return code.status();
  // What can't be read stops nothing: there may be another file, or none.
  session.out() << OneLine(std::string(code.status().message())) << '\n';
  return absl::OkStatus();
}

absl::StatusOr<int> Start(std::vector<std::string> files, Session& session) {
  if (!session.MayAsk()) {
    return NeedsAnswer(
        "council start asks questions, which takes a terminal. Without one: council import FILES, council settings "
        "--my-email ADDRESS, council propose, council seat NAME --as mentor --every 6w, council advice");
  }
  session.out() << "Four steps, about ten minutes. Leave whenever you like: council start goes on where you left.\n";
  PrintStep(1, "Your people and your meetings", session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  if (!book.contacts().empty()) {
    session.out() << Say<"start.known">(As<"contacts">(book.contacts().size())) << '\n';
  }
  if (files.empty()) files = AskForFiles(!book.contacts().empty(), session);
  // Whose card is one's own decides which meetings count: calendars wait for it.
  const auto calendars =
      std::stable_partition(files.begin(), files.end(), [](const std::string& path) { return !IsCalendar(path); });
  COUNCIL_RETURN_IF_ERROR(ReadFiles({files.begin(), calendars}, session));

  PrintStep(2, "You", session);
  COUNCIL_RETURN_IF_ERROR(KnowYourself(session));
  COUNCIL_RETURN_IF_ERROR(ReadFiles({calendars, files.end()}, session));

  PrintStep(3, "Your council", session);
  COUNCIL_ASSIGN_OR_RETURN(const int seats, FillSeats(session));
  if (seats == 0) {
    session.out() << Say<"start.nobody">() << '\n';
    return kExitOk;
  }
  PrintStep(4, "Your first plan", session);
  COUNCIL_RETURN_IF_ERROR(PrintFirstPlan(session));
  return kExitOk;
}

}  // namespace

void AddStartCommand(CLI::App& app, Command& chosen) {
  const auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* start = app.add_subcommand("start", "A first council in ten minutes, question by question");
  start->add_option("FILES", *files, "Address books and calendars to begin with (default: those found are offered)");
  start->footer("Example:\n  council start\n  council start contacts.vcf calendar.ics");
  start->callback([&chosen, files] { chosen = [files](Session& session) { return Start(*files, session); }; });
}

}  // namespace council::cli
