#include "services/contacts/import/csv_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

// LinkedIn puts its notes before the header.
constexpr int kHeaderWithinRows = 20;

// The columns of a table by name, without regard to case.
class Header {
 public:
  Header() = default;
  explicit Header(const std::vector<std::string>& names) : size_(names.size()) {
    for (size_t i = 0; i < names.size(); ++i) columns_.insert({absl::AsciiStrToLower(Trimmed(names[i])), i});
  }

  bool Has(absl::string_view name) const { return columns_.contains(absl::AsciiStrToLower(name)); }

  // The row's field in that column, trimmed; empty where there is none.
  std::string Field(const csv::CsvRow& row, absl::string_view name) const {
    const auto column = columns_.find(absl::AsciiStrToLower(name));
    if (column == columns_.end() || column->second >= row.fields.size()) return {};
    return Trimmed(row.fields[column->second]);
  }

  size_t size() const { return size_; }

 private:
  absl::flat_hash_map<std::string, size_t> columns_;
  size_t size_ = 0;
};

v1::ContactFormat FormatOf(const Header& header) {
  if (header.Has("First Name") && header.Has("Last Name") && header.Has("Connected On")) {
    return v1::CONTACT_FORMAT_LINKEDIN_CSV;
  }
  if (header.Has("E-mail 1 - Value") || header.Has("Group Membership") ||
      (header.Has("First Name") && header.Has("Labels") && header.Has("Organization Name"))) {
    return v1::CONTACT_FORMAT_GOOGLE_CSV;
  }
  return v1::CONTACT_FORMAT_UNSPECIFIED;
}

// "2024-03-12" of "12 Mar 2024", LinkedIn's way of writing it; other ways as they are.
std::string ConnectedOn(const std::string& text) {
  static constexpr absl::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  const std::vector<std::string> parts = absl::StrSplit(text, ' ', absl::SkipEmpty());
  int day = 0;
  int year = 0;
  if (parts.size() != 3 || parts[1].size() < 3 || !absl::SimpleAtoi(parts[0], &day) ||
      !absl::SimpleAtoi(parts[2], &year)) {
    return text;
  }
  const size_t month = kMonths.find(absl::AsciiStrToLower(parts[1].substr(0, 3)));
  if (month == absl::string_view::npos || month % 3 != 0 || day < 1 || day > 31 || year < 1000 || year > 9999)
    return text;
  return absl::StrFormat("%04d-%02d-%02d", year, month / 3 + 1, day);
}

std::vector<std::string> Values(const std::string& field) {
  return absl::StrSplit(field, " ::: ", absl::SkipWhitespace());
}

FileRecord FromLinkedIn(const Header& header, const csv::CsvRow& row) {
  ContactBuilder builder(row.line);
  const std::string first = header.Field(row, "First Name");
  const std::string last = header.Field(row, "Last Name");
  builder.SetName(JoinNonEmpty({first, last}, " "));
  builder.AddEmail(header.Field(row, "Email Address"));
  builder.SetOrganization(header.Field(row, "Company"));
  builder.SetTitle(header.Field(row, "Position"));
  if (const std::string url = header.Field(row, "URL"); !url.empty()) {
    builder.SetUid(url);
    builder.AddVcardProperty(absl::StrCat("URL:", url));
  }
  builder.AddStructured("N", {last, first, "", "", ""});
  if (const std::string day = header.Field(row, "Connected On"); !day.empty()) {
    builder.SetHowMet(absl::StrCat("LinkedIn connection since ", ConnectedOn(day)));
  }
  return builder.Finish(true);
}

// The fields "PREFIX 1 - SUFFIX", "PREFIX 2 - SUFFIX" … of a row.
template <typename Take>
void ForEachNumbered(const Header& header, const csv::CsvRow& row, absl::string_view prefix, absl::string_view suffix,
                     Take take) {
  for (int i = 1;; ++i) {
    const std::string name = absl::StrCat(prefix, " ", i, " - ", suffix);
    if (!header.Has(name)) return;
    if (const std::string field = header.Field(row, name); !field.empty()) take(i, field);
  }
}

void AddGoogleAddresses(ContactBuilder& builder, const Header& header, const csv::CsvRow& row) {
  for (int i = 1; header.Has(absl::StrCat("Address ", i, " - Country")); ++i) {
    const auto part = [&](absl::string_view name) {
      return header.Field(row, absl::StrCat("Address ", i, " - ", name));
    };
    const std::vector<std::string> components = {part("PO Box"), part("Extended Address"), part("Street"), part("City"),
                                                 part("Region"), part("Postal Code"),      part("Country")};
    builder.SetLocation(JoinNonEmpty({components[3], components[4], components[6]}, ", "));
    builder.AddStructured("ADR", components);
  }
}

FileRecord FromGoogle(const Header& header, const csv::CsvRow& row) {
  ContactBuilder builder(row.line);
  // Each field has one of two names, by the layout; none has both.
  const auto either = [&](absl::string_view older, absl::string_view newer) {
    std::string field = header.Field(row, older);
    return field.empty() ? header.Field(row, newer) : field;
  };
  const std::string family = either("Family Name", "Last Name");
  const std::string given = either("Given Name", "First Name");
  const std::string additional = either("Additional Name", "Middle Name");
  const std::string prefix = header.Field(row, "Name Prefix");
  const std::string suffix = header.Field(row, "Name Suffix");
  builder.SetName(header.Field(row, "Name"));
  builder.SetName(JoinNonEmpty({prefix, given, additional, family, suffix}, " "));
  builder.SetName(header.Field(row, "File As"));
  builder.SetName(header.Field(row, "Nickname"));
  builder.AddStructured("N", {family, given, additional, prefix, suffix});

  ForEachNumbered(header, row, "E-mail", "Value", [&](int, const std::string& field) {
    for (const std::string& email : Values(field)) builder.AddEmail(email);
  });
  ForEachNumbered(header, row, "Phone", "Value", [&](int, const std::string& field) {
    for (const std::string& phone : Values(field)) builder.AddPhone(phone);
  });
  builder.SetOrganization(either("Organization 1 - Name", "Organization Name"));
  builder.SetTitle(either("Organization 1 - Title", "Organization Title"));
  const std::string department = either("Organization 1 - Department", "Organization Department");
  if (!department.empty()) {
    builder.AddVcardProperty(
        absl::StrCat("ORG:", EscapeVcardText(builder.contact().organization()), ";", EscapeVcardText(department)));
  }
  builder.SetLocation(header.Field(row, "Location"));
  AddGoogleAddresses(builder, header, row);
  if (const std::string birthday = header.Field(row, "Birthday"); !builder.SetBirthday(birthday)) {
    builder.AddVcardProperty(absl::StrCat("BDAY;VALUE=text:", EscapeVcardText(birthday)));
  }
  builder.AddNote(header.Field(row, "Notes"));
  for (absl::string_view label : Values(either("Group Membership", "Labels"))) {
    // Google's own groups have a star before the name; in "myContacts" is everybody.
    if (absl::StartsWith(label, "* ")) label.remove_prefix(2);
    if (label != "myContacts") builder.AddTag(label);
  }
  if (const std::string nickname = header.Field(row, "Nickname"); !nickname.empty()) {
    builder.AddVcardProperty(absl::StrCat("NICKNAME:", EscapeVcardText(nickname)));
  }
  ForEachNumbered(header, row, "Website", "Value", [&](int, const std::string& field) {
    for (const std::string& url : Values(field)) builder.AddVcardProperty(absl::StrCat("URL:", url));
  });
  return builder.Finish(true);
}

absl::Status ReadTable(absl::string_view bytes, v1::ContactFormat format, absl::FunctionRef<bool(FileRecord)> take,
                       FileRecord (*read)(const Header&, const csv::CsvRow&)) {
  Header header;
  int rows = 0;
  csv::ForEachCsvRow(bytes, [&](csv::CsvRow row) {
    if (header.size() == 0) {
      if (Header candidate(row.fields); FormatOf(candidate) == format) header = std::move(candidate);
      return ++rows <= kHeaderWithinRows || header.size() > 0;
    }
    csv::CheckRow(header.size(), row);
    if (row.broken.empty()) return take(read(header, row));
    return take(LeftOutRecord(row.line, std::move(row.broken)));
  });
  if (header.size() > 0) return absl::OkStatus();
  return base::InvalidField("format", "the file has no header of that format within its first rows");
}

}  // namespace

v1::ContactFormat DetectCsvFormat(absl::string_view bytes) {
  v1::ContactFormat format = v1::CONTACT_FORMAT_UNSPECIFIED;
  int rows = 0;
  csv::ForEachCsvRow(bytes, [&](const csv::CsvRow& row) {
    format = FormatOf(Header(row.fields));
    return format == v1::CONTACT_FORMAT_UNSPECIFIED && ++rows <= kHeaderWithinRows;
  });
  return format;
}

absl::Status ReadLinkedInCsv(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take) {
  return ReadTable(bytes, v1::CONTACT_FORMAT_LINKEDIN_CSV, take, &FromLinkedIn);
}

absl::Status ReadGoogleCsv(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take) {
  return ReadTable(bytes, v1::CONTACT_FORMAT_GOOGLE_CSV, take, &FromGoogle);
}

}  // namespace council::contacts
