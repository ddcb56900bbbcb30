#include "services/ledger/import/interaction_table.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"
#include "libs/text/charset.h"
#include "libs/text/written_day.h"
#include "services/ledger/canonical.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr absl::string_view kColumns[] = {"date",   "occur_time",       "contact", "channel",  "depth", "domains",
                                          "energy", "duration_minutes", "given",   "received", "note"};
constexpr char kWithoutDate[] = "without a date";

// Where a table's columns are.
struct Columns {
  std::map<std::string, std::size_t> by_name;  // "contact": the first of them.
  std::vector<std::size_t> contacts;           // All of them, from the left.
  bool named = false;                          // By the caller.

  bool HasDate() const { return by_name.contains("date") || by_name.contains("occur_time"); }
  bool AreEnough() const { return HasDate() && !contacts.empty(); }
};

std::string Word(absl::string_view text) {
  return absl::AsciiStrToUpper(absl::StrReplaceAll(absl::StripAsciiWhitespace(text), {{" ", "_"}, {"-", "_"}}));
}

std::vector<std::string> Parts(const std::string& text) {
  std::vector<std::string> parts;
  for (const absl::string_view part : absl::StrSplit(text, ';')) {
    const absl::string_view stripped = absl::StripAsciiWhitespace(part);
    if (!stripped.empty()) parts.emplace_back(stripped);
  }
  return parts;
}

std::optional<absl::Time> ParseTime(const std::string& text, absl::TimeZone zone) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return time;
  for (const char* format : {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"}) {
    if (absl::ParseTime(format, text, zone, &time, &error)) return time;
  }
  // A day without a time is taken at noon, so that it stays that day in most zones.
  if (absl::ParseTime("%Y-%m-%d", text, zone, &time, &error)) return time + absl::Hours(12);
  return std::nullopt;
}

// One row, field by field; the first thing that is wrong is the row's reason.
class RowReader {
 public:
  RowReader(const Columns& columns, const std::vector<std::string>& fields, const TableOptions& options)
      : columns_(columns), fields_(fields), options_(options) {}

  bool HasDate() const { return !Field("occur_time").empty() || !Field("date").empty(); }

  // Who else the one person of a row may be called, where several columns name them, is added to `also_known_as`.
  absl::StatusOr<ImportedRecord> Read(std::map<std::string, std::vector<std::string>>& also_known_as) {
    ReadTime();
    ReadPeople(also_known_as);
    ReadWords();
    ReadNumbers();
    ReadBenefits("given", v1::BENEFIT_DIRECTION_GIVEN);
    ReadBenefits("received", v1::BENEFIT_DIRECTION_RECEIVED);
    content_.set_note(Field("note"));
    if (CountCharacters(content_.note()) > kMaxNoteCharacters) Wrong("note: has more than 4000 characters");
    content_.set_source("csv");
    if (!wrong_.empty()) return absl::InvalidArgumentError(wrong_);
    return std::move(record_);
  }

 private:
  // The field of a column; empty where there is no such column.
  std::string Field(const std::string& column) const {
    const auto found = columns_.by_name.find(column);
    return found == columns_.by_name.end() ? "" : FieldAt(found->second);
  }

  std::string FieldAt(std::size_t index) const {
    if (index >= fields_.size()) return "";
    std::string text = fields_[index];
    absl::StripAsciiWhitespace(&text);
    return CleanText(text, 100'000);
  }

  void Wrong(std::string reason) {
    if (wrong_.empty()) wrong_ = std::move(reason);
  }

  void ReadTime() {
    std::string text = Field("occur_time");
    if (text.empty()) text = Field("date");
    std::optional<absl::Time> time = ParseTime(text, options_.time_zone);
    std::optional<text::WrittenDay> written;
    if (!time.has_value()) written = text::ReadDay(text);
    if (written.has_value() && written->day.has_value()) {
      time = ParseTime(absl::FormatCivilTime(*written->day) + text.substr(written->length), options_.time_zone);
    }
    if (written.has_value() && !written->wrong.empty()) {
      Wrong("date: " + written->wrong);
    } else if (!time.has_value()) {
      Wrong("date: must be a day as YYYY-MM-DD, with a time of day if wanted");
    } else if (*time > options_.now + kFutureAllowance) {
      Wrong("date: lies in the future");
    } else {
      *content_.mutable_occur_time() = base::ToProto(*time);
      if (!base::IsValid(content_.occur_time())) Wrong("date: must be of the years 1 to 9999");
    }
  }

  void ReadPeople(std::map<std::string, std::vector<std::string>>& also_known_as) {
    std::vector<std::string> names;
    for (const std::size_t column : columns_.contacts) {
      for (const std::string& part : Parts(FieldAt(column))) names.push_back(CleanText(part, 320));
    }
    if (names.empty()) return Wrong("contact: must name somebody");
    std::vector<std::string> keys;
    for (const std::string& name : names) keys.push_back(absl::AsciiStrToLower(name));
    if (columns_.contacts.size() < 2) {
      for (std::string& key : keys) record_.people.push_back({.address = std::move(key), .name = ""});
      return;
    }
    // People of one name have different addresses: all that a row says tells them apart.
    const std::string address = DigestOf(absl::StrJoin(keys, "\n"));
    record_.people.push_back({.address = address, .name = names.front()});
    also_known_as.emplace(address, std::move(keys));
  }

  void ReadWords() {
    if (const std::string text = Field("channel"); !text.empty()) {
      v1::Channel channel;
      if (!v1::Channel_Parse("CHANNEL_" + Word(text), &channel))
        Wrong("channel: is not one that is known");
      else
        content_.set_channel(channel);
    }
    if (const std::string text = Field("depth"); !text.empty()) {
      v1::InteractionDepth depth;
      if (!v1::InteractionDepth_Parse("INTERACTION_DEPTH_" + Word(text), &depth)) {
        Wrong("depth: must be exchange, update, conversation or counsel");
      } else {
        content_.set_depth(depth);
      }
    }
    std::set<int> seen;
    for (const std::string& text : Parts(Field("domains"))) {
      common::v1::LifeDomain domain;
      if (!common::v1::LifeDomain_Parse("LIFE_DOMAIN_" + Word(text), &domain) || domain == 0 ||
          !seen.insert(domain).second) {
        Wrong("domains: must be career, physical, mental, emotional or social, each once");
      } else {
        content_.add_domains(domain);
      }
    }
  }

  void ReadNumbers() {
    if (const std::string text = Field("energy"); !text.empty()) {
      int energy = 0;
      if (!absl::SimpleAtoi(text, &energy) || energy < -2 || energy > 2) Wrong("energy: must be -2 to 2");
      content_.set_energy(energy);
    }
    if (const std::string text = Field("duration_minutes"); !text.empty()) {
      int minutes = 0;
      if (!absl::SimpleAtoi(text, &minutes) || minutes < 0 || absl::Minutes(minutes) > kMaxDuration) {
        Wrong("duration_minutes: must be whole minutes, at most 31 days");
      } else {
        *content_.mutable_duration() = base::ToProto(absl::Minutes(minutes));
      }
    }
  }

  void ReadBenefits(const std::string& column, v1::BenefitDirection direction) {
    for (const std::string& text : Parts(Field(column))) {
      const std::vector<std::string> kind_and_weight = absl::StrSplit(text, absl::MaxSplits(':', 1));
      v1::BenefitKind kind;
      int weight = 0;
      const bool weighed =
          kind_and_weight.size() < 2 || (absl::SimpleAtoi(kind_and_weight[1], &weight) && weight >= 1 && weight <= 5);
      if (!v1::BenefitKind_Parse("BENEFIT_KIND_" + Word(kind_and_weight[0]), &kind) || kind == 0 || !weighed) {
        Wrong(
            absl::StrCat(column, ": must be kinds of benefit with weights of 1 to 5, as in \"advice:3;introduction\""));
        return;
      }
      v1::Benefit& benefit = *content_.add_benefits();
      benefit.set_direction(direction);
      benefit.set_kind(kind);
      benefit.set_weight(weight);
    }
    if (content_.benefits_size() > kMaxBenefits) Wrong("given and received: more than 20 benefits");
  }

  const Columns& columns_;
  const std::vector<std::string>& fields_;
  const TableOptions& options_;
  ImportedRecord record_;
  v1::Interaction& content_ = record_.content;
  std::string wrong_;
};

// The columns of a header, which is the table's own.
Columns ColumnsOf(const std::vector<std::string>& header) {
  Columns columns;
  for (std::size_t i = 0; i < header.size(); ++i) columns.by_name.emplace(absl::AsciiStrToLower(Word(header[i])), i);
  const auto contact = columns.by_name.find("contact");
  if (contact != columns.by_name.end()) columns.contacts.push_back(contact->second);
  return columns;
}

// The columns that the caller names, and date and contact by their own names where none is named for them.
Columns ColumnsOf(const csv::MappedHeader& header) {
  Columns columns;
  columns.named = true;
  for (const csv::MappedHeader::Column& column : header.columns) {
    columns.by_name.emplace(column.target, column.index);
    if (column.target == "contact") columns.contacts.push_back(column.index);
  }
  const Columns own = ColumnsOf(header.names);
  for (const absl::string_view name : {"date", "occur_time", "contact"}) {
    const auto found = own.by_name.find(std::string(name));
    const bool is_contact = name == "contact";
    if (found == own.by_name.end() || (is_contact ? !columns.contacts.empty() : columns.HasDate())) continue;
    const std::size_t index = found->second;
    const auto is_it = [index](const csv::MappedHeader::Column& column) { return column.index == index; };
    if (std::any_of(header.columns.begin(), header.columns.end(), is_it)) continue;
    columns.by_name.emplace(name, index);
    if (is_contact) columns.contacts.push_back(index);
  }
  return columns;
}

absl::Status ValidateColumns(const csv::ColumnTargets& targets) {
  base::FieldViolations violations;
  csv::ValidateHeaders(targets, violations);
  std::map<std::string, std::string> seen;  // Headers by column.
  for (const auto& [header, name] : targets) {
    const auto [other, first] = seen.emplace(name, header);
    if (std::find(std::begin(kColumns), std::end(kColumns), name) == std::end(kColumns)) {
      violations.Add(csv::ColumnPath(header),
                     absl::StrCat("there is no column \"", name, "\"; there are ", absl::StrJoin(kColumns, ", ")));
    } else if (!first && name != "contact") {
      violations.Add(csv::ColumnPath(header), absl::StrCat(name, " is the column \"", other->second, "\" already"));
    }
  }
  return violations.ToStatus();
}

// What a row is known by: its named fields, so that columns can be reordered.
std::string DigestOfRow(const Columns& columns, const std::vector<std::string>& fields) {
  CanonicalWriter writer("row");
  for (const auto& [name, index] : columns.by_name) {
    if (index < fields.size() && !fields[index].empty()) writer.Text(name).Text(fields[index]);
  }
  return DigestOf(std::move(writer).Take());
}

// What a row of a table with named columns is known by. Its time as it is on the wall, so that neither another way of
// writing days nor another time zone makes another talk of it; of several columns that name a person the first that is
// filled, so that an address which is learned later does not either.
std::string DigestOfTalk(const ImportedRecord& record, absl::TimeZone zone) {
  CanonicalWriter writer("talk");
  writer.Text(absl::FormatCivilTime(absl::ToCivilSecond(base::FromProto(record.content.occur_time()), zone)));
  for (const ImportedPerson& person : record.people) {
    writer.Text(person.name.empty() ? person.address : absl::AsciiStrToLower(person.name));
  }
  return DigestOf(std::move(writer).Take());
}

// A table while it is read.
class TableReader {
 public:
  explicit TableReader(const TableOptions& options) : options_(options) {}

  // False where the table has more rows than are taken.
  bool Take(const Columns& columns, const csv::CsvRow& row) {
    if (++rows_ > kMaxRecords) return false;
    if (!row.broken.empty()) {
      Skip(row.line, row.broken);
      return true;
    }
    RowReader reader(columns, row.fields, options_);
    if (columns.named && !reader.HasDate()) {
      ++file_.left_out[kWithoutDate];
      return true;
    }
    absl::StatusOr<ImportedRecord> record = reader.Read(file_.also_known_as);
    if (!record.ok()) {
      Skip(row.line, record.status().message());
      return true;
    }
    record->line = row.line;
    const std::string digest =
        columns.named ? DigestOfTalk(*record, options_.time_zone) : DigestOfRow(columns, row.fields);
    record->uid = "row:" + digest;
    record->recurrence_id = absl::StrCat(++ordinals_[digest]);
    file_.happened.push_back(*std::move(record));
    return true;
  }

  void Skip(int line, absl::string_view reason) { file_.Skip(line, std::string(reason)); }

  // Fails where there were too many rows.
  absl::StatusOr<ImportedFile> Finish() && {
    if (rows_ > kMaxRecords) {
      return base::OverLimit(absl::StrCat("the table has more than ", kMaxRecords, " rows"));
    }
    return std::move(file_);
  }

 private:
  const TableOptions& options_;
  ImportedFile file_;
  std::map<std::string, int> ordinals_;
  std::size_t rows_ = 0;
};

}  // namespace

absl::StatusOr<ImportedFile> ReadInteractionTable(const std::string& bytes, const TableOptions& options) {
  COUNCIL_RETURN_IF_ERROR(ValidateColumns(options.columns));
  const std::string text = text::TextOfFile(bytes);
  TableReader reader(options);
  std::optional<Columns> columns;
  if (options.columns.empty()) {
    csv::ForEachCsvRow(text, [&](const csv::CsvRow& row) {
      if (columns.has_value()) return reader.Take(*columns, row);
      if (!row.broken.empty()) {
        reader.Skip(row.line, row.broken);
        return true;
      }
      columns = ColumnsOf(row.fields);
      return columns->AreEnough();
    });
  } else {
    COUNCIL_RETURN_IF_ERROR(
        csv::ForEachMappedRow(text, options.columns, [&](const csv::MappedHeader& header, const csv::CsvRow& row) {
          if (!columns.has_value()) columns = ColumnsOf(header);
          return columns->AreEnough() && reader.Take(*columns, row);
        }));
  }
  if (options.columns.empty() && (!columns.has_value() || !columns->AreEnough())) {
    return base::InvalidField("chunk", "must be a table with a header that names the columns date and contact");
  }
  if (columns.has_value() && !columns->AreEnough()) {
    return base::InvalidField("options.columns", "must say which columns are date and contact");
  }
  return std::move(reader).Finish();
}

}  // namespace council::ledger
