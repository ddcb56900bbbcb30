// What somebody sees who has just installed the program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/sessions/session_fixture.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSelf[] = "Nora Winter";

struct Person {
  const char* name;
  const char* title;
  const char* organization;
  // Days ago of meetings.
  std::vector<int> met;
};

std::vector<Person> People() {
  return {{"Rosa Lindqvist", "Head of Pricing", "Norr AB", {6, 41, 75, 110, 140, 178, 215, 250, 300}},
          {"Tom Baker", "Engineer", "Baker and Sons", {2, 16, 30, 44, 58, 72, 86, 100, 114}},
          {"Amara Diallo", "Director", "Tidewater", {10, 70, 130, 190, 260}},
          {"Hana Satō", "Designer", "Studio Kita", {20, 95, 205}},
          {"Jonas Petersen", "Counsel", "Petersen Law", {}},
          {"Jonas Lund", "Teacher", "", {}},
          {"Priya Raghunathan", "Product lead", "Tidewater", {35, 65}},
          {"Lukas Weber", "", "", {}}};
}

std::string AddressBook() {
  std::string cards;
  const auto add = [&](const std::string& name, const std::string& title, const std::string& organization) {
    const std::vector<std::string> words = absl::StrSplit(name, ' ');
    absl::StrAppend(&cards, "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:", Address(name), "\r\nFN:", name, "\r\nN:", words[1],
                    ";", words[0], ";;;\r\nEMAIL:", Address(name), "\r\n");
    if (!title.empty()) absl::StrAppend(&cards, "TITLE:", title, "\r\n");
    if (!organization.empty()) absl::StrAppend(&cards, "ORG:", organization, "\r\n");
    absl::StrAppend(&cards, "END:VCARD\r\n");
  };
  add(kSelf, "Analyst", "Tidewater");
  for (const Person& person : People()) add(person.name, person.title, person.organization);
  return cards;
}

std::string Meetings(absl::CivilDay today) {
  Calendar calendar(Address(kSelf));
  for (const Person& person : People()) {
    for (const int ago : person.met)
      calendar.Add(today - ago, 15, absl::StrCat("Coffee, ", person.name), {person.name});
  }
  for (const int ago : {12, 33, 54, 80}) calendar.Add(today - ago, 11, "Reading group", {"Olu Adeyemi", "Tom Baker"});
  calendar.Add(today - 9, 9, "A pitch nobody wanted", {"Amara Diallo"}, /*declined=*/true);
  calendar.Add(today - 1, 12, "Lunch", {"Hana Satō"});
  calendar.Add(today + 1, 10, "Pricing review", {"Rosa Lindqvist", "Tom Baker"});
  return calendar.Text();
}

class FirstTenMinutesTest : public SessionTest {
 protected:
  FirstTenMinutesTest() {
    WriteFile(person_.directory() / "Downloads/contacts.vcf", AddressBook());
    WriteFile(person_.directory() / "Downloads/calendar.ics", Meetings(Today()));
  }

  // With no suite named: the program starts one, as it does at anybody's home.
  CommandLine person_;
};

TEST_F(FirstTenMinutesTest, FromNothingToAFirstCouncil) {
  Open(person_, "first-ten-minutes");
  EXPECT_THAT(Run("nothing-yet", "council"), AllOf(HasSubstr("started your suite"), HasSubstr("council start")));
  EXPECT_THAT(Run("nothing-yet-again", "council"), Not(HasSubstr("started your suite")));
  EXPECT_THAT(Run("balance-of-nothing", "council balance"), HasSubstr("council"));
  EXPECT_THAT(Run("misspelt", "council balnce"), HasSubstr("did you mean council balance?"));
  Run("help", "council --help");

  pane().Begin("council start");
  pane().Answer("Numbers, all", "all", true);
  pane().Answer("own name or e-mail", "nora", true);
  pane().Answer("Which card is you", "1", true);
  pane().Answer("Remove this card", "y", true);
  pane().Answer("Olu Adeyemi three times or more", "y", true);
  pane().Answer("Rosa Lindqvist[^]*A seat\\?", "y");
  pane().Press("What for\\?", "C-c");
  EXPECT_THAT(Finish("start-left-with-ctrl-c"), AllOf(HasSubstr("1 declined by me"), Not(ContainsRegex(" -[0-9]"))));

  pane().Begin("council start");
  pane().Press("another file", "Enter");
  pane().Answer("Rosa Lindqvist[^]*A seat\\?", "y");
  pane().Answer("What for\\?", "m");
  pane().Answer("Works in\\?", "p");
  pane().Answer("How senior\\?", "x");
  pane().Answer("Amara Diallo[^]*A seat\\?", "y");
  pane().Answer("What for\\?", "b");
  pane().Press("Works in\\?", "Enter");
  pane().Press("How senior\\?", "Enter");
  pane().Answer("Tom Baker[^]*A seat\\?", "n");
  pane().Press("A seat\\?", "Enter");
  pane().Answer("A seat\\?", "q");
  EXPECT_THAT(Finish("start-goes-on"), AllOf(HasSubstr("Known: nora.winter@example.com"), HasSubstr("4 of 4"),
                                             HasSubstr("9 contacts are here already")));

  EXPECT_THAT(Run("today", "council"), AllOf(HasSubstr("Pricing review"), HasSubstr("Rosa Lindqvist")));
  EXPECT_THAT(Run("balance", "council balance"), HasSubstr("council"));
  EXPECT_THAT(Run("show", "council show rosa"), HasSubstr("Rosa Lindqvist · Head of Pricing · Norr AB"));
  EXPECT_THAT(Run("unknown-name", "council show zoltan"), HasSubstr("zoltan"));
  pane().Begin("council show jonas");
  pane().Answer("Jonas Petersen", "9", true);
  pane().Answer("number", "2", true);
  EXPECT_THAT(Finish("which-jonas"), HasSubstr("Together: nothing is written down yet"));
  EXPECT_THAT(Run("wrong-flag-value", "council seat amara --every often"), HasSubstr("every"));
  EXPECT_THAT(Run("seats", "council seat"), HasSubstr("Amara Diallo"));
  EXPECT_THAT(Run("no-colours", "NO_COLOR=1 council balance"), HasSubstr("council"));
}

}  // namespace
}  // namespace council::test
