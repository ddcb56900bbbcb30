#include "services/ledger/import/interaction_table.h"

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"
#include "libs/seal/hash.h"
#include "services/ledger/canonical.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

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
  RowReader(const std::map<std::string, std::size_t>& columns, const std::vector<std::string>& fields,
            const TableOptions& options)
      : columns_(columns), fields_(fields), options_(options) {}

  absl::StatusOr<ImportedRecord> Read() {
    ReadTime();
    for (const std::string& person : Parts(Field("contact"))) {
      record_.people.push_back({.address = absl::AsciiStrToLower(CleanText(person, 320)), .name = ""});
    }
    if (record_.people.empty()) Wrong("contact: must name somebody");
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
    const auto found = columns_.find(column);
    if (found == columns_.end() || found->second >= fields_.size()) return "";
    std::string text = fields_[found->second];
    absl::StripAsciiWhitespace(&text);
    return CleanText(text, 100'000);
  }

  void Wrong(std::string reason) {
    if (wrong_.empty()) wrong_ = std::move(reason);
  }

  void ReadTime() {
    std::string text = Field("occur_time");
    if (text.empty()) text = Field("date");
    const std::optional<absl::Time> time = ParseTime(text, options_.time_zone);
    if (!time.has_value()) {
      Wrong("date: must be a day as YYYY-MM-DD, with a time of day if wanted");
    } else if (*time > options_.now + kFutureAllowance) {
      Wrong("date: lies in the future");
    } else {
      *content_.mutable_occur_time() = base::ToProto(*time);
      if (!base::IsValid(content_.occur_time())) Wrong("date: must be of the years 1 to 9999");
    }
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

  const std::map<std::string, std::size_t>& columns_;
  const std::vector<std::string>& fields_;
  const TableOptions& options_;
  ImportedRecord record_;
  v1::Interaction& content_ = record_.content;
  std::string wrong_;
};

// What a row is known by: its named fields, so that columns can be reordered.
std::string DigestOfRow(const std::map<std::string, std::size_t>& columns, const std::vector<std::string>& fields) {
  CanonicalWriter writer("row");
  for (const auto& [name, index] : columns) {
    if (index < fields.size() && !fields[index].empty()) writer.Text(name).Text(fields[index]);
  }
  return absl::WebSafeBase64Escape(seal::Sha256({std::move(writer).Take()}));
}

}  // namespace

absl::StatusOr<ImportedFile> ReadInteractionTable(const std::string& bytes, const TableOptions& options) {
  ImportedFile file;
  std::map<std::string, std::size_t> columns;
  std::map<std::string, int> ordinals;
  bool header = true;
  std::size_t rows = 0;
  absl::string_view text = bytes;
  absl::ConsumePrefix(&text, kByteOrderMark);
  csv::ForEachCsvRow(text, [&](csv::CsvRow row) {
    if (++rows > kMaxRecords + 1) return false;
    const auto skip = [&](absl::string_view reason) {
      common::v1::SkippedRecord& skipped = file.skipped.emplace_back();
      skipped.set_line(row.line);
      skipped.set_reason(std::string(reason));
    };
    if (!row.broken.empty()) {
      skip(row.broken);
      return true;
    }
    if (header) {
      header = false;
      for (std::size_t i = 0; i < row.fields.size(); ++i)
        columns.emplace(absl::AsciiStrToLower(Word(row.fields[i])), i);
      return columns.contains("contact") && (columns.contains("date") || columns.contains("occur_time"));
    }
    absl::StatusOr<ImportedRecord> record = RowReader(columns, row.fields, options).Read();
    if (!record.ok()) {
      skip(record.status().message());
      return true;
    }
    record->line = row.line;
    const std::string digest = DigestOfRow(columns, row.fields);
    record->uid = "row:" + digest;
    record->recurrence_id = absl::StrCat(++ordinals[digest]);
    file.happened.push_back(*std::move(record));
    return true;
  });
  if (!columns.contains("contact") || !(columns.contains("date") || columns.contains("occur_time"))) {
    return base::InvalidField("chunk", "must be a table with a header that names the columns date and contact");
  }
  if (rows > kMaxRecords + 1) {
    return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                       absl::StrCat("the table has more than ", kMaxRecords, " rows"));
  }
  return file;
}

}  // namespace council::ledger
