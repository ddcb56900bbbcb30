#include "libs/markdown/person_notes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "libs/csv/lines.h"
#include "libs/text/charset.h"
#include "libs/text/written_day.h"

namespace council::markdown {
namespace {

constexpr size_t kMostHeadingMarks = 6;

// What a date may be wrapped in, and how that ends.
struct Wrapping {
  absl::string_view begin;
  absl::string_view end;
};
constexpr Wrapping kWrappings[] = {{"**", "**"}, {"__", "__"}, {"[[", "]]"}};

// What may stand between a date and the text.
constexpr absl::string_view kSeparators[] = {":", ",", ".", "|", "-", "–", "—"};

std::string OneLine(absl::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\t') {
      line += ' ';
    } else if (!absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      line += c;
    }
  }
  absl::StripAsciiWhitespace(&line);
  return line;
}

// On one line, and as long as a name may be.
std::string NameIn(absl::string_view text) {
  const std::string line = OneLine(text);
  return std::string(absl::StripTrailingAsciiWhitespace(text::FirstCharacters(line, kMostNameCharacters)));
}

// Removes the marks of a heading; 0: the line is none. Else its level.
size_t ConsumeHeading(absl::string_view& line) {
  const size_t marks = std::min(line.find_first_not_of('#'), line.size());
  if (marks == 0 || marks > kMostHeadingMarks || marks == line.size() || !absl::ascii_isblank(line[marks])) return 0;
  line = absl::StripAsciiWhitespace(line.substr(marks));
  return marks;
}

void ConsumeListItem(absl::string_view& line) {
  for (const absl::string_view mark : {"- ", "* ", "+ "}) {
    if (absl::ConsumePrefix(&line, mark)) break;
  }
  line = absl::StripLeadingAsciiWhitespace(line);
}

// `rest` of a line behind its date, without what ends the wrapping and parts the date from the text.
std::string TextBehind(absl::string_view rest, const Wrapping* wrapping) {
  std::string text(rest);
  if (wrapping != nullptr) {
    const size_t end = text.find(std::string(wrapping->end));
    if (end != std::string::npos) text.erase(end, wrapping->end.size());
  }
  // "T" before a time of day.
  if (text.size() > 1 && text[0] == 'T' && absl::ascii_isdigit(static_cast<unsigned char>(text[1]))) text.erase(0, 1);
  absl::string_view stripped = absl::StripAsciiWhitespace(text);
  for (const absl::string_view separator : kSeparators) {
    if (absl::ConsumePrefix(&stripped, separator)) break;
  }
  return std::string(absl::StripLeadingAsciiWhitespace(stripped));
}

// What a line begins with its date; nothing where it has none.
std::optional<DatedText> DatedLine(absl::string_view line, int number) {
  line = absl::StripLeadingAsciiWhitespace(line);
  if (ConsumeHeading(line) == 0) ConsumeListItem(line);
  const auto* const wrapping = std::find_if(std::begin(kWrappings), std::end(kWrappings), [&line](const Wrapping& one) {
    return absl::ConsumePrefix(&line, one.begin);
  });
  std::optional<text::WrittenDay> written = text::ReadDay(line);
  if (!written.has_value()) return std::nullopt;
  DatedText dated;
  dated.line = number;
  dated.day = written->day;
  dated.wrong = std::move(written->wrong);
  dated.text = TextBehind(line.substr(written->length), wrapping == std::end(kWrappings) ? nullptr : wrapping);
  return dated;
}

// Where the front matter lies in a text, and what follows it.
struct Parts {
  std::optional<absl::string_view> front_matter;
  absl::string_view body;
  int body_line = 1;  // Number of the body's first line.
};

// A first line of "---" that none ends is a rule across the page.
Parts PartsOf(absl::string_view text) {
  Parts parts{.front_matter = std::nullopt, .body = text, .body_line = 1};
  size_t begin = 0;
  size_t at = 0;
  csv::ForEachLine(text, [&](absl::string_view line, absl::string_view with_end, int number) {
    const bool mark = absl::StripTrailingAsciiWhitespace(line) == "---";
    if (number == 1) {
      begin = with_end.size();
    } else if (mark) {
      parts.front_matter = text.substr(begin, at - begin);
      parts.body = text.substr(at + with_end.size());
      parts.body_line = number + 1;
    }
    at += with_end.size();
    return mark == (number == 1);
  });
  return parts;
}

absl::string_view WithoutEnding(absl::string_view file_name) {
  for (const absl::string_view ending : {".md", ".markdown"}) {
    if (absl::EndsWithIgnoreCase(file_name, ending)) return file_name.substr(0, file_name.size() - ending.size());
  }
  return file_name;
}

void AppendLine(absl::string_view line, std::string& text) {
  absl::StrAppend(&text, text.empty() ? "" : "\n", line);
}

// The lines behind the front matter. False where there are more dates than are taken.
bool ReadBody(absl::string_view body, int first_line, PersonNotes& notes) {
  bool within_limit = true;
  csv::ForEachLine(body, [&](absl::string_view line, absl::string_view, int number) {
    std::optional<DatedText> dated = DatedLine(line, first_line + number - 1);
    if (dated.has_value()) {
      within_limit = notes.dated.size() < kMostDatedTexts;
      if (within_limit) notes.dated.push_back(*std::move(dated));
    } else if (!notes.dated.empty()) {
      AppendLine(line, notes.dated.back().text);
    } else {
      absl::string_view heading = line;
      const bool first_level = ConsumeHeading(heading) == 1;
      if (first_level && notes.name.empty()) notes.name = NameIn(heading);
      if (!first_level || NameIn(heading) != notes.name) AppendLine(line, notes.introduction);
    }
    return within_limit;
  });
  absl::StripAsciiWhitespace(&notes.introduction);
  for (DatedText& dated : notes.dated) absl::StripAsciiWhitespace(&dated.text);
  return within_limit;
}

}  // namespace

std::string PersonNotes::LastingKey() const {
  const std::string& key = !uid.empty() ? uid : !name.empty() || emails.empty() ? name : emails.front();
  return absl::AsciiStrToLower(key);
}

std::vector<std::string> PersonNotes::Values(std::initializer_list<const char*> keys) const {
  std::vector<std::string> values;
  for (const char* key : keys) {
    const auto found = front_matter.values.find(key);
    if (found != front_matter.values.end()) values.insert(values.end(), found->second.begin(), found->second.end());
  }
  return values;
}

absl::StatusOr<PersonNotes> ReadPersonNotes(absl::string_view bytes, absl::string_view file_name) {
  const std::string text = text::TextOfFile(bytes);
  const Parts parts = PartsOf(text);
  PersonNotes notes;
  if (parts.front_matter.has_value()) {
    COUNCIL_ASSIGN_OR_RETURN(notes.front_matter, ReadFrontMatter(*parts.front_matter, 2));
  }
  const auto first_of = [&notes](const char* key) {
    const std::vector<std::string> values = notes.Values({key});
    return values.empty() ? "" : OneLine(values.front());
  };
  notes.name = NameIn(first_of("name"));
  notes.uid = first_of("uid");
  notes.emails = notes.Values({"email", "emails"});
  if (!ReadBody(parts.body, parts.body_line, notes)) {
    return base::OverLimit(absl::StrCat("the notes have more than ", kMostDatedTexts, " dates"));
  }
  if (notes.name.empty()) notes.name = NameIn(WithoutEnding(file_name));
  return notes;
}

}  // namespace council::markdown
