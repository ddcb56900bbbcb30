#include "services/contacts/import/mapped_csv.h"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

constexpr absl::string_view kFacet = "facet.";

// A row while it is read.
struct Row {
  ContactBuilder builder;
  std::string given_name;
  std::string family_name;
};

// Where a column may go.
struct Field {
  absl::string_view name;
  // Several columns may, and have values parted by `separator` (0: one value).
  bool several = false;
  char separator = 0;
  // Takes a value that is not empty; false where there is another one already.
  bool (*take)(Row& row, const std::string& value);
};

template <auto Method>
bool Take(Row& row, const std::string& value) {
  if constexpr (std::is_void_v<decltype((row.builder.*Method)(value))>) {
    (row.builder.*Method)(value);
    return true;
  } else {
    return (row.builder.*Method)(value);
  }
}

template <std::string Row::*Name>
bool TakeName(Row& row, const std::string& value) {
  if ((row.*Name).empty()) row.*Name = value;
  return row.*Name == value;
}

constexpr Field kFields[] = {
    {"display_name", false, 0, &Take<&ContactBuilder::SetName>},
    {"given_name", false, 0, &TakeName<&Row::given_name>},
    {"family_name", false, 0, &TakeName<&Row::family_name>},
    {"email", true, ';', &Take<&ContactBuilder::AddEmail>},
    {"phone", true, ';', &Take<&ContactBuilder::AddPhone>},
    {"organization", false, 0, &Take<&ContactBuilder::SetOrganization>},
    {"title", false, 0, &Take<&ContactBuilder::SetTitle>},
    {"location", false, 0, &Take<&ContactBuilder::SetLocation>},
    {"how_met", false, 0, &Take<&ContactBuilder::SetHowMet>},
    {"tag", true, ';', &Take<&ContactBuilder::AddTag>},
    {"note", true, 0, &Take<&ContactBuilder::AddNote>},
    {"birthday", false, 0, &Take<&ContactBuilder::AddBirthday>},
    {"uid", false, 0, &Take<&ContactBuilder::SetUid>},
};

const Field* FieldNamed(absl::string_view name) {
  const auto* const found = std::ranges::find(kFields, name, &Field::name);
  return found == std::end(kFields) ? nullptr : found;
}

std::string AllFields() {
  return absl::StrCat(
      absl::StrJoin(kFields, ", ", [](std::string* out, const Field& field) { absl::StrAppend(out, field.name); }),
      " and facet.NAME");
}

void TakeFacet(const std::string& name, const std::string& value, ContactBuilder& builder) {
  builder.SetFacet(name, value);
  if (!builder.contact().facets().contains(name)) {
    builder.LeaveOut(absl::StrCat("the value of facet.", name, " is longer than a facet's may be: left out"));
  }
}

void TakeField(const Field& field, const std::string& text, Row& row) {
  const std::vector<std::string> values = field.separator == 0
                                              ? std::vector<std::string>{text}
                                              : absl::StrSplit(text, field.separator, absl::SkipWhitespace());
  for (const std::string& value : values) {
    if (!field.take(row, value)) row.builder.LeaveOut(absl::StrCat("a second ", field.name, ": left out"));
  }
}

FileRecord RecordOf(const std::vector<csv::MappedHeader::Column>& columns, const csv::CsvRow& csv_row) {
  Row row{.builder = ContactBuilder(csv_row.line), .given_name = "", .family_name = ""};
  for (const csv::MappedHeader::Column& column : columns) {
    if (column.index >= csv_row.fields.size()) continue;
    const std::string text = Trimmed(csv_row.fields[column.index]);
    if (text.empty()) continue;
    if (const Field* const field = FieldNamed(column.target); field != nullptr) {
      TakeField(*field, text, row);
    } else {
      TakeFacet(column.target.substr(kFacet.size()), text, row.builder);
    }
  }
  if (row.builder.contact().display_name().empty()) {
    row.builder.SetName(absl::StrCat(row.given_name, " ", row.family_name));
  }
  if (!row.given_name.empty() || !row.family_name.empty()) {
    row.builder.AddVcardProperty(
        absl::StrCat("N:", EscapeVcardText(row.family_name), ";", EscapeVcardText(row.given_name), ";;;"));
  }
  return row.builder.Finish(true);
}

}  // namespace

absl::Status ValidateColumns(const csv::ColumnTargets& columns,
                             const absl::flat_hash_set<std::string>& consented_facets) {
  if (columns.empty()) {
    return base::InvalidField("options.columns",
                              "is required for CSV: the field that each column goes to, by the column's header, for "
                              "example \"Name\" to display_name");
  }
  base::FieldViolations violations;
  csv::ValidateHeaders(columns, violations);
  bool named = false;
  absl::flat_hash_map<std::string, std::string> seen;  // Headers by field.
  for (const auto& [header, name] : columns) {
    named |= name == "display_name" || name == "given_name" || name == "family_name";
    const Field* const field = FieldNamed(name);
    absl::string_view facet = name;
    if (field == nullptr && !absl::ConsumePrefix(&facet, kFacet)) {
      violations.Add(csv::ColumnPath(header),
                     absl::StrCat("there is no field \"", name, "\"; there are ", AllFields()));
      continue;
    }
    if (field == nullptr) {
      v1::Contact with_facet;
      with_facet.set_display_name("-");
      (*with_facet.mutable_facets())[std::string(facet)] = std::string(1, '-');
      ValidateContact(with_facet, csv::ColumnPath(header), consented_facets, violations);
    }
    const auto [other, first] = seen.insert({name, header});
    if (!first && (field == nullptr || !field->several)) {
      violations.Add(csv::ColumnPath(header),
                     absl::StrCat(name, " is the column \"", other->second,
                                  "\" already; several columns may go to email, phone, tag and note"));
    }
  }
  if (!named) {
    violations.Add("options.columns", "must say which column is the name: display_name, or given_name and family_name");
  }
  return violations.ToStatus();
}

absl::Status ReadMappedCsv(absl::string_view bytes, const csv::ColumnTargets& columns,
                           absl::FunctionRef<bool(FileRecord)> take) {
  return csv::ForEachMappedRow(bytes, columns, [&](const csv::MappedHeader& header, csv::CsvRow row) {
    if (row.broken.empty()) return take(RecordOf(header.columns, row));
    return take(LeftOutRecord(row.line, std::move(row.broken)));
  });
}

}  // namespace council::contacts
