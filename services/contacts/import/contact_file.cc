#include "services/contacts/import/contact_file.h"

#include <utility>

#include "absl/strings/match.h"
#include "libs/base/status.h"
#include "libs/csv/lines.h"
#include "libs/exports/dex_export.h"
#include "libs/exports/monica_export.h"
#include "services/contacts/import/csv_reader.h"
#include "services/contacts/import/dex_reader.h"
#include "services/contacts/import/mapped_csv.h"
#include "services/contacts/import/markdown_reader.h"
#include "services/contacts/import/monica_reader.h"
#include "services/contacts/import/vcard_reader.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

// How far into a file its format shows.
constexpr size_t kLookedAt = 64 << 10;

bool HasCard(absl::string_view text) {
  bool found = false;
  csv::ForEachLine(text, [&](absl::string_view line, absl::string_view, int) {
    found = absl::EqualsIgnoreCase(Trimmed(line), "BEGIN:VCARD");
    return !found;
  });
  return found;
}

}  // namespace

FileRecord LeftOutRecord(int line, std::string why) {
  FileRecord record;
  record.line = line;
  record.left_out.push_back(std::move(why));
  return record;
}

absl::StatusOr<v1::ContactFormat> DetectFormat(absl::string_view bytes) {
  const std::string start = WithoutByteOrderMark(bytes.substr(0, kLookedAt));
  if (exports::LooksLikeMonica(start)) return v1::CONTACT_FORMAT_MONICA_JSON;
  if (HasCard(start)) return v1::CONTACT_FORMAT_VCARD;
  if (const v1::ContactFormat format = DetectCsvFormat(start); format != v1::CONTACT_FORMAT_UNSPECIFIED) return format;
  if (exports::LooksLikeDex(start)) return v1::CONTACT_FORMAT_DEX_CSV;
  return base::InvalidField("format",
                            "the file is not a vCard, LinkedIn's Connections.csv, a CSV export of Google Contacts or "
                            "Dex, or a JSON export of Monica");
}

absl::Status ReadContacts(v1::ContactFormat format, absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take,
                          const FileOptions& options) {
  switch (format) {
    case v1::CONTACT_FORMAT_VCARD:
      ReadVcards(WithoutByteOrderMark(bytes), take);
      return absl::OkStatus();
    case v1::CONTACT_FORMAT_LINKEDIN_CSV:
      return ReadLinkedInCsv(TextOfFile(bytes), take);
    case v1::CONTACT_FORMAT_GOOGLE_CSV:
      return ReadGoogleCsv(TextOfFile(bytes), take);
    case v1::CONTACT_FORMAT_MONICA_JSON:
      return ReadMonicaJson(WithoutByteOrderMark(bytes), take);
    case v1::CONTACT_FORMAT_DEX_CSV:
      return ReadDexCsv(bytes, take);
    case v1::CONTACT_FORMAT_CSV:
      return ReadMappedCsv(TextOfFile(bytes), options.columns, take);
    case v1::CONTACT_FORMAT_MARKDOWN:
      return ReadMarkdown(bytes, options.file_name, take);
    default:
      return base::InvalidField("format", "is not one that can be read");
  }
}

}  // namespace council::contacts
