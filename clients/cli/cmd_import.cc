// council import: address books, exports and calendars.

#include <CLI/App.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/import_format.h"
#include "clients/cli/json_output.h"
#include "clients/cli/owner_transfer.h"
#include "clients/cli/people.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr size_t kStartBytes = 64 << 10;
constexpr size_t kChunkBytes = 256 << 10;
constexpr int kShownSkips = 20;
constexpr int kShownAttendees = 5;
constexpr int kShownMeetings = 2;
constexpr int kMetOften = 3;

struct ImportOptions {
  bool whole_state = false;
  std::vector<std::string> files;
  std::vector<std::string> tags;
  bool dry_run = false;
  // Attendees met so often become contacts; 0: a person is asked, a script adds nobody.
  int add_met = 0;
};

// One file and what came of it.
struct FileImport {
  std::string path;
  FileFormat format;
  absl::Status status;
  contacts::v1::ImportContactsResponse contacts;
  ledger::v1::ImportInteractionsResponse interactions;

  bool IsCalendar() const { return format.interactions != ledger::v1::INTERACTION_FORMAT_UNSPECIFIED; }
  const google::protobuf::RepeatedPtrField<common::v1::SkippedRecord>& skipped() const {
    return IsCalendar() ? interactions.skipped() : contacts.skipped();
  }
};

absl::StatusOr<FileFormat> FormatOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(kStartBytes, '\0');
  if (!file || std::filesystem::is_directory(path)) return absl::NotFoundError(absl::StrCat("can't read ", path));
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(file.gcount()));
  return DetectFormat(start);
}

// The file in pieces, with a bar that follows.
ChunkSource Chunks(std::ifstream& file, ProgressBar& bar) {
  return [&file, &bar] {
    std::string chunk(kChunkBytes, '\0');
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    chunk.resize(static_cast<size_t>(file.gcount()));
    bar.Advance(file.gcount());
    return chunk;
  };
}

// The name of this machine's time zone, for calendars that name none.
std::string ZoneName(absl::TimeZone zone) {
  absl::TimeZone loaded;
  if (zone.name() != "localtime" && absl::LoadTimeZone(zone.name(), &loaded)) return zone.name();
  std::error_code error;
  const std::string target = std::filesystem::canonical("/etc/localtime", error).string();
  const size_t at = target.find("zoneinfo/");
  return error || at == std::string::npos ? "UTC" : target.substr(at + std::string("zoneinfo/").size());
}

absl::StatusOr<ledger::v1::ImportInteractionsOptions> CalendarOptions(const FileImport& import, bool dry_run,
                                                                      Session& session) {
  ledger::v1::ImportInteractionsOptions options;
  options.set_format(import.format.interactions);
  options.set_dry_run(dry_run);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  for (const contacts::v1::Contact& contact : book.contacts()) {
    for (const std::string& email : contact.emails()) {
      ledger::v1::KnownPerson& person = *options.add_people();
      person.set_email(email);
      person.set_contact_id(contact.id());
    }
  }
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetSettingsResponse settings,
                           session.client().Call(contacts::v1::GetSettingsRequest()));
  *options.mutable_own_emails() = settings.settings().own_emails();
  options.set_time_zone(settings.settings().time_zone().empty() ? ZoneName(session.zone())
                                                                : settings.settings().time_zone());
  return options;
}

absl::Status ImportFile(const ImportOptions& options, Session& session, FileImport& import) {
  std::ifstream file(import.path, std::ios::binary);
  std::error_code error;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(import.path, error));
  ProgressBar bar(session.terminal(), import.path, error ? 0 : size);
  if (import.IsCalendar()) {
    COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ImportInteractionsOptions calendar,
                             CalendarOptions(import, options.dry_run, session));
    COUNCIL_ASSIGN_OR_RETURN(import.interactions, session.client().Import(calendar, Chunks(file, bar)));
    return absl::OkStatus();
  }
  contacts::v1::ImportContactsOptions book;
  book.set_format(import.format.contacts);
  book.set_dry_run(options.dry_run);
  book.mutable_tags()->Assign(options.tags.begin(), options.tags.end());
  COUNCIL_ASSIGN_OR_RETURN(import.contacts, session.client().Import(book, Chunks(file, bar)));
  return absl::OkStatus();
}

void PrintTable(const std::vector<FileImport>& imports, const Session& session) {
  Table table({{"file", Table::kFlexible},
               {"format"},
               {"new", Table::kRight},
               {"updated", Table::kRight},
               {"taken back", Table::kRight},
               {"known already", Table::kRight},
               {"coming", Table::kRight},
               {"not read", Table::kRight}});
  const auto some = [](int n) { return n == 0 ? std::string() : std::to_string(n); };
  for (const FileImport& import : imports) {
    if (!import.status.ok()) continue;
    const std::string file = std::filesystem::path(import.path).filename().string();
    if (import.IsCalendar()) {
      const auto& done = import.interactions;
      table.Add({file, import.format.name, std::to_string(done.created()), some(done.corrected()),
                 some(done.retracted()), some(done.unchanged()), some(done.plans()), some(done.skipped_size())});
    } else {
      const auto& done = import.contacts;
      table.Add({file, import.format.name, std::to_string(done.created()), some(done.updated()), "",
                 some(done.unchanged()), "", some(done.skipped_size())});
    }
  }
  if (!table.empty()) session.out() << table.Render(session.terminal());
}

std::string NameOf(const ledger::v1::UnknownAttendee& attendee) {
  return attendee.name().empty() ? attendee.email() : attendee.name();
}

void PrintDetails(const FileImport& import, const Session& session) {
  std::ostream& out = session.out();
  const std::string file = std::filesystem::path(import.path).filename().string();
  if (!import.status.ok()) {
    out << file << " was not read: " << OneLine(std::string(import.status.message())) << '\n';
    return;
  }
  int shown = 0;
  for (const common::v1::SkippedRecord& skip : import.skipped()) {
    if (++shown > kShownSkips) {
      out << file << ": and " << import.skipped().size() - kShownSkips << " more; --output=json shows all\n";
      break;
    }
    out << file;
    if (skip.line() > 0) out << ", line " << skip.line();
    out << ": " << OneLine(skip.reason()) << '\n';
  }
  std::vector<std::string> left_out;
  for (const ledger::v1::LeftOut& left : import.interactions.left_out()) {
    left_out.push_back(absl::StrCat(left.records(), " ", left.reason()));
  }
  if (!left_out.empty()) out << file << ": left out " << OneLine(JoinWords(left_out)) << '\n';
  std::vector<std::string> often;
  for (const ledger::v1::UnknownAttendee& attendee : import.interactions.unknown_attendees()) {
    if (attendee.meetings() < kShownMeetings || often.size() == kShownAttendees) break;
    often.push_back(absl::StrCat(NameOf(attendee), " (", Count(attendee.meetings(), "meeting"), ")"));
  }
  if (often.empty()) return;
  out << "Met more than once and not among your contacts: " << OneLine(JoinWords(often)) << ".\n";
  out << session.terminal().Styled(Style::kDim, "  --add-met=2 makes contacts of them") << '\n';
}

// Attendees of all calendars read who are no contacts and were met at least `meetings` times, each once.
std::vector<ledger::v1::UnknownAttendee> MetOften(const std::vector<FileImport>& imports, int meetings) {
  std::map<std::string, ledger::v1::UnknownAttendee> by_email;
  for (const FileImport& import : imports) {
    for (const ledger::v1::UnknownAttendee& attendee : import.interactions.unknown_attendees()) {
      ledger::v1::UnknownAttendee& sum = by_email[absl::AsciiStrToLower(attendee.email())];
      const int before = sum.meetings();
      sum = attendee;
      sum.set_meetings(before + attendee.meetings());
    }
  }
  std::vector<ledger::v1::UnknownAttendee> often;
  for (const auto& [email, attendee] : by_email) {
    if (attendee.meetings() >= meetings) often.push_back(attendee);
  }
  return often;
}

// Makes contacts of attendees, and reads the calendars again so that their meetings count.
absl::Status AddAttendees(const ImportOptions& options, const std::vector<ledger::v1::UnknownAttendee>& attendees,
                          Session& session, std::vector<FileImport>& imports) {
  for (const ledger::v1::UnknownAttendee& attendee : attendees) {
    contacts::v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(NameOf(attendee));
    request.mutable_contact()->add_emails(attendee.email());
    request.mutable_contact()->mutable_tags()->Assign(options.tags.begin(), options.tags.end());
    request.set_request_id(session.NewRequestId());
    COUNCIL_RETURN_IF_ERROR(session.client().Call(request).status());
  }
  for (FileImport& import : imports) {
    if (!import.IsCalendar() || !import.status.ok()) continue;
    const ledger::v1::ImportInteractionsResponse before = import.interactions;
    import.status = ImportFile(options, session, import);
    if (!import.status.ok()) return import.status;
    import.interactions.set_created(import.interactions.created() + before.created());
    import.interactions.set_unchanged(import.interactions.unchanged() - before.created());
  }
  return absl::OkStatus();
}

// Offers to make contacts of those met often; a script says so with --add-met.
absl::Status OfferAttendees(const ImportOptions& options, Session& session, std::vector<FileImport>& imports) {
  if (options.dry_run || (options.add_met == 0 && !session.MayAsk())) return absl::OkStatus();
  const std::vector<ledger::v1::UnknownAttendee> often =
      MetOften(imports, options.add_met > 0 ? options.add_met : kMetOften);
  if (often.empty()) return absl::OkStatus();
  std::vector<std::string> names;
  for (const ledger::v1::UnknownAttendee& attendee : often) names.push_back(OneLine(NameOf(attendee)));
  if (options.add_met == 0 && !session.terminal().Confirm(absl::StrCat(
                                  "You met ", JoinWords(names), " three times or more. Add them to your contacts?"))) {
    return absl::OkStatus();
  }
  COUNCIL_RETURN_IF_ERROR(AddAttendees(options, often, session, imports));
  if (!session.json()) session.out() << "New among your contacts: " << JoinWords(names) << ".\n";
  return absl::OkStatus();
}

nlohmann::ordered_json ToJsonObject(const FileImport& import) {
  nlohmann::ordered_json object = {{"file", import.path}, {"format", import.format.name}};
  if (!import.status.ok()) {
    object["error"] = std::string(import.status.message());
  } else if (import.IsCalendar()) {
    object["interactions"] = ToJson(import.interactions);
  } else {
    object["contacts"] = ToJson(import.contacts);
  }
  return object;
}

absl::StatusOr<int> Import(const ImportOptions& options, Session& session) {
  if (options.whole_state) {
    if (options.files.size() != 1)
      return absl::InvalidArgumentError("--all takes one file, as council export --all wrote it");
    return ImportAll(options.files.front(), session);
  }
  std::vector<FileImport> imports;
  for (const std::string& path : options.files) {
    FileImport import;
    import.path = path;
    absl::StatusOr<FileFormat> format = FormatOf(path);
    import.status = format.status();
    if (format.ok()) import.format = *std::move(format);
    imports.push_back(std::move(import));
  }
  // People before meetings, so that attendees are known.
  std::stable_sort(imports.begin(), imports.end(),
                   [](const FileImport& a, const FileImport& b) { return a.IsCalendar() < b.IsCalendar(); });
  size_t failed = 0;
  bool skipped = false;
  bool calendars = false;
  for (FileImport& import : imports) {
    if (import.status.ok()) import.status = ImportFile(options, session, import);
    if (ExitCodeFor(import.status) == kExitUnavailable) return import.status;
    if (!import.status.ok()) ++failed;
    skipped |= !import.skipped().empty();
    calendars |= import.status.ok() && import.format.interactions == ledger::v1::INTERACTION_FORMAT_ICALENDAR;
  }
  if (failed == imports.size() && imports.size() == 1) return imports.front().status;
  COUNCIL_RETURN_IF_ERROR(OfferAttendees(options, session, imports));
  if (session.json()) {
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    for (const FileImport& import : imports) files.push_back(ToJsonObject(import));
    session.Print({{"dryRun", options.dry_run}, {"files", files}});
  } else {
    if (options.dry_run) session.out() << "Nothing is written (--dry-run); it would be:\n";
    PrintTable(imports, session);
    for (const FileImport& import : imports) PrintDetails(import, session);
    COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetSettingsResponse settings,
                             session.client().Call(contacts::v1::GetSettingsRequest()));
    if (calendars && settings.settings().own_emails().empty()) {
      session.out()
          << "Which addresses are yours? council settings --my-email me@example.com leaves out meetings that you "
             "declined.\n";
    }
  }
  if (failed == imports.size()) return kExitUsage;
  return failed > 0 || skipped ? kExitPartly : kExitOk;
}

}  // namespace

void AddImportCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ImportOptions>();
  // Not "import": clang-format takes lines that begin with it for those of C++20's modules.
  CLI::App* command = app.add_subcommand("import", "Take over address books, LinkedIn and Google exports, calendars");
  command
      ->add_option("FILES", options->files,
                   "vCard, LinkedIn's Connections.csv, Google Contacts CSV, iCalendar, or a CSV of talks")
      ->required();
  CLI::Option* dry_run = command->add_flag("--dry-run", options->dry_run, "Only say what would happen");
  command
      ->add_flag("--all", options->whole_state,
                 "The file is a whole state as council export --all wrote it, and you have nothing here yet")
      ->excludes(dry_run);
  AddList(*command, "--tag", options->tags, "Given to every contact that is new; may be repeated");
  command
      ->add_option("--add-met", options->add_met,
                   "Make contacts of attendees met at least so often (default: a person is asked)")
      ->check(CLI::Range(1, 10000));
  command->footer(
      "Example:\n  council import contacts.vcf Connections.csv calendar.ics\n\nThe same file twice changes nothing.");
  command->callback([&chosen, options] { chosen = [options](Session& session) { return Import(*options, session); }; });
}

}  // namespace council::cli
