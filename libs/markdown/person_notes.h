#ifndef COUNCIL_LIBS_MARKDOWN_PERSON_NOTES_H_
#define COUNCIL_LIBS_MARKDOWN_PERSON_NOTES_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/markdown/front_matter.h"

namespace council::markdown {

// What was written for one day.
struct DatedText {
  // Of the day, in the file, from 1.
  int line = 0;
  // Unset where the date can't be taken; then `wrong` says why.
  std::optional<absl::CivilDay> day;
  std::string wrong;
  // What follows the date, up to the next one; may be empty.
  std::string text;
};

// Notes about one person, as people keep them in a file of Markdown. All text is UTF-8 with "\n" as line end.
struct PersonNotes {
  FrontMatter front_matter;
  // Who it is: the front matter's `name`, else the first heading of level 1 before the first date, else the file's name
  // without ".md" or ".markdown". On one line, cut to 200 characters; may be empty.
  std::string name;
  // The front matter's `uid` (may be empty), and its `email` and `emails`.
  std::string uid;
  std::vector<std::string> emails;
  // The text before the first date, without the heading that is the name.
  std::string introduction;
  // In the order of the file.
  std::vector<DatedText> dated;

  // By what the person is known for good, in lower case: the uid, else the name. Not an e-mail address but where there
  // is nothing else: it may be written down later. Empty where the notes say nothing of whom they are about.
  std::string LastingKey() const;

  // The front matter's values of several keys, those of the first key first.
  std::vector<std::string> Values(std::initializer_list<const char*> keys) const;
};

inline constexpr size_t kMostNameCharacters = 200;

// A file with more dates is not taken.
inline constexpr size_t kMostDatedTexts = 100'000;

// Reads the file `bytes` (whole, in any encoding of libs/text/charset.h). A line that begins with a date
// (libs/text/written_day.h) begins what was written for that day: as it is, as a heading ("## 2026-03-14 – lunch"), in
// a list ("- 2026-03-14: lunch"), in bold ("**2026-03-14** lunch") or as a link ("[[2026-03-14]] lunch"), where bold
// and link may reach further than the date. All else in the text stays as it is written. Fails with INVALID_ARGUMENT as
// ReadFrontMatter does, and with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where there are more than 100,000 dates.
absl::StatusOr<PersonNotes> ReadPersonNotes(absl::string_view bytes, absl::string_view file_name);

}  // namespace council::markdown

#endif  // COUNCIL_LIBS_MARKDOWN_PERSON_NOTES_H_
