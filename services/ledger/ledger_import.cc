// The import of files and its undoing, as LedgerService answers them.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "services/ledger/import/dex.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/import/interaction_table.h"
#include "services/ledger/import/mailbox.h"
#include "services/ledger/import/markdown_notes.h"
#include "services/ledger/import/monica.h"
#include "services/ledger/interaction_import.h"
#include "services/ledger/interaction_undo.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr std::size_t kMaxChunkBytes = 1 << 20;
constexpr std::size_t kMaxFileBytes = 64 << 20;
constexpr std::size_t kMaxFileNameBytes = 255;

absl::Status ValidateOptions(const v1::ImportInteractionsOptions& options, absl::TimeZone& zone) {
  base::FieldViolations violations;
  if (options.format() == v1::INTERACTION_FORMAT_UNSPECIFIED || !v1::InteractionFormat_IsValid(options.format())) {
    violations.Add("options.format", "must be one of the named formats, for example ICALENDAR");
  }
  if (options.people_size() > kMaxKnownPeople) {
    violations.Add("options.people", absl::StrCat("must be at most ", kMaxKnownPeople));
  } else {
    for (int i = 0; i < options.people_size(); ++i) {
      const v1::KnownPerson& person = options.people(i);
      if (person.email().empty() && person.name().empty() && person.uid().empty()) {
        violations.Add(absl::StrCat("options.people[", i, "]"), "must have an e-mail address, a name or a UID");
      }
      ValidateContactId(options.people(i).contact_id(), absl::StrCat("options.people[", i, "].contact_id"), violations);
    }
  }
  if (!options.columns().empty() && options.format() != v1::INTERACTION_FORMAT_CSV) {
    violations.Add("options.columns", "goes with the format CSV alone");
  }
  if (options.file_name().size() > kMaxFileNameBytes) {
    violations.Add("options.file_name", absl::StrCat("must have at most ", kMaxFileNameBytes, " bytes"));
  }
  if (options.format() == v1::INTERACTION_FORMAT_MBOX && options.own_emails().empty()) {
    violations.Add("options.own_emails",
                   "must name your own addresses, by which it is told what you wrote and received");
  }
  if (options.own_emails_size() > kMaxOwnEmails) {
    violations.Add("options.own_emails", absl::StrCat("must be at most ", kMaxOwnEmails));
  }
  if (!options.time_zone().empty() && !absl::LoadTimeZone(options.time_zone(), &zone)) {
    violations.Add("options.time_zone", "must be an IANA time zone, for example Europe/Berlin");
  }
  return violations.ToStatus();
}

// The bytes of an import's file.
absl::StatusOr<std::string> ReadChunks(rpc::Reader<v1::ImportInteractionsRequest>& reader) {
  std::string bytes;
  while (const std::optional<v1::ImportInteractionsRequest> message = reader.Read()) {
    if (message->part_case() != v1::ImportInteractionsRequest::kChunk) {
      return base::InvalidField("chunk", "must follow the options");
    }
    if (message->chunk().size() > kMaxChunkBytes) return base::InvalidField("chunk", "must be at most 1 MiB");
    if (bytes.size() + message->chunk().size() > kMaxFileBytes) {
      return base::OverLimit("the file is larger than 64 MiB");
    }
    bytes += message->chunk();
  }
  return bytes;
}

std::set<std::string> OwnEmails(const v1::ImportInteractionsOptions& options) {
  std::set<std::string> emails;
  for (const std::string& email : options.own_emails()) emails.insert(absl::AsciiStrToLower(email));
  return emails;
}

absl::StatusOr<ImportedFile> ReadFile(const v1::ImportInteractionsOptions& options, const std::string& bytes,
                                      absl::TimeZone zone, absl::Time now, absl::Time deadline) {
  switch (options.format()) {
    case v1::INTERACTION_FORMAT_ICALENDAR: {
      CalendarOptions calendar;
      calendar.own_emails = OwnEmails(options);
      calendar.time_zone = zone;
      calendar.now = now;
      calendar.deadline = deadline;
      return ReadCalendar(bytes, calendar);
    }
    case v1::INTERACTION_FORMAT_MONICA_JSON:
      return ReadMonica(bytes, {.time_zone = zone, .now = now, .deadline = deadline});
    case v1::INTERACTION_FORMAT_DEX_CSV:
      return ReadDex(bytes, {.time_zone = zone, .now = now, .deadline = deadline});
    case v1::INTERACTION_FORMAT_MBOX:
      return ReadMailbox(bytes, OwnEmails(options), {.time_zone = zone, .now = now, .deadline = deadline});
    case v1::INTERACTION_FORMAT_MARKDOWN:
      return ReadMarkdownNotes(bytes, {.file_name = options.file_name(), .time_zone = zone, .now = now});
    default:
      return ReadInteractionTable(
          bytes, {.time_zone = zone, .now = now, .columns = {options.columns().begin(), options.columns().end()}});
  }
}

// By which keys contacts are found. What says surely who somebody is goes before a name, and a name of several people
// names nobody.
void KnowPeople(const v1::ImportInteractionsOptions& options, ImportSettings& settings) {
  std::map<std::string, std::set<std::string>> names;
  for (const v1::KnownPerson& person : options.people()) {
    for (const std::string& key : {person.email(), person.uid()}) {
      if (!key.empty()) settings.people[absl::AsciiStrToLower(key)] = person.contact_id();
    }
    if (!person.name().empty()) names[absl::AsciiStrToLower(person.name())].insert(person.contact_id());
  }
  for (const auto& [name, ids] : names) {
    if (ids.size() == 1) {
      settings.people.try_emplace(name, *ids.begin());
    } else if (!settings.people.contains(name)) {
      settings.shared_names.insert(name);
    }
  }
}

}  // namespace

absl::StatusOr<v1::ImportInteractionsResponse> LedgerService::ImportInteractions(
    const rpc::CallContext& call, rpc::Reader<v1::ImportInteractionsRequest>& reader) {
  const std::optional<v1::ImportInteractionsRequest> first = reader.Read();
  if (!first.has_value() || first->part_case() != v1::ImportInteractionsRequest::kOptions) {
    return base::InvalidField("options", "must be the first message");
  }
  const v1::ImportInteractionsOptions& options = first->options();
  if (options.format() == v1::INTERACTION_FORMAT_MBOX && !mail_tenants_.contains(call.owner().tenant)) {
    return base::Error(
        absl::StatusCode::kPermissionDenied, common::v1::ERROR_REASON_PERMISSION_DENIED,
        "mail is not imported here: whoever runs Council can allow it for your tenant, with --mail-tenants");
  }
  absl::TimeZone zone = absl::UTCTimeZone();
  COUNCIL_RETURN_IF_ERROR(ValidateOptions(options, zone));
  COUNCIL_ASSIGN_OR_RETURN(const std::string bytes, ReadChunks(reader));
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");

  COUNCIL_ASSIGN_OR_RETURN(const ImportedFile file, ReadFile(options, bytes, zone, ledger_.Now(), call.deadline()));
  ImportSettings settings;
  KnowPeople(options, settings);
  settings.time_zone = zone;
  settings.dry_run = options.dry_run();
  settings.import_id = options.import_id();
  settings.deadline = call.deadline();
  COUNCIL_ASSIGN_OR_RETURN(v1::ImportInteractionsResponse response,
                           InteractionImport(ledger_, call.owner(), std::move(settings)).Run(file));
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.Revision(call.owner(), {.deadline = call.deadline()}));
  response.set_token(TokenOf(call.owner(), revision));
  return response;
}

absl::StatusOr<v1::UndoImportResponse> LedgerService::UndoImport(const rpc::CallContext& call,
                                                                 const v1::UndoImportRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(v1::UndoImportResponse response,
                           InteractionUndo(ledger_, call.owner(), call.deadline()).Run(request.import_id()));
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.Revision(call.owner(), {.deadline = call.deadline()}));
  response.set_token(TokenOf(call.owner(), revision));
  return response;
}

}  // namespace council::ledger
