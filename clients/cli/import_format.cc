#include "clients/cli/import_format.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "libs/exports/dex_export.h"
#include "libs/exports/monica_export.h"
#include "libs/mail/mbox.h"

namespace council::cli {
namespace {

// LinkedIn writes a few lines of notes before the header.
constexpr size_t kHeaderWithin = 20;

bool HasColumn(const std::string& lower_line, const std::string& column) {
  for (std::string cell : std::vector<std::string>(absl::StrSplit(lower_line, ','))) {
    cell = std::string(absl::StripAsciiWhitespace(cell));
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    if (cell == column) return true;
  }
  return false;
}

}  // namespace

bool FileFormat::IsTable() const {
  return contacts == contacts::v1::CONTACT_FORMAT_LINKEDIN_CSV || contacts == contacts::v1::CONTACT_FORMAT_GOOGLE_CSV ||
         contacts == contacts::v1::CONTACT_FORMAT_DEX_CSV || interactions == ledger::v1::INTERACTION_FORMAT_CSV;
}

FileFormat MarkdownFormat() {
  return {.name = "Markdown",
          .contacts = contacts::v1::CONTACT_FORMAT_MARKDOWN,
          .interactions = ledger::v1::INTERACTION_FORMAT_MARKDOWN};
}

FileFormat MailFormat() {
  return {.name = "mail",
          .contacts = contacts::v1::CONTACT_FORMAT_UNSPECIFIED,
          .interactions = ledger::v1::INTERACTION_FORMAT_MBOX};
}

absl::StatusOr<FileFormat> DetectFormat(const std::string& start) {
  std::string lower = absl::AsciiStrToLower(start);
  if (absl::StartsWith(lower, "\xEF\xBB\xBF")) lower.erase(0, 3);
  // UTF-16: what tells formats apart is ASCII in it, with zeros between.
  if (absl::StartsWith(lower, "\xFF\xFE") || absl::StartsWith(lower, "\xFE\xFF")) std::erase(lower, '\0');
  // Before all that may stand in the text of a mail.
  if (mail::LooksLikeMbox(start)) return MailFormat();
  FileFormat format;
  // Before vCards, which may stand in it.
  if (exports::LooksLikeMonica(start)) {
    format.name = "Monica";
    format.contacts = contacts::v1::CONTACT_FORMAT_MONICA_JSON;
    format.interactions = ledger::v1::INTERACTION_FORMAT_MONICA_JSON;
    return format;
  }
  const size_t calendar = lower.find("begin:vcalendar");
  const size_t card = lower.find("begin:vcard");
  if (calendar != std::string::npos && calendar < card) {
    format.name = "iCalendar";
    format.interactions = ledger::v1::INTERACTION_FORMAT_ICALENDAR;
    return format;
  }
  if (card != std::string::npos) {
    format.name = "vCard";
    format.contacts = contacts::v1::CONTACT_FORMAT_VCARD;
    return format;
  }
  const std::vector<std::string> lines = absl::StrSplit(lower, absl::ByAnyChar("\r\n"), absl::SkipEmpty());
  for (size_t i = 0; i < lines.size() && i < kHeaderWithin; ++i) {
    const std::string& line = lines[i];
    if (HasColumn(line, "first name") && HasColumn(line, "connected on")) {
      format.name = "LinkedIn";
      format.contacts = contacts::v1::CONTACT_FORMAT_LINKEDIN_CSV;
      return format;
    }
    if (absl::StrContains(line, "e-mail 1 - ") || (HasColumn(line, "given name") && HasColumn(line, "family name")) ||
        (HasColumn(line, "first name") && HasColumn(line, "labels"))) {
      format.name = "Google Contacts";
      format.contacts = contacts::v1::CONTACT_FORMAT_GOOGLE_CSV;
      return format;
    }
    if (HasColumn(line, "contact") && (HasColumn(line, "date") || HasColumn(line, "occur_time"))) {
      format.name = "CSV of talks";
      format.interactions = ledger::v1::INTERACTION_FORMAT_CSV;
      return format;
    }
  }
  if (exports::LooksLikeDex(start)) {
    format.name = "Dex";
    format.contacts = contacts::v1::CONTACT_FORMAT_DEX_CSV;
    format.interactions = ledger::v1::INTERACTION_FORMAT_DEX_CSV;
    return format;
  }
  return absl::InvalidArgumentError(
      "neither vCard nor iCalendar nor mail (mbox), nor an export of Monica (JSON), LinkedIn, Google Contacts or Dex "
      "(CSV), nor a CSV "
      "of talks with the columns date and contact; any other CSV is read with --map (council import --help)");
}

}  // namespace council::cli
