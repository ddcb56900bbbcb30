#include "clients/cli/import_report.h"

#include <algorithm>
#include <ostream>
#include <set>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/json_output.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr int kShownSkips = 20;
constexpr int kShownAttendees = 5;
constexpr int kShownMeetings = 2;

void Add(const contacts::v1::ImportContactsResponse& done, contacts::v1::ImportContactsResponse& sum) {
  sum.set_created(sum.created() + done.created());
  sum.set_updated(sum.updated() + done.updated());
  sum.set_unchanged(sum.unchanged() + done.unchanged());
  sum.mutable_skipped()->MergeFrom(done.skipped());
}

void Add(const ledger::v1::ImportInteractionsResponse& done, ledger::v1::ImportInteractionsResponse& sum) {
  sum.set_created(sum.created() + done.created());
  sum.set_corrected(sum.corrected() + done.corrected());
  sum.set_retracted(sum.retracted() + done.retracted());
  sum.set_unchanged(sum.unchanged() + done.unchanged());
  sum.set_plans(sum.plans() + done.plans());
  sum.mutable_skipped()->MergeFrom(done.skipped());
}

// What came of one part of several files; nothing where none of them was read.
template <typename Response>
std::optional<Response> SumOf(std::span<const FileImport> imports, std::optional<Response> FileImport::*part) {
  std::optional<Response> sum;
  for (const FileImport& import : imports) {
    const std::optional<Response>& done = import.*part;
    if (!done.has_value()) continue;
    if (!sum.has_value()) sum.emplace();
    Add(*done, *sum);
  }
  return sum;
}

}  // namespace

std::vector<common::v1::SkippedRecord> FileImport::Skipped() const {
  std::vector<common::v1::SkippedRecord> skipped;
  if (contacts) skipped.insert(skipped.end(), contacts->skipped().begin(), contacts->skipped().end());
  if (!interactions) return skipped;
  // What is wrong with a row both parts say.
  std::set<std::pair<int, std::string>> said;
  for (const common::v1::SkippedRecord& record : skipped) said.insert({record.line(), record.reason()});
  for (const common::v1::SkippedRecord& record : interactions->skipped()) {
    if (!said.contains({record.line(), record.reason()})) skipped.push_back(record);
  }
  return skipped;
}

std::string AttendeeName(const ledger::v1::UnknownAttendee& attendee) {
  return attendee.name().empty() ? attendee.email() : attendee.name();
}

void PrintImportTable(const std::vector<FileImport>& imports, const Session& session) {
  Table table({{"file", Table::kFlexible},
               {"format"},
               {"new", Table::kRight},
               {"updated", Table::kRight},
               {"taken back", Table::kRight},
               {"known already", Table::kRight},
               {"coming", Table::kRight},
               {"not read", Table::kRight}});
  const auto some = [](int n) { return n == 0 ? std::string() : std::to_string(n); };
  // One line for all files of a folder.
  for (size_t begin = 0, end = 0; begin < imports.size(); begin = end) {
    while (end < imports.size() && imports[end].Origin() == imports[begin].Origin()) ++end;
    const std::span<const FileImport> files(&imports[begin], end - begin);
    const auto read = std::find_if(files.begin(), files.end(), [](const FileImport& import) {
      return import.contacts.has_value() || import.interactions.has_value();
    });
    if (read == files.end()) continue;
    const std::string& folder = read->source.folder;
    const std::string file = folder.empty()
                                 ? read->source.name
                                 : absl::StrCat(folder, " (", Count(static_cast<int>(files.size()), "file"), ")");
    const std::string& format = read->format.name;
    const bool both = read->format.HasPeople() && read->format.HasMeetings();
    if (const auto people = SumOf(files, &FileImport::contacts); people.has_value()) {
      table.Add({file, absl::StrCat(format, both ? ", people" : ""), std::to_string(people->created()),
                 some(people->updated()), "", some(people->unchanged()), "", some(people->skipped_size())});
    }
    if (const auto talks = SumOf(files, &FileImport::interactions); talks.has_value()) {
      table.Add({file, absl::StrCat(format, both ? ", talks" : ""), std::to_string(talks->created()),
                 some(talks->corrected()), some(talks->retracted()), some(talks->unchanged()), some(talks->plans()),
                 some(talks->skipped_size())});
    }
  }
  if (!table.empty()) session.out() << table.Render(session.terminal());
}

void PrintImportDetails(const FileImport& import, const Session& session) {
  std::ostream& out = session.out();
  const std::string file = OneLine(import.source.name);
  if (!import.ok()) {
    out << file << (import.contacts ? ": its talks were not read: " : " was not read: ")
        << OneLine(std::string(import.source.status.message())) << '\n';
  }
  int shown = 0;
  const std::vector<common::v1::SkippedRecord> skipped = import.Skipped();
  for (const common::v1::SkippedRecord& skip : skipped) {
    if (++shown > kShownSkips) {
      out << file << ": and " << skipped.size() - kShownSkips << " more; --output=json shows all\n";
      break;
    }
    out << file;
    if (skip.line() > 0) out << ", line " << skip.line();
    out << ": " << OneLine(skip.reason()) << '\n';
  }
  if (!import.interactions) return;
  std::vector<std::string> left_out;
  for (const ledger::v1::LeftOut& left : import.interactions->left_out()) {
    left_out.push_back(absl::StrCat(left.records(), " ", left.reason()));
  }
  if (!left_out.empty()) out << file << ": left out " << OneLine(JoinWords(left_out)) << '\n';
  std::vector<std::string> often;
  for (const ledger::v1::UnknownAttendee& attendee : import.interactions->unknown_attendees()) {
    if (attendee.meetings() < kShownMeetings || often.size() == kShownAttendees) break;
    often.push_back(words::Say<"import.met">(words::As<"name">(AttendeeName(attendee)),
                                             words::As<"meetings">(attendee.meetings())));
  }
  if (often.empty()) return;
  out << OneLine(words::Say<"import.unknown">(words::As<"names">(often))) << '\n';
  out << session.terminal().Styled(Style::kDim, "  --add-met=2 makes contacts of them") << '\n';
}

nlohmann::ordered_json ToJsonObject(const FileImport& import) {
  nlohmann::ordered_json object = {{"file", import.source.path}, {"format", import.format.name}};
  if (!import.ok()) object["error"] = std::string(import.source.status.message());
  if (import.contacts) object["contacts"] = ToJson(*import.contacts);
  if (import.interactions) object["interactions"] = ToJson(*import.interactions);
  return object;
}

}  // namespace council::cli
