// council import: address books, exports and calendars.

#include <CLI/App.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/column_map.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/import_format.h"
#include "clients/cli/import_report.h"
#include "clients/cli/import_sources.h"
#include "clients/cli/json_output.h"
#include "clients/cli/mail_headers.h"
#include "clients/cli/owner_transfer.h"
#include "clients/cli/people.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr size_t kStartBytes = 64 << 10;
constexpr size_t kChunkBytes = 256 << 10;
constexpr int kMetOften = 3;

struct ImportOptions {
  bool whole_state = false;
  std::vector<std::string> files;
  std::vector<std::string> tags;
  // As they were typed, and as they were read.
  std::vector<std::string> map;
  ColumnMap columns;
  bool dry_run = false;
  // Attendees met so often become contacts; 0: a person is asked, a script adds nobody.
  int add_met = 0;
};

absl::StatusOr<FileFormat> FormatOf(const std::string& path, const ColumnMap& columns) {
  if (IsMaildir(path)) return MailFormat();
  std::ifstream file(path, std::ios::binary);
  std::string start(kStartBytes, '\0');
  if (!file || std::filesystem::is_directory(path)) return absl::NotFoundError(absl::StrCat("can't read ", path));
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(file.gcount()));
  if (IsMarkdown(path)) return MarkdownFormat();
  absl::StatusOr<FileFormat> format = DetectFormat(start);
  if (columns.contacts.empty() || (format.ok() && !format->IsTable())) return format;
  return FileFormat{.name = "CSV",
                    .contacts = contacts::v1::CONTACT_FORMAT_CSV,
                    .interactions = columns.interactions.empty() ? ledger::v1::INTERACTION_FORMAT_UNSPECIFIED
                                                                 : ledger::v1::INTERACTION_FORMAT_CSV};
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

// Whether notes that know their person by `keys`, in lower case, may be about the contact.
bool MayBe(const contacts::v1::Contact& contact, const std::set<std::string>& keys) {
  const auto is_key = [&keys](const std::string& text) { return keys.contains(absl::AsciiStrToLower(text)); };
  return is_key(contact.display_name()) || is_key(contact.vcard_uid()) || std::ranges::any_of(contact.emails(), is_key);
}

// How files may name a contact: by each address, by name, by UID.
void AddKnown(const contacts::v1::Contact& contact, ledger::v1::ImportInteractionsOptions& options) {
  // Calendars and mail know people by their addresses alone.
  const bool by_name = options.format() != ledger::v1::INTERACTION_FORMAT_ICALENDAR &&
                       options.format() != ledger::v1::INTERACTION_FORMAT_MBOX;
  for (int i = 0; i < contact.emails_size() || (by_name && i == 0); ++i) {
    ledger::v1::KnownPerson& person = *options.add_people();
    person.set_contact_id(contact.id());
    if (i < contact.emails_size()) person.set_email(contact.emails(i));
    if (by_name && i == 0) {
      person.set_name(contact.display_name());
      person.set_uid(contact.vcard_uid());
    }
  }
}

ledger::v1::ImportInteractionsOptions InteractionOptions(const FileImport& import, const ImportOptions& import_options,
                                                         const ContactBook& book,
                                                         const contacts::v1::Settings& settings,
                                                         const Session& session) {
  ledger::v1::ImportInteractionsOptions options;
  options.set_format(import.format.interactions);
  options.set_dry_run(import_options.dry_run);
  // Notes are about one person: of a folder of hundreds the others need not be sent with each.
  const std::set<std::string>& keys = import.source.person_keys;
  for (const contacts::v1::Contact& contact : book.contacts()) {
    if (keys.empty() || MayBe(contact, keys)) AddKnown(contact, options);
  }
  *options.mutable_own_emails() = settings.own_emails();
  options.set_time_zone(settings.time_zone().empty() ? ZoneName(session.zone()) : settings.time_zone());
  if (import.format.contacts == contacts::v1::CONTACT_FORMAT_CSV) {
    options.mutable_columns()->insert(import_options.columns.interactions.begin(),
                                      import_options.columns.interactions.end());
  }
  options.set_file_name(std::filesystem::path(import.source.path).filename().string());
  return options;
}

int64_t SizeOf(const std::string& path) {
  std::error_code error;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path, error));
  return error ? 0 : size;
}

// By what the service knows all that this command imports; empty until that has written something.
std::string ImportIdOf(const std::string& service, Session& session) {
  const std::vector<ImportedPart>& parts = session.memory().imports.back().parts;
  const auto known = std::ranges::find(parts, service, &ImportedPart::service);
  return known == parts.end() ? "" : known->import_id;
}

// For `council undo import`; the files of a folder together.
void Remember(const std::string& service, const FileImport& import, const std::string& import_id, int64_t records,
              Session& session) {
  const std::string known_id = ImportIdOf(service, session);
  if (import_id.empty() || (records == 0 && import_id == known_id)) return;
  const std::string& file = import.source.folder.empty() ? import.source.name : import.source.folder;
  std::vector<ImportedPart>& parts = session.memory().imports.back().parts;
  const auto part = std::ranges::find_if(
      parts, [&](const ImportedPart& other) { return other.service == service && other.file == file; });
  if (part != parts.end()) {
    part->records += records;
  } else {
    parts.push_back({.service = service, .import_id = import_id, .file = file, .records = records});
  }
  // At once, so that it can be taken back where the command is interrupted; at its end it is told if that fails.
  if (known_id.empty()) session.Close().IgnoreError();
}

// Shows how far the files of one origin have come, one after the other.
class OriginBar {
 public:
  OriginBar(const std::vector<FileImport>& imports, const Session& session) : imports_(imports), session_(session) {}

  ProgressBar& For(const FileImport& import) {
    if (bar_.has_value() && origin_ == import.Origin()) return *bar_;
    origin_ = import.Origin();
    int64_t size = 0;
    for (const FileImport& other : imports_) {
      if (other.ok() && other.Origin() == origin_) size += SizeOf(other.source.path);
    }
    return bar_.emplace(session_.terminal(), origin_, size);
  }

 private:
  const std::vector<FileImport>& imports_;
  const Session& session_;
  std::string origin_;
  std::optional<ProgressBar> bar_;
};

absl::Status ImportPeople(const ImportOptions& options, Session& session, ProgressBar& bar, FileImport& import) {
  contacts::v1::ImportContactsOptions book;
  book.set_import_id(ImportIdOf("contacts", session));
  book.set_format(import.format.contacts);
  book.set_dry_run(options.dry_run);
  book.mutable_tags()->Assign(options.tags.begin(), options.tags.end());
  if (import.format.contacts == contacts::v1::CONTACT_FORMAT_CSV) {
    book.mutable_columns()->insert(options.columns.contacts.begin(), options.columns.contacts.end());
  }
  book.set_file_name(std::filesystem::path(import.source.path).filename().string());
  std::ifstream file(import.source.path, std::ios::binary);
  COUNCIL_ASSIGN_OR_RETURN(import.contacts, session.client().Import(book, Chunks(file, bar)));
  Remember("contacts", import, import.contacts->import_id(), import.contacts->created() + import.contacts->updated(),
           session);
  return absl::OkStatus();
}

absl::Status ImportMeetings(const ImportOptions& options, const ContactBook& book, Session& session, ProgressBar& bar,
                            FileImport& import) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Settings settings, session.Settings());
  ledger::v1::ImportInteractionsOptions meetings = InteractionOptions(import, options, book, settings, session);
  meetings.set_import_id(ImportIdOf("ledger", session));
  std::ifstream file(import.source.path, std::ios::binary);
  ChunkSource chunks = Chunks(file, bar);
  if (meetings.format() == ledger::v1::INTERACTION_FORMAT_MBOX) {
    if (meetings.own_emails().empty()) {
      return absl::InvalidArgumentError(
          "what you wrote and received is told by your own addresses: first council settings --my-email "
          "me@example.com");
    }
    chunks = MailHeaders(import.source.path, [&bar](std::int64_t bytes) { bar.Advance(bytes); });
  }
  COUNCIL_ASSIGN_OR_RETURN(import.interactions, session.client().Import(meetings, chunks));
  const auto& done = *import.interactions;
  Remember("ledger", import, done.import_id(), done.created() + done.corrected() + done.retracted(), session);
  return absl::OkStatus();
}

// Attendees of all meetings read who are no contacts and were met at least `meetings` times, each once.
std::vector<ledger::v1::UnknownAttendee> MetOften(const std::vector<FileImport>& imports, int meetings) {
  std::map<std::string, ledger::v1::UnknownAttendee> by_key;
  for (const FileImport& import : imports) {
    if (!import.interactions) continue;
    for (const ledger::v1::UnknownAttendee& attendee : import.interactions->unknown_attendees()) {
      ledger::v1::UnknownAttendee& sum =
          by_key[absl::AsciiStrToLower(attendee.email().empty() ? attendee.name() : attendee.email())];
      const int before = sum.meetings();
      sum = attendee;
      sum.set_meetings(before + attendee.meetings());
    }
  }
  std::vector<ledger::v1::UnknownAttendee> often;
  for (const auto& [key, attendee] : by_key) {
    if (attendee.meetings() >= meetings) often.push_back(attendee);
  }
  return often;
}

std::string CsvField(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

// Makes contacts of attendees, and reads the meetings again so that theirs count.
absl::Status AddAttendees(const ImportOptions& options, const std::vector<ledger::v1::UnknownAttendee>& attendees,
                          Session& session, std::vector<FileImport>& imports) {
  // As a file of their own, so that undoing the import takes them back too.
  contacts::v1::ImportContactsOptions people;
  people.set_import_id(ImportIdOf("contacts", session));
  people.set_format(contacts::v1::CONTACT_FORMAT_CSV);
  people.mutable_tags()->Assign(options.tags.begin(), options.tags.end());
  people.mutable_columns()->insert({{"name", "display_name"}, {"email", "email"}});
  std::string table = "name,email\n";
  for (const ledger::v1::UnknownAttendee& attendee : attendees) {
    absl::StrAppend(&table, CsvField(AttendeeName(attendee)), ",", CsvField(attendee.email()), "\n");
  }
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::ImportContactsResponse added,
                           session.client().Import(people, [&table] { return std::exchange(table, ""); }));
  const auto met_in =
      std::ranges::find_if(imports, [](const FileImport& import) { return import.interactions.has_value(); });
  Remember("contacts", *met_in, added.import_id(), added.created() + added.updated(), session);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  OriginBar bar(imports, session);
  for (FileImport& import : imports) {
    if (!import.interactions) continue;
    const ledger::v1::ImportInteractionsResponse first = *import.interactions;
    import.source.status = ImportMeetings(options, book, session, bar.For(import), import);
    if (!import.ok()) return import.source.status;
    // What the first reading wrote is no news of the second: who joins it only completes it.
    ledger::v1::ImportInteractionsResponse& both = *import.interactions;
    const int completed = std::min(both.corrected(), first.created());
    both.set_unchanged(std::max(0, both.unchanged() - (first.created() - completed)));
    both.set_corrected(both.corrected() - completed + first.corrected());
    both.set_created(both.created() + first.created());
    both.set_retracted(both.retracted() + first.retracted());
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
  for (const ledger::v1::UnknownAttendee& attendee : often) names.push_back(OneLine(AttendeeName(attendee)));
  if (options.add_met == 0 && !session.terminal().Confirm(words::Say<"import.ask">(words::As<"names">(names)))) {
    return absl::OkStatus();
  }
  COUNCIL_RETURN_IF_ERROR(AddAttendees(options, often, session, imports));
  if (!session.json()) session.out() << words::Say<"import.added">(words::As<"names">(names)) << '\n';
  return absl::OkStatus();
}

// Whether contacts would be new whom the meetings may be with.
bool AnyNewPeople(const std::vector<FileImport>& imports) {
  const auto has_new = [](const FileImport& import) { return import.contacts && import.contacts->created() > 0; };
  const auto has_meetings = [](const FileImport& import) { return import.interactions.has_value(); };
  return std::any_of(imports.begin(), imports.end(), has_new) &&
         std::any_of(imports.begin(), imports.end(), has_meetings);
}

// The files to read, each with its format or the reason why it can't be read.
std::vector<FileImport> Prepare(const ImportOptions& options) {
  std::vector<FileImport> imports;
  for (ImportSource& source : FindImportSources(options.files)) {
    FileImport import{.source = std::move(source), .format = {}, .contacts = {}, .interactions = {}};
    absl::StatusOr<FileFormat> format = FormatOf(import.source.path, options.columns);
    if (import.ok()) import.source.status = format.status();
    if (format.ok()) import.format = *std::move(format);
    imports.push_back(std::move(import));
  }
  return imports;
}

// Fails only where no more can be done; what is wrong with a file is its status.
absl::Status ImportParts(const ImportOptions& options, Session& session, std::vector<FileImport>& imports) {
  // The people of all files before the meetings of any, so that attendees are known.
  bool meetings = false;
  {
    OriginBar bar(imports, session);
    for (FileImport& import : imports) {
      if (import.ok() && import.format.HasPeople()) {
        import.source.status = ImportPeople(options, session, bar.For(import), import);
      }
      if (ExitCodeFor(import.source.status) == kExitUnavailable) return import.source.status;
      meetings |= import.ok() && import.format.HasMeetings();
    }
  }
  if (!meetings) return absl::OkStatus();
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  OriginBar bar(imports, session);
  for (FileImport& import : imports) {
    if (!import.ok() || !import.format.HasMeetings()) continue;
    import.source.status = ImportMeetings(options, book, session, bar.For(import), import);
    if (ExitCodeFor(import.source.status) == kExitUnavailable) return import.source.status;
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Import(const ImportOptions& options, Session& session) {
  if (options.whole_state) {
    if (options.files.size() != 1)
      return absl::InvalidArgumentError("--all takes one file, as council export --all wrote it");
    return ImportAll(options.files.front(), session);
  }
  session.memory().imports.push_back({.time = session.Now(), .parts = {}});
  std::vector<FileImport> imports = Prepare(options);
  COUNCIL_RETURN_IF_ERROR(ImportParts(options, session, imports));
  size_t failed = 0;
  bool partly = false;
  bool calendars = false;
  for (const FileImport& import : imports) {
    // A file whose people were read failed in part only.
    if (!import.ok() && !import.contacts) ++failed;
    partly |= !import.ok() || !import.Skipped().empty();
    calendars |= import.ok() && import.format.interactions == ledger::v1::INTERACTION_FORMAT_ICALENDAR;
  }
  if (failed == imports.size() && imports.size() == 1) return imports.front().source.status;
  COUNCIL_RETURN_IF_ERROR(OfferAttendees(options, session, imports));
  if (session.json()) {
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    for (const FileImport& import : imports) files.push_back(ToJsonObject(import));
    session.Print({{"dryRun", options.dry_run}, {"files", files}});
  } else {
    if (options.dry_run) {
      session.out() << "Nothing is written (--dry-run); it would be:\n";
      if (AnyNewPeople(imports)) {
        session.out() << words::Say<"import.later">() << '\n';
      }
    }
    PrintImportTable(imports, session);
    for (const FileImport& import : imports) PrintImportDetails(import, session);
    if (calendars) {
      COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Settings settings, session.Settings());
      if (settings.own_emails().empty()) {
        session.out() << words::Say<"import.whose">() << '\n';
      }
    }
    if (session.MayAsk() && !session.memory().imports.back().parts.empty()) {
      session.out() << session.terminal().Styled(Style::kDim, "council undo import takes it back") << '\n';
    }
  }
  if (failed == imports.size()) return kExitUsage;
  return partly ? kExitPartly : kExitOk;
}

}  // namespace

absl::StatusOr<int> RunImport(const std::vector<std::string>& files, Session& session) {
  ImportOptions options;
  options.files = files;
  return Import(options, session);
}

void AddImportCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ImportOptions>();
  // Not "import": clang-format takes lines that begin with it for those of C++20's modules.
  CLI::App* command = app.add_subcommand("import", "Take over address books, LinkedIn and Google exports, calendars");
  command
      ->add_option(
          "FILES", options->files,
          "vCard, LinkedIn's Connections.csv, Google Contacts CSV, iCalendar, a CSV of talks, an export of "
          "Monica (JSON) or Dex (CSV), any other CSV with --map, Markdown: a file or a folder of notes, one person a "
          "file, paragraphs that begin with a date; or mail, an mbox or a Maildir: who wrote to whom and when, never "
          "subjects or texts")
      ->required();
  CLI::Option* dry_run = command->add_flag("--dry-run", options->dry_run, "Only say what would happen");
  command
      ->add_flag("--all", options->whole_state,
                 "The file is a whole state as council export --all wrote it, and you have nothing here yet")
      ->excludes(dry_run);
  AddList(*command, "--tag", options->tags, "Given to every contact that is new; may be repeated");
  AddList(
      *command, "--map", options->map,
      "What the columns of a CSV are: HEADER=FIELD, with commas between; fields are display_name, given_name, "
      "family_name, email, phone, organization, title, location, how_met, tag, note, birthday, uid, facet.NAME, and "
      "touch, the day you last talked");
  command
      ->add_option("--add-met", options->add_met,
                   "Make contacts of attendees met at least so often (default: a person is asked)")
      ->check(CLI::Range(1, 10000));
  command->footer(
      "Examples:\n  council import contacts.vcf Connections.csv calendar.ics\n"
      "  council import people.csv --map=\"Name=display_name,Last seen=touch\"\n  council import notes/\n\nThe same "
      "file twice changes nothing.");
  command->callback([&chosen, options] {
    chosen = [options](Session& session) -> absl::StatusOr<int> {
      COUNCIL_ASSIGN_OR_RETURN(options->columns, ParseColumnMap(options->map));
      return Import(*options, session);
    };
  });
}

}  // namespace council::cli
