#include "libs/exports/dex_export.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"
#include "libs/text/charset.h"
#include "libs/text/written_day.h"

namespace council::exports {
namespace {

enum class Column {
  kOther,
  kPassedOver,
  kId,
  kFirstName,
  kLastName,
  kName,
  kEmail,
  kPhone,
  kTitle,
  kOrganization,
  kLocation,
  kBirthday,
  kBirthdayThisYear,
  kTag,
  kProfile,
  kNote,
  kLastSeen,
  kReminder,
};

// "lastseenat" of "Last Seen At" and "last_seen_at".
std::string Bare(absl::string_view header) {
  std::string bare;
  for (const char c : header) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) bare.push_back(absl::ascii_tolower(c));
  }
  return bare;
}

Column ColumnOf(absl::string_view header) {
  static const absl::flat_hash_map<absl::string_view, Column> kColumns = {
      {"id", Column::kId},
      {"contactid", Column::kId},
      {"firstname", Column::kFirstName},
      {"lastname", Column::kLastName},
      {"name", Column::kName},
      {"fullname", Column::kName},
      {"mobile", Column::kPhone},
      {"jobtitle", Column::kTitle},
      {"title", Column::kTitle},
      {"position", Column::kTitle},
      {"company", Column::kOrganization},
      {"organization", Column::kOrganization},
      {"location", Column::kLocation},
      {"city", Column::kLocation},
      {"birthday", Column::kBirthday},
      {"birthdate", Column::kBirthday},
      {"birthdaycurrentyear", Column::kBirthdayThisYear},
      {"group", Column::kTag},
      {"groups", Column::kTag},
      {"tag", Column::kTag},
      {"tags", Column::kTag},
      {"labels", Column::kTag},
      {"linkedin", Column::kProfile},
      {"linkedinurl", Column::kProfile},
      {"twitter", Column::kProfile},
      {"facebook", Column::kProfile},
      {"instagram", Column::kProfile},
      {"telegram", Column::kProfile},
      {"website", Column::kProfile},
      {"websites", Column::kProfile},
      {"notes", Column::kNote},
      {"note", Column::kNote},
      {"description", Column::kNote},
      {"bio", Column::kNote},
      {"lastseen", Column::kLastSeen},
      {"lastseenat", Column::kLastSeen},
      {"lastseendate", Column::kLastSeen},
      {"nextreminder", Column::kReminder},
      {"nextreminderat", Column::kReminder},
      {"imageurl", Column::kPassedOver},
      {"photo", Column::kPassedOver},
      {"createdat", Column::kPassedOver},
      {"updatedat", Column::kPassedOver},
  };
  const std::string bare = Bare(header);
  if (const auto found = kColumns.find(bare); found != kColumns.end()) return found->second;
  const bool email = absl::StrContains(bare, "email");
  if (!email && !absl::StrContains(bare, "phone")) return Column::kOther;
  if (absl::EndsWith(bare, "type") || absl::EndsWith(bare, "label")) return Column::kPassedOver;
  return email ? Column::kEmail : Column::kPhone;
}

// The columns of a header; nothing where it is none of Dex.
std::optional<std::vector<Column>> ColumnsOf(const std::vector<std::string>& header) {
  std::vector<Column> columns;
  for (const std::string& name : header) columns.push_back(ColumnOf(name));
  const auto has = [&columns](Column column) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  };
  const bool names = has(Column::kName) || (has(Column::kFirstName) && has(Column::kLastName));
  if (!names || !(has(Column::kLastSeen) || has(Column::kReminder))) return std::nullopt;
  return columns;
}

std::vector<std::string> Parts(absl::string_view field, const char* separators) {
  std::vector<std::string> parts;
  for (const absl::string_view part : absl::StrSplit(field, absl::ByAnyChar(separators), absl::SkipWhitespace())) {
    parts.emplace_back(absl::StripAsciiWhitespace(part));
  }
  return parts;
}

// What LinkedIn's own export calls a profile, of an address or the name in it.
std::string LinkedInProfile(absl::string_view value) {
  if (absl::StartsWith(value, "linkedin.com") || absl::StartsWith(value, "www.linkedin.com")) {
    return absl::StrCat("https://www.", absl::StripSuffix(absl::StripPrefix(value, "www."), "/"));
  }
  if (absl::StartsWith(value, "http")) return std::string(absl::StripSuffix(value, "/"));
  return absl::StrCat("https://www.linkedin.com/in/", value);
}

// The name of a network: "linkedin" of "LinkedIn URL".
std::string Network(absl::string_view header) {
  const std::string bare = Bare(header);
  return std::string(absl::StripSuffix(bare, "url"));
}

void AddProfile(const std::string& header, const std::string& value, DexPerson& person) {
  std::string network = Network(header);
  const bool linkedin = network == "linkedin";
  if (linkedin) person.uid = LinkedInProfile(value);
  person.profiles.emplace_back(std::move(network), linkedin ? person.uid : value);
}

void AddField(Column column, const std::string& header, const std::string& value, DexPerson& person) {
  const auto add_all = [&value](const char* separators, std::vector<std::string>& to) {
    for (std::string& part : Parts(value, separators)) to.push_back(std::move(part));
  };
  switch (column) {
    case Column::kPassedOver:
      break;
    case Column::kId:
      if (person.uid.empty()) person.uid = value;
      break;
    case Column::kFirstName:
      person.first_name = value;
      break;
    case Column::kLastName:
      person.last_name = value;
      break;
    case Column::kName:
      person.name = value;
      break;
    case Column::kEmail:
      add_all(",;| \r\n\t", person.emails);
      break;
    case Column::kPhone:
      add_all(",;|\r\n", person.phones);
      break;
    case Column::kTitle:
      person.title = value;
      break;
    case Column::kOrganization:
      person.organization = value;
      break;
    case Column::kLocation:
      person.location = value;
      break;
    case Column::kBirthday:
      person.birthday = value;
      break;
    case Column::kBirthdayThisYear: {
      const std::optional<text::WrittenDay> written = text::ReadDay(value);
      if (written.has_value() && written->day.has_value()) {
        person.birthday = absl::StrFormat("--%02d-%02d", written->day->month(), written->day->day());
      } else {
        person.others.emplace_back(header, value);
      }
      break;
    }
    case Column::kTag:
      add_all(",;|\r\n", person.tags);
      break;
    case Column::kProfile:
      AddProfile(header, value, person);
      break;
    case Column::kNote:
      person.notes.push_back(value);
      break;
    case Column::kLastSeen:
      person.last_seen = value;
      break;
    case Column::kReminder:
    case Column::kOther:
      person.others.emplace_back(header, value);
      break;
  }
}

DexPerson PersonOf(const std::vector<std::string>& header, const std::vector<Column>& columns, csv::CsvRow row) {
  csv::CheckRow(columns.size(), row);
  DexPerson person;
  person.line = row.line;
  person.broken = std::move(row.broken);
  if (!person.broken.empty()) return person;
  for (size_t i = 0; i < row.fields.size(); ++i) {
    const std::string value(absl::StripAsciiWhitespace(row.fields[i]));
    if (!value.empty()) AddField(columns[i], std::string(absl::StripAsciiWhitespace(header[i])), value, person);
  }
  if (person.name.empty()) {
    person.name = absl::StrCat(person.first_name, person.first_name.empty() || person.last_name.empty() ? "" : " ",
                               person.last_name);
  }
  return person;
}

}  // namespace

bool LooksLikeDex(absl::string_view start) {
  bool found = false;
  csv::ForEachCsvRow(text::WithoutByteOrderMark(start), [&found](const csv::CsvRow& row) {
    const std::optional<std::vector<Column>> columns = ColumnsOf(row.fields);
    // Many tables have names and when somebody was last seen; theirs has first and last names.
    found = columns.has_value() && std::find(columns->begin(), columns->end(), Column::kFirstName) != columns->end();
    return false;
  });
  return found;
}

absl::Status ForEachDexPerson(absl::string_view bytes, absl::FunctionRef<bool(DexPerson)> take) {
  std::vector<std::string> header;
  std::optional<std::vector<Column>> columns;
  csv::ForEachCsvRow(text::TextOfFile(bytes), [&](csv::CsvRow row) {
    if (columns.has_value()) return take(PersonOf(header, *columns, std::move(row)));
    header = std::move(row.fields);
    columns = ColumnsOf(header);
    return columns.has_value();
  });
  if (columns.has_value()) return absl::OkStatus();
  return base::InvalidField("chunk",
                            "is no export of Dex: the first row must name its columns, \"First Name\", \"Last Name\" "
                            "and \"Last Seen\" among them");
}

}  // namespace council::exports
