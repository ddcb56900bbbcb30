#include "services/contacts/import/markdown_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "libs/markdown/person_notes.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

// The first values.
void SetFirst(const std::vector<std::string>& values, bool (ContactBuilder::*set)(absl::string_view),
              absl::string_view what, ContactBuilder& builder) {
  for (const std::string& value : values) {
    if (!(builder.*set)(value)) {
      builder.LeaveOut(absl::StrCat("the front matter has a second ", what, ": left out"));
    }
  }
}

// Tags stand in a list, or in one value with commas between; some write them as in the text, "#mentor".
void AddTags(const std::vector<std::string>& values, ContactBuilder& builder) {
  for (const std::string& value : values) {
    for (const absl::string_view tag : absl::StrSplit(value, ',')) {
      builder.AddTag(absl::StripPrefix(absl::StripAsciiWhitespace(tag), "#"));
    }
  }
}

// The introduction as far as notes reach.
void AddIntroduction(const std::string& text, ContactBuilder& builder) {
  const size_t length = CountCharacters(text);
  if (length <= limits::kNotes) return builder.AddNote(text);
  builder.AddNote(FirstCharacters(text, limits::kNotes));
  builder.LeaveOut(absl::StrCat("the text before the first date has ", length, " characters: what is beyond ",
                                limits::kNotes, " is left out"));
}

}  // namespace

absl::Status ReadMarkdown(absl::string_view bytes, absl::string_view file_name,
                          absl::FunctionRef<bool(FileRecord)> take) {
  COUNCIL_ASSIGN_OR_RETURN(const markdown::PersonNotes notes, markdown::ReadPersonNotes(bytes, file_name));
  for (const int line : notes.front_matter.other_lines) {
    FileRecord record;
    record.line = line;
    record.left_out.emplace_back("the front matter holds something else than a value or a list of values: left out");
    if (!take(std::move(record))) return absl::OkStatus();
  }
  ContactBuilder builder(1);
  builder.SetName(notes.name);
  builder.SetUid(notes.uid);
  for (const std::string& email : notes.emails) builder.AddEmail(email);
  for (const std::string& phone : notes.Values({"phone", "phones"})) builder.AddPhone(phone);
  SetFirst(notes.Values({"company", "organization"}), &ContactBuilder::SetOrganization, "organization", builder);
  SetFirst(notes.Values({"title", "role"}), &ContactBuilder::SetTitle, "title", builder);
  SetFirst(notes.Values({"location"}), &ContactBuilder::SetLocation, "location", builder);
  for (const std::string& birthday : notes.Values({"birthday"})) builder.AddBirthday(birthday);
  AddTags(notes.Values({"tags"}), builder);
  AddIntroduction(notes.introduction, builder);
  take(builder.Finish(true));
  return absl::OkStatus();
}

}  // namespace council::contacts
