// The import of files, as LedgerService answers it.
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/import/interaction_table.h"
#include "services/ledger/interaction_import.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr std::size_t kMaxChunkBytes = 1 << 20;
constexpr std::size_t kMaxFileBytes = 64 << 20;

absl::Status ValidateOptions(const v1::ImportInteractionsOptions& options, absl::TimeZone& zone) {
  base::FieldViolations violations;
  if (options.format() != v1::INTERACTION_FORMAT_ICALENDAR && options.format() != v1::INTERACTION_FORMAT_CSV) {
    violations.Add("options.format", "must be ICALENDAR or CSV");
  }
  if (options.people_size() > kMaxKnownPeople) {
    violations.Add("options.people", absl::StrCat("must be at most ", kMaxKnownPeople));
  } else {
    for (int i = 0; i < options.people_size(); ++i) {
      ValidateContactId(options.people(i).contact_id(), absl::StrCat("options.people[", i, "].contact_id"), violations);
    }
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
      return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                         "the file is larger than 64 MiB");
    }
    bytes += message->chunk();
  }
  return bytes;
}

}  // namespace

absl::StatusOr<v1::ImportInteractionsResponse> LedgerService::ImportInteractions(
    const rpc::CallContext& call, rpc::Reader<v1::ImportInteractionsRequest>& reader) {
  const std::optional<v1::ImportInteractionsRequest> first = reader.Read();
  if (!first.has_value() || first->part_case() != v1::ImportInteractionsRequest::kOptions) {
    return base::InvalidField("options", "must be the first message");
  }
  const v1::ImportInteractionsOptions& options = first->options();
  absl::TimeZone zone = absl::UTCTimeZone();
  COUNCIL_RETURN_IF_ERROR(ValidateOptions(options, zone));
  COUNCIL_ASSIGN_OR_RETURN(const std::string bytes, ReadChunks(reader));
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");

  ImportedFile file;
  if (options.format() == v1::INTERACTION_FORMAT_ICALENDAR) {
    CalendarOptions calendar;
    for (const std::string& email : options.own_emails()) calendar.own_emails.insert(absl::AsciiStrToLower(email));
    calendar.time_zone = zone;
    calendar.now = ledger_.Now();
    calendar.deadline = call.deadline();
    COUNCIL_ASSIGN_OR_RETURN(file, ReadCalendar(bytes, calendar));
  } else {
    COUNCIL_ASSIGN_OR_RETURN(file, ReadInteractionTable(bytes, {.time_zone = zone, .now = ledger_.Now()}));
  }
  ImportSettings settings;
  for (const v1::KnownPerson& person : options.people()) {
    settings.people[absl::AsciiStrToLower(person.email())] = person.contact_id();
  }
  settings.dry_run = options.dry_run();
  settings.deadline = call.deadline();
  COUNCIL_ASSIGN_OR_RETURN(v1::ImportInteractionsResponse response,
                           InteractionImport(ledger_, call.owner(), std::move(settings)).Run(file));
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.Revision(call.owner(), {.deadline = call.deadline()}));
  response.set_token(TokenOf(call.owner(), revision));
  return response;
}

}  // namespace council::ledger
