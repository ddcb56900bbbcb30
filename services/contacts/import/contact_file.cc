#include "services/contacts/import/contact_file.h"

#include "absl/strings/match.h"
#include "libs/base/status.h"
#include "libs/csv/lines.h"
#include "services/contacts/import/csv_reader.h"
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

absl::StatusOr<v1::ContactFormat> DetectFormat(absl::string_view bytes) {
  const std::string start = WithoutByteOrderMark(bytes.substr(0, kLookedAt));
  if (HasCard(start)) return v1::CONTACT_FORMAT_VCARD;
  if (const v1::ContactFormat format = DetectCsvFormat(start); format != v1::CONTACT_FORMAT_UNSPECIFIED) return format;
  return base::InvalidField("format",
                            "the file is not a vCard, LinkedIn's Connections.csv or a CSV export of Google Contacts");
}

absl::Status ReadContacts(v1::ContactFormat format, absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take) {
  std::string text = WithoutByteOrderMark(bytes);
  switch (format) {
    case v1::CONTACT_FORMAT_VCARD:
      ReadVcards(text, take);
      return absl::OkStatus();
    case v1::CONTACT_FORMAT_LINKEDIN_CSV:
      return ReadLinkedInCsv(ToUtf8(text), take);
    case v1::CONTACT_FORMAT_GOOGLE_CSV:
      return ReadGoogleCsv(ToUtf8(text), take);
    default:
      return base::InvalidField("format", "only vCard, LinkedIn's and Google's CSV can be read");
  }
}

}  // namespace council::contacts
