#include "services/ledger/import/markdown_notes.h"

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/markdown/person_notes.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr int kNoon = 12;
// Longer than any UID or address of a contact.
constexpr std::size_t kMaxKeyBytes = 1024;
constexpr char kToCome[] = "of a day to come";

// By what the person may be known, the surest first.
std::vector<std::string> KeysOf(const markdown::PersonNotes& notes) {
  std::vector<std::string> keys;
  if (!notes.uid.empty()) keys.push_back(notes.uid);
  keys.insert(keys.end(), notes.emails.begin(), notes.emails.end());
  if (!notes.name.empty()) keys.push_back(notes.name);
  std::erase_if(keys, [](const std::string& key) { return key.size() > kMaxKeyBytes; });
  for (std::string& key : keys) absl::AsciiStrToLower(&key);
  return keys;
}

std::string NoteOf(const markdown::DatedText& dated, ImportedFile& file) {
  const int length = CountCharacters(dated.text);
  if (length > kMaxNoteCharacters) {
    file.Skip(dated.line, absl::StrCat("the text has ", length, " characters: what is beyond ", kMaxNoteCharacters,
                                       " is left out"));
  }
  return CleanText(dated.text, kMaxNoteCharacters);
}

}  // namespace

absl::StatusOr<ImportedFile> ReadMarkdownNotes(const std::string& bytes, const MarkdownOptions& options) {
  COUNCIL_ASSIGN_OR_RETURN(const markdown::PersonNotes notes, markdown::ReadPersonNotes(bytes, options.file_name));
  ImportedFile file;
  const std::string lasting_key = notes.LastingKey();
  if (lasting_key.empty()) {
    return base::InvalidField("options.file_name", "is required where the notes do not say whom they are about");
  }
  const std::string address = absl::StrCat("markdown:", DigestOf(lasting_key));
  file.also_known_as[address] = KeysOf(notes);

  const absl::CivilDay today = absl::ToCivilDay(options.now, options.time_zone);
  bool all_taken = true;
  std::map<absl::CivilDay, int> ordinals;
  for (const markdown::DatedText& dated : notes.dated) {
    google::protobuf::Timestamp time;
    if (dated.day.has_value()) {
      const absl::CivilSecond noon(dated.day->year(), dated.day->month(), dated.day->day(), kNoon);
      time = base::ToProto(absl::FromCivil(noon, options.time_zone));
    }
    if (!dated.day.has_value() || !base::IsValid(time)) {
      all_taken = false;
      file.Skip(dated.line, dated.day.has_value() ? "the day must be of the years 1 to 9999" : dated.wrong);
      continue;
    }
    const int ordinal = ++ordinals[*dated.day];
    if (*dated.day > today) {
      ++file.left_out[kToCome];
      continue;
    }
    ImportedRecord& record = file.happened.emplace_back();
    record.uid = address;
    record.recurrence_id = absl::StrCat(absl::FormatCivilTime(*dated.day), "/", ordinal);
    record.line = dated.line;
    record.people.push_back({.address = address, .name = notes.name});
    *record.content.mutable_occur_time() = std::move(time);
    record.content.set_note(NoteOf(dated, file));
    record.content.set_source("markdown");
  }
  if (all_taken && !notes.dated.empty()) file.complete_uids.insert(address);
  return file;
}

}  // namespace council::ledger
