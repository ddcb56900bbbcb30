#include "libs/markdown/person_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "libs/base/status.h"

namespace council::markdown {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PersonNotes Read(const std::string& text, const std::string& file_name = "anna-berger.md") {
  auto notes = ReadPersonNotes(text, file_name);
  EXPECT_TRUE(notes.ok()) << notes.status();
  return notes.value_or(PersonNotes());
}

std::string Repeated(const std::string& text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(PersonNotesTest, FrontMatterHeadingIntroductionAndDatedParagraphsAreRead) {
  const PersonNotes notes = Read(
      "---\n"
      "uid: anna-1\n"
      "Email: anna@example.com\n"
      "emails: [a@home.example, \"b@home.example\"]\n"
      "phone: 0151 1234\n"
      "tags:\n"
      "  - mentor\n"
      "  - sailing\n"
      "aliases:\n"
      "---\n"
      "# Anna Berger\n"
      "\n"
      "Met at the [[Sailing club]].\n"
      "## Family\n"
      "Two sons.\n"
      "## 2026-03-14 – lunch\n"
      "She moves to Kiel.\n"
      "\n"
      "- and looks for a flat\n"
      "- 14.04.2026: a call\n"
      "  * **May 2, 2026** tea with [[Tom]]\n"
      "**3 May 2026 – walk** along the Schlei\n"
      "[[2026-05-04]]\n"
      "2026/05/05 mail\n");
  EXPECT_EQ(notes.name, "Anna Berger");
  EXPECT_EQ(notes.uid, "anna-1");
  EXPECT_THAT(notes.emails, ElementsAre("anna@example.com", "a@home.example", "b@home.example"));
  EXPECT_THAT(notes.Values({"phone"}), ElementsAre("0151 1234"));
  EXPECT_THAT(notes.Values({"tags"}), ElementsAre("mentor", "sailing"));
  EXPECT_THAT(notes.Values({"aliases"}), IsEmpty());
  EXPECT_EQ(notes.introduction, "Met at the [[Sailing club]].\n## Family\nTwo sons.");
  ASSERT_THAT(notes.dated, SizeIs(6));
  EXPECT_EQ(notes.dated[0].line, 16);
  EXPECT_EQ(notes.dated[0].day, absl::CivilDay(2026, 3, 14));
  EXPECT_EQ(notes.dated[0].text, "lunch\nShe moves to Kiel.\n\n- and looks for a flat");
  EXPECT_EQ(notes.dated[1].text, "a call");
  EXPECT_EQ(notes.dated[2].day, absl::CivilDay(2026, 5, 2));
  EXPECT_EQ(notes.dated[2].text, "tea with [[Tom]]");
  EXPECT_EQ(notes.dated[3].text, "walk along the Schlei");
  EXPECT_EQ(notes.dated[4].text, "");
  EXPECT_EQ(notes.dated[5].text, "mail");
}

TEST(PersonNotesTest, ANameComesFromFrontMatterThenHeadingThenFile) {
  EXPECT_EQ(Read("---\nname: Anna\n---\n# Somebody\n").name, "Anna");
  EXPECT_EQ(Read("## Two\n# Anna\n# Other\n").name, "Anna");
  EXPECT_EQ(Read("2026-01-01 talk\n# Later\n").name, "anna-berger");
  EXPECT_EQ(Read("", "Anna_B.MARKDOWN").name, "Anna_B");
  EXPECT_EQ(Read("", "").name, "");
  EXPECT_EQ(Read("---\nname: Anna\n---\n# Somebody\n").introduction, "# Somebody");
  EXPECT_EQ(Read("---\nname: Anna\n---\n# Anna\n").introduction, "");
}

TEST(PersonNotesTest, ADateThatCannotBeTakenEndsTheParagraphBefore) {
  const PersonNotes notes = Read("2026-01-02 one\n03/04/2026 two\n2026-02-30 three\n");
  ASSERT_THAT(notes.dated, SizeIs(3));
  EXPECT_EQ(notes.dated[0].text, "one");
  EXPECT_FALSE(notes.dated[1].day.has_value());
  EXPECT_EQ(notes.dated[1].line, 2);
  EXPECT_THAT(notes.dated[1].wrong, HasSubstr("either order"));
  EXPECT_THAT(notes.dated[2].wrong, HasSubstr("no such day"));
}

TEST(PersonNotesTest, OnlyLinesThatBeginWithADateAreDated) {
  EXPECT_THAT(Read("on 2026-01-02\n#2026-01-02\n-2026-01-02\n####### 2026-01-02\n| 2026-01-02 |\nv2026-01-02\n").dated,
              IsEmpty());
}

TEST(PersonNotesTest, LineEndsMarksAndEncodingsDoNotMatter) {
  const PersonNotes plain = Read("---\nname: René\n---\nfirst\nsecond\n2026-01-02 ça\nva\n");
  for (const std::string& other :
       {std::string("---\r\nname: René\r\n---\r\nfirst\r\nsecond\r\n2026-01-02 ça\r\nva\r\n"),
        std::string("\xEF\xBB\xBF---\nname: René\n---\nfirst\nsecond\n2026-01-02 ça\nva"),
        std::string("---\nname: Ren\xE9\n---\nfirst\nsecond\n2026-01-02 \xE7"
                    "a\nva\n")}) {
    const PersonNotes notes = Read(other);
    EXPECT_EQ(notes.name, plain.name);
    EXPECT_EQ(notes.introduction, plain.introduction);
    ASSERT_THAT(notes.dated, SizeIs(1));
    EXPECT_EQ(notes.dated[0].text, plain.dated[0].text);
    EXPECT_EQ(notes.dated[0].line, 6);
  }
}

TEST(PersonNotesTest, ATimeOfDayGoesWithItsTAndAWordKeepsIt) {
  EXPECT_EQ(Read("**2026-03-14**Tea").dated.front().text, "Tea");
  EXPECT_EQ(Read("2026-03-14T18:30 tea").dated.front().text, "18:30 tea");
}

TEST(PersonNotesTest, ALongNameIsCutWhereverItStands) {
  const std::string name = Repeated("ö", kMostNameCharacters);
  const std::string longer = Repeated("ö", 100'000);
  EXPECT_EQ(Read(absl::StrCat("---\nname: ", Repeated("ö", 20'000), "\n---\n")).name, name);
  EXPECT_EQ(Read("text", absl::StrCat(longer, ".md")).name, name);
  const PersonNotes notes = Read(absl::StrCat("# ", longer, "\ntext\n"));
  EXPECT_EQ(notes.name, name);
  EXPECT_EQ(notes.introduction, "text");
}

TEST(PersonNotesTest, ARuleAcrossThePageIsNoFrontMatter) {
  EXPECT_EQ(Read("---\nname: Anna\n").introduction, "---\nname: Anna");
  EXPECT_EQ(Read("---\n---\ntext\n").introduction, "text");
  EXPECT_EQ(Read("text\n---\nmore\n").introduction, "text\n---\nmore");
}

TEST(PersonNotesTest, NestedValuesAndAliasesInFrontMatterAreLeftOutByLine) {
  const PersonNotes notes = Read(
      "---\n"
      "name: &me Anna\n"
      "address:\n"
      "  city: Kiel\n"
      "tags: [a, [b], c]\n"
      "title: *me\n"
      "role: Skipper\n"
      "---\n");
  EXPECT_EQ(notes.name, "Anna");
  EXPECT_THAT(notes.Values({"tags"}), ElementsAre("a", "c"));
  EXPECT_THAT(notes.Values({"title", "role"}), ElementsAre("Skipper"));
  EXPECT_THAT(notes.Values({"address", "city"}), IsEmpty());
  EXPECT_THAT(notes.front_matter.other_lines, ElementsAre(4, 5, 6));
}

TEST(PersonNotesTest, FrontMatterThatIsNoneIsRefusedByLine) {
  const auto refused = [](const std::string& yaml) {
    const absl::Status status = ReadPersonNotes(absl::StrCat("---\n", yaml, "\n---\n"), "a.md").status();
    EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_INVALID_FIELD) << yaml.substr(0, 100);
    return std::string(status.message());
  };
  EXPECT_THAT(refused("name: Anna\nnote: a: b"), HasSubstr("line 3"));
  EXPECT_THAT(refused("just text"), HasSubstr("key: value"));
  EXPECT_THAT(refused("- a\n- b"), HasSubstr("key: value"));
  EXPECT_THAT(refused("a: " + Repeated("[", 1'000)), HasSubstr("too deep"));
  EXPECT_THAT(refused("a: " + Repeated("{b: ", 10'000)), HasSubstr("too deep"));
  EXPECT_THAT(refused(Repeated("a: b\n", 20'000)), HasSubstr("64 KiB"));
  // Each list holds the one before nine times: read out they would fill a memory.
  std::string bomb = "l0: &l0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    absl::StrAppend(&bomb, "l", i, ": &l", i, " [", Repeated(absl::StrCat("*l", i - 1, ", "), 9), "]\n");
  }
  EXPECT_THAT(Read(absl::StrCat("---\n", bomb, "---\n")).front_matter.other_lines, SizeIs(29));
}

TEST(PersonNotesTest, AFileOfOneLineOrOfDatesAloneIsReadOrRefusedAsAWhole) {
  const std::string line(64 << 20, 'x');
  EXPECT_EQ(Read(line).introduction.size(), line.size());
  EXPECT_EQ(Read("2026-01-02 " + line).dated.front().text.size(), line.size());
  const std::string dates = Repeated("2026-01-02\n", kMostDatedTexts);
  EXPECT_THAT(Read(dates).dated, SizeIs(kMostDatedTexts));
  EXPECT_EQ(ReadPersonNotes(dates + "2026-01-02", "a.md").status().code(), absl::StatusCode::kResourceExhausted);
}

RC_GTEST_PROP(PersonNotesTest, NotesRenderedInEachFormAreReadBackEqual, ()) {
  const auto words = rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "walk", "with [[Tom]]", "called", "ö", "-", "(2026-01-02)", "14 March", "#tag", "*"));
  const auto paragraph = rc::gen::map(rc::gen::container<std::vector<std::vector<std::string>>>(words),
                                      [](const std::vector<std::vector<std::string>>& lines) {
                                        std::string text = "so";
                                        for (const auto& line : lines) {
                                          absl::StrAppend(&text, " ", absl::StrJoin(line, " "), " so\nso");
                                        }
                                        return text;
                                      });
  const auto notes = *rc::gen::container<std::vector<std::pair<int, std::string>>>(
      rc::gen::pair(rc::gen::inRange(0, 40'000), paragraph));
  std::string file = "# Anna\n\nIntroduction\n";
  for (const auto& [number, text] : notes) {
    const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + number;
    static constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                              "July",    "August",   "September", "October", "November", "December"};
    const int month = day.month();
    const std::vector<std::string> dates = {absl::StrFormat("%04d-%02d-%02d", day.year(), month, day.day()),
                                            absl::StrFormat("%04d/%02d/%02d", day.year(), month, day.day()),
                                            absl::StrFormat("%02d.%02d.%04d", day.day(), month, day.year()),
                                            absl::StrFormat("%d %s %04d", day.day(), kMonths[month - 1], day.year()),
                                            absl::StrFormat("%s %d, %04d", kMonths[month - 1], day.day(), day.year())};
    const std::string date = *rc::gen::elementOf(dates);
    const auto form = *rc::gen::elementOf(std::vector<std::pair<std::string, std::string>>{
        {"", " "}, {"## ", " – "}, {"### ", "\n"}, {"- ", ": "}, {"**", "** "}, {"* __", "__: "}, {"[[", "]] "}});
    absl::StrAppend(&file, form.first, date, form.second, text, *rc::gen::element<std::string>("\n", "\n\n", "\r\n"));
  }
  const auto read = ReadPersonNotes(file, "x.md");
  RC_ASSERT(read.ok());
  RC_ASSERT(read->name == "Anna");
  RC_ASSERT(read->introduction == "Introduction");
  RC_ASSERT(read->dated.size() == notes.size());
  for (size_t i = 0; i < notes.size(); ++i) {
    RC_ASSERT(read->dated[i].day == absl::CivilDay(1970, 1, 1) + notes[i].first);
    RC_ASSERT(read->dated[i].text == notes[i].second);
  }
}

}  // namespace
}  // namespace council::markdown
